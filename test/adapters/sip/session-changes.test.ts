import t from 'tap';
import { watchCancel } from '../../../src/adapters/sip/cancel-watch.js';
import type { Door } from '../../../src/adapters/sip/door.js';
import { incomingLeg } from '../../../src/adapters/sip/incoming-leg.js';
import { connectSip, type SipSide } from '../../../src/adapters/sip/sip-side.js';
import type { CallId } from '../../../src/domain/names.js';
import type { Leg, Log, Party } from '../../../src/flows/ports.js';
import { secret, startEngine } from '../../embedded/sip/engine-process.js';
import { phone } from '../../support/phone.js';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => silent };

let hearInvite: Door = () => undefined;

/** The SIP side alone, on the embedded engine or the drachtio-server that the environment names. */
const stage = async (): Promise<{ side: SipSide; server: { host: string; port: number } }> => {
  const { DRACHTIO_HOST, DRACHTIO_PORT = '9022', DRACHTIO_SECRET = 'cymru' } = process.env;
  const engine = DRACHTIO_HOST ? undefined : await startEngine();
  const place = engine
    ? { host: '127.0.0.1', port: engine.adminPort, secret }
    : { host: DRACHTIO_HOST ?? '', port: Number(DRACHTIO_PORT), secret: DRACHTIO_SECRET };
  let connected: (addresses: string[]) => void = () => undefined;
  const up = new Promise<string[]>((resolve) => {
    connected = resolve;
  });
  const listener = { up: (addresses: string[]) => connected(addresses), down: () => undefined };
  const side = connectSip({ place, instance: 'test', secret: () => undefined, log: silent, listener });
  side.srf.invite((req, res) => void hearInvite(req, res));
  t.teardown(async () => {
    side.stop();
    await engine?.stop();
  });
  const udp = (await up).find((address) => address.startsWith('udp/')) ?? '';
  const [host = '', port] = udp.slice('udp/'.length).split(':');
  return { side, server: { host, port: Number(port) } };
};

const { side, server } = await stage();
const bob = await phone(t, { number: '101', server });
await bob.rtp.open();
const party: Party = { name: '', number: '100', domain: 'acme.example', private: false };

