import t from 'tap';
import { phone } from '../support/phone.js';
import { ground, service } from '../support/service.js';

t.comment(`on ${ground}`);

t.test('Carol picks up the call that rings at Bob', async (t) => {
  const { sip: server, ...office } = await service(t);
  const alice = await phone(t, { number: '100', server });
  const bob = await phone(t, { number: '101', server });
  const carol = await phone(t, { number: '102', server });
  for (const each of [alice, bob, carol]) await each.registers();

  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();

  const pickup = carol.calls('*95101');
  const picked = await pickup.answered();
  const answered = await call.answered();
  const cancel = await leg.stopsRinging();

  t.same(
    cancel.text.split('\r\n').filter((line) => /^reason/i.test(line)),
    ['Reason: SIP;cause=200;text="Call completed elsewhere"', 'Reason: Q.850;cause=26'],
    'Bob logs no missed call',
  );
  t.match(picked.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/, 'Carol sees who called');
  t.match(answered.get('P-Asserted-Identity'), /"Carol Clark" <sip:102@acme.example>/, 'Alice sees who has her');

  await alice.talks({ tone: 440 });
  await carol.talks({ tone: 660 });
  await Promise.all([alice.hears(660), carol.hears(440)]);
  t.pass('they hear each other');

  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  t.same(await office.leftovers(), [], 'nothing is left in the service');
  t.same(
    [alice, bob, carol].flatMap((each) => each.unfinished()),
    [],
    'nothing is left at the phones',
  );
  t.equal(await office.metric('callpickup_pickups_total', { kind: 'directed', outcome: 'answered' }), 1);
});
