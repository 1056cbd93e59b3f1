import type { Test } from 'tap';
import type { Office } from '../support/office.js';
import { ringing } from '../support/office.js';
import { type WebrtcMedia, webrtcMedia } from '../support/webrtc.js';
import { hearing } from '../support/who-hears-whom.js';

const browser = (t: Test): WebrtcMedia => {
  const media = webrtcMedia();
  t.teardown(() => media.close());
  return media;
};

/** A browser calls, a plain phone takes the call; and a plain phone calls, and a browser takes it. */
export const webrtcPickups = async (t: Test, acme: Office): Promise<void> => {
  const [alice, bob] = [await acme.phone('100', { media: { laws: ['PCMU'] } }), await acme.phone('101')];
  const carol = await acme.phone('102', { media: { laws: ['PCMU'] } });

  for (const which of ['caller', 'picker'] as const) {
    const media = browser(t);
    const sdp = await media.offer();
    t.comment(`${which} with ICE and DTLS: an offer of ${sdp.length} bytes`);
    const call = alice.calls('101', which === 'caller' ? { sdp } : {});
    const leg = await bob.isCalled();
    leg.rings();
    await call.rings();
    const pickup = carol.calls('*95101', which === 'picker' ? { sdp } : {});
    const answered = which === 'caller' ? call.answered() : pickup.answered();
    await media.accepts((await answered).body);
    await Promise.all([call.answered(), pickup.answered(), leg.stopsRinging(), media.connects()]);
    const room = await hearing(which === 'caller' ? { A: media, C: carol } : { A: alice, C: media });
    await room.exactly({ A: ['C'], C: ['A'] });
    t.match((await answered).body, /UDP\/TLS\/RTP\/SAVPF/, 'audio both ways');
    await Promise.all([pickup.hangsUp(), call.isHungUp()]);
    await media.close();
    t.same(await acme.everythingLeft(), []);
  }
};

/** What the embedded media server says to a browser: it has neither ICE nor DTLS. */
export const webrtcRefused = async (t: Test, acme: Office): Promise<void> => {
  const [alice, bob, carol] = [await acme.phone('100'), await acme.phone('101'), await acme.phone('102')];
  const { call, leg } = await ringing(alice, bob);
  const refused = await carol.calls('*95101', { sdp: await browser(t).offer() }).fails();
  t.equal(refused.status, 488);
  t.ok(leg.isPending, 'the call rings on');
  await call.cancels();
  t.same(await acme.everythingLeft(), []);
};
