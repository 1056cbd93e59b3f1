import t from 'tap';
import { startBaresip } from '../support/baresip.js';
import { elsewhere, office, reasons } from '../support/office.js';
import { ground } from '../support/service.js';

t.comment(`baresip, the phone from Debian, on ${ground}`);

const acme = await office(t);
const bob = await acme.phone('101');
const at = `${acme.sip.host}:${acme.sip.port}`;
const start = async (number: string, law: 'PCMU' | 'PCMA', tone: number) => {
  const made = await startBaresip({ number, server: acme.sip, law, tone });
  t.teardown(() => made.stop());
  return made;
};
await acme.says(({ msg }) => msg === 'media server connected', 15_000);
const [alice, carol] = await Promise.all([start('100', 'PCMU', 523), start('102', 'PCMA', 811)]);

t.test('baresip: a PCMU call picked up by a PCMA phone, with what both say in what both recorded', async (t) => {
  alice.dials(`sip:101@${at}`);
  const leg = await bob.isCalled();
  leg.rings();
  // Until the caller hears it, nobody else knows that it rings.
  await alice.tells('CALL_RINGING');
  carol.dials(`sip:*95101@${at}`);
  t.same(reasons(await leg.stopsRinging()), elsewhere, 'Bob logs no missed call');
  await Promise.all([alice.tells('CALL_ESTABLISHED'), carol.tells('CALL_ESTABLISHED')]);
  await Promise.all([alice.hears(811), carol.hears(523)]);
  t.ok((await alice.said(523)) > 0.5, 'Alice said what Carol has heard');
  t.ok((await carol.said(811)) > 0.5, 'and Carol what Alice has heard');
  t.equal(await acme.metric('callpickup_anchored_calls'), 1, 'they have no law in common');
  t.equal(await acme.metric('callpickup_pickups_total', { kind: 'directed', outcome: 'answered' }), 1);
  carol.hangsUp();
  await alice.tells('CALL_CLOSED');
  t.same(await acme.everythingLeft(), []);
});

t.test('baresip: it is called, answers and is hung up on', async (t) => {
  const call = bob.calls('102');
  await carol.tells('CALL_INCOMING');
  carol.answers();
  await call.answered();
  await bob.talks({ tone: 1277 });
  await Promise.all([bob.hears(811), carol.hears(1277)]);
  await call.hangsUp();
  await carol.tells('CALL_CLOSED');
  t.same(await acme.everythingLeft(), []);
});