const sdp = (port: number, more = '') =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\na=sendrecv\r\n${more}`;

/** A callee leg: we have made its Call-ID. */
const calleeLeg = async () => {
  const outgoing = side.legs.dial({
    call: 'c' as CallId,
    uri: bob.uri,
    path: [],
    caller: party,
    callee: { number: '101', domain: 'acme.example' },
    offer: { kind: 'sdp', body: sdp(4000) },
    passed: {},
    onRinging: () => undefined,
  });
  const there = await bob.isCalled();
  await there.answers();
  const result = await outgoing.result;
  if (result.kind !== 'answered') throw new Error(result.kind);
  return { leg: result.leg, there };
};

/** A caller leg: the phone has made its Call-ID. */
const callerLeg = async () => {
  const answered = new Promise<Leg>((resolve) => {
    hearInvite = async (req, res) => {
      const offer = { kind: 'sdp', body: req.body ?? '' } as const;
      const leg = incomingLeg({ req, res, offer, open: side.open }, watchCancel(req));
      const answer = await leg.answer(sdp(4000), party);
      if (answer.ok) resolve(answer.leg);
    };
  });
  const there = bob.calls('100');
  await there.answered();
  return { leg: await answered, there };
};

type There = Awaited<ReturnType<typeof calleeLeg>>['there'] | Awaited<ReturnType<typeof callerLeg>>['there'];

/** What the phone was told of the session with each INVITE and 200. */
const origins = (there: There): string[] =>
  there.log.flatMap(({ direction, text }) => (direction === 'in' ? (/^o=.*$/m.exec(text)?.slice(0, 1) ?? []) : []));

const tells = (there: There, start: string): number =>
  there.log.filter(({ direction, text }) => direction === 'in' && text.startsWith(start)).length;

type Check = { same(found: unknown, wanted: unknown): boolean };

const ends = async (t: Check, leg: Leg, there: There) => {
  await Promise.all([leg.end({ kind: 'other-party' }), there.isHungUp()]);
  t.same(bob.unfinished(), []);
};

const both = [
  ['callee', calleeLeg],
  ['caller', callerLeg],
] as const;

for (const [who, make] of both) {
  t.test(`${who}: an offer of ours is answered, its version grows`, async (t) => {
    const { leg, there } = await make();
    const changed = await leg.change(sdp(5000));
    t.match(changed, { ok: true, sdp: /^m=audio \d+/m });
    t.match(there.remoteSdp, /m=audio 5000/);
    const [first, second] = origins(there);
    t.match(first, / 1 IN IP4/);
    t.equal(second, first?.replace(' 1 IN IP4', ' 2 IN IP4'), 'one session id, the next version');
    await ends(t, leg, there);
  });

  t.test(`${who}: asked for an offer, the phone makes one, and our answer is in the ACK`, async (t) => {
    const { leg, there } = await make();
    const changed = await leg.change();
    t.match(changed, { ok: true, sdp: /^m=audio \d+/m });
    const next = leg.change(sdp(7000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    t.notMatch(there.remoteSdp, /m=audio 7000/, 'the next change waits for our answer');
    if (changed.ok) changed.acknowledge(sdp(6000));
    t.match(await next, { ok: true });
    t.ok(
      there.log.some(({ text }) => /^ACK.*m=audio 6000/s.test(text)),
      'the answer came',
    );
    t.match(there.remoteSdp, /m=audio 7000/);
    await ends(t, leg, there);
  });

  t.test(`${who}: an offer that is not to be followed leaves the session as it was`, async (t) => {
    const { leg, there } = await make();
    there.onReinvite(() => ({ sdp: sdp(4444, 'm=video 4446 RTP/AVP 96 97\r\na=rtpmap:96 VP8/90000\r\n') }));
    const changed = await leg.change();
    t.match(changed, { ok: true, sdp: /m=video 4446/ });
    if (changed.ok) changed.acknowledge();
    await new Promise((resolve) => setTimeout(resolve, 50));
    t.match(there.remoteSdp, /m=audio 4000 RTP/, 'what it was told before');
    t.match(there.remoteSdp, /m=video 0 RTP\/AVP 96\r\n/, 'and no video');
    await ends(t, leg, there);
  });

  t.test(`${who}: a refusal leaves the session as it was, and the next change is made`, async (t) => {
    const { leg, there } = await make();
    let refuses = true;
    there.onReinvite(() => (refuses ? { status: 488 } : undefined));
    t.same(await leg.change(sdp(5000)), { ok: false, status: 488 });
    refuses = false;
    const asked = await leg.change();
    if (asked.ok) asked.acknowledge();
    await new Promise((resolve) => setTimeout(resolve, 50));
    t.match(there.remoteSdp, /m=audio 4000/, 'the refused offer is forgotten');
    t.match(await leg.change(sdp(6000)), { ok: true });
    await ends(t, leg, there);
  });

  t.test(`C10: ${who}: 491 is asked again after a while`, async (t) => {
    const { leg, there } = await make();
    let times = 0;
    there.onReinvite(() => {
      times += 1;
      return times < 2 ? { status: 491 } : undefined;
    });
    t.match(await leg.change(sdp(5000)), { ok: true });
    t.equal(times, 2);
    const asked = there.log.filter(({ direction, text }) => direction === 'in' && text.startsWith('INVITE'));
    const waited = ((asked.at(-1)?.at ?? 0) - (asked.at(-2)?.at ?? 0)) / 1000;
    t.comment(`waited ${Math.round(waited)} ms`);
    if (who === 'callee') t.ok(waited > 2_000, 'who made the Call-ID waits at least 2.1 s');
    const versions = new Set(origins(there).slice(-2));
    t.equal(versions.size, 1, 'and it is the same offer');
    await ends(t, leg, there);
  });

  t.test(`C11: ${who}: 481 ends the leg`, async (t) => {
    const { leg, there } = await make();
    there.onReinvite(() => ({ status: 481 }));
    t.same(await leg.change(sdp(5000)), { ok: false, status: 481 });
    await there.isHungUp();
    t.equal(tells(there, 'BYE'), 1);
  });
}

// Last: drachtio-server does not acknowledge what refuses a re-INVITE in a dialog that has ended meanwhile.
for (const [who, make] of both) {
  t.test(`${who}: a leg that is over cannot be changed`, async (t) => {
    const { leg, there } = await make();
    const isOver = there.receives('INVITE').then(() => there.hangsUp());
    there.onReinvite(() => ({ when: isOver, status: 481 }));
    const pending = [leg.change(sdp(5000)), leg.change(sdp(6000))];
    t.match(
      await Promise.all(pending),
      [
        { ok: false, status: 481 },
        { ok: false, status: 481 },
      ],
      'nor one that ends meanwhile',
    );
    t.same(await leg.change(sdp(7000)), { ok: false, status: 481 });
  });
}

t.test('nothing is held any more', async (t) => {
  t.match(side.holding(), { legs: 0, pending: 0 });
});
