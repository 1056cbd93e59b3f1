import t from 'tap';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import { type Phone, phone } from '../support/phone.js';
import { startRedis } from '../support/redis.js';
import { ground, type RunningService, service } from '../support/service.js';
import { companies, heard, presses, replacesOf } from './replaces-stage.js';

t.comment(`on ${ground}`);

const acme = await office(t, { office: companies });
const alice = await acme.phone('100', { domain: 'acme.example' });
const bob = await acme.phone('101', { domain: 'acme.example' });
const carol = await acme.phone('102', { domain: 'acme.example' });
const dave = await acme.phone('103', { domain: 'acme.example' });

const counted = (outcome: string) => acme.metric('callpickup_pickups_total', { kind: 'replaces', outcome });

t.test(
  'R13, R20: Carol presses Bob’s blinking key and has the call, whatever number her phone dials with it',
  async (t) => {
    const targets = [
      '101',
      '100',
      '*95101',
      '*95',
      'nobody',
      'sip:101@192.0.2.7:5062',
      'sip:x@[2001:db8::1]',
      'sip:acme.example',
      'tel:101',
    ];
    for (const target of targets) {
      const { call, leg } = await ringing(alice, bob);
      const Replaces = await replacesOf(acme, leg);
      t.equal(
        Replaces,
        `${leg.request.callId};to-tag=${leg.request.fromTag};from-tag=${leg.localTag}`,
        'the phone’s own ids',
      );
      const pickup = presses(carol, `${Replaces};early-only`, target, { Require: 'replaces' });
      t.match((await pickup.answered()).get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/, target);
      t.match((await call.answered()).get('P-Asserted-Identity'), /"Carol Clark" <sip:102@acme.example>/);
      t.same(reasons(await leg.stopsRinging()), elsewhere, 'Bob logs no missed call');
      await Promise.all([call.hangsUp(), pickup.isHungUp()]);
      t.same(await acme.everythingLeft(), []);
    }
    t.equal(await counted('answered'), targets.length);
    const entries = await acme.redis.xrange('cp:{acme}:news', '-', '+');
    const told = entries.map(([, fields]) => JSON.parse(fields[1] ?? '{}') as Record<string, unknown>);
    const picked = told.filter(({ event }) => event === 'picked-up');
    t.equal(picked.length, targets.length);
    t.match(picked[0], { picker: '102', method: 'replaces', target: '101', caller: '100' });
  },
);

t.test('R13: They hear each other, and a key without an offer gets the caller’s', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const Replaces = await replacesOf(acme, leg);
  const pickup = carol.calls('101', { sdp: null, headers: { Replaces } });
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  await alice.talks({ tone: 440 });
  await carol.talks({ tone: 660 });
  await Promise.all([alice.hears(660), carol.hears(440)]);
  await Promise.all([pickup.hangsUp(), call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R22: one id of one phone stops all phones of Bob’s', async (t) => {
  const mobile = await acme.phone('101', { domain: 'acme.example' });
  const call = alice.calls('101');
  const legs = await Promise.all([bob.isCalled(), mobile.isCalled()]);
  for (const leg of legs) leg.rings();
  await call.rings();
  while ((await acme.redis.hlen('cp:{acme}:dialogs:101')) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const pickup = presses(carol, await replacesOf(acme, legs[1]));
  await Promise.all([pickup.answered(), call.answered()]);
  for (const leg of legs) t.same(reasons(await leg.stopsRinging()), elsewhere);
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);

  const again = alice.calls('101');
  const [desk, own] = await Promise.all([bob.isCalled(), mobile.isCalled()]);
  desk.rings();
  await again.rings();
  const taken = presses(mobile, await replacesOf(acme, desk));
  await Promise.all([taken.answered(), again.answered(), desk.stopsRinging(), own.stopsRinging()]);
  t.pass('Bob may have his own call at another phone (docs/decisions/0004)');
  await Promise.all([again.hangsUp(), taken.isHungUp()]);
  await mobile.unregisters();
  t.same(await acme.everythingLeft(), []);
});

t.test(
  'R15: who may not: another company, somebody from outside, one’s own call, a private one, one who opted out',
  async (t) => {
    const stranger = await phone(t, { number: '+4512345678', server: acme.sip, domain: 'acme.example' });
    const neighbour = await acme.phone('102', { domain: 'other.example' });
    const { call, leg } = await ringing(alice, bob);
    const Replaces = await replacesOf(acme, leg);
    const none = '481 No Such Dialog To Replace';
    t.equal(await heard(neighbour, Replaces), none, 'another company learns nothing');
    t.equal(await heard(stranger, Replaces), none, 'nor does who comes from outside');
    t.equal(await heard(alice, Replaces), '403 Your Own Call');
    t.ok(leg.isPending);

    const denied = await bob.calls('*80').fails();
    t.equal(denied.status, 603);
    t.equal(await heard(carol, Replaces), '403 Pickup Refused By The Callee', 'from now on');
    await bob.calls('*81').fails();
    const pickup = presses(carol, Replaces);
    await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
    await Promise.all([call.hangsUp(), pickup.isHungUp()]);

    const secret = alice.calls('101', { headers: { 'X-Callpickup-Private': 'yes' } });
    const hidden = await bob.isCalled();
    hidden.rings();
    await secret.rings();
    t.equal(await heard(carol, await replacesOf(acme, hidden)), '403 Private Call');
    t.ok(hidden.isPending);
    await Promise.all([secret.cancels(), hidden.stopsRinging()]);
    await neighbour.unregisters();
    t.same(await acme.everythingLeft(), []);
  },
);

t.test('R15: A company that allows nothing: knowing the dialog is no permission', async (t) => {
  const people = ['100', '101', '102'].map((number) => acme.phone(number, { domain: 'strict.example' }));
  const [caller, callee, picker] = (await Promise.all(people)) as [Phone, Phone, Phone];
  const { call, leg } = await ringing(caller, callee);
  const Replaces = await replacesOf(acme, leg, 'strict');
  t.equal(await heard(picker, Replaces), '403 Pickup Not Allowed');
  t.equal((await picker.calls('*95101').fails()).status, 403, 'as by code');
  t.equal(await heard(carol, Replaces), '481 No Such Dialog To Replace', 'and Carol of acme does not even know it');
  t.ok(leg.isPending);
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  for (const each of [caller, callee, picker]) await each.unregisters();
  t.same(await acme.everythingLeft(), []);
  t.ok((await counted('not_allowed')) >= 4, 'these pickups were counted, each by what it came to');
});

t.test('R13: only the call that the key named is taken, though another rings longer', async (t) => {
  const first = await ringing(alice, bob);
  const second = await ringing(dave, bob);
  const pickup = presses(carol, await replacesOf(acme, second.leg));
  t.match((await pickup.answered()).get('P-Asserted-Identity'), /103@acme/);
  await Promise.all([second.call.answered(), second.leg.stopsRinging()]);
  t.ok(first.leg.isPending, 'the older one rings on');
  await Promise.all([second.call.hangsUp(), pickup.isHungUp(), first.call.cancels(), first.leg.stopsRinging()]);
  t.same(await acme.everythingLeft(), []);
});

t.test(
  'R28: two press the same key in the same instant, one more dials the code: one has the call, 20 times',
  async (t) => {
    const eve = await acme.phone('103', { domain: 'acme.example' });
    for (let round = 0; round < 20; round += 1) {
      const { call, leg } = await ringing(alice, bob);
      const Replaces = await replacesOf(acme, leg);
      const pickups = [presses(carol, Replaces), presses(dave, Replaces), eve.calls('*95101')];
      const answers = (await Promise.all(pickups.map((pickup) => pickup.ends()))).map(({ status }) => status);
      if (answers.filter((status) => status === 200).length !== 1) t.fail(`round ${round}: ${answers.join(' and ')}`);
      if (!answers.every((status) => [200, 486, 480, 603].includes(status)))
        t.fail(`round ${round}: ${answers.join(' and ')}`);
      await Promise.all([call.answered(), leg.stopsRinging()]);
      await Promise.all([pickups[answers.indexOf(200)]?.hangsUp(), call.isHungUp()]);
    }
    t.same(await acme.everythingLeft(), []);
  },
);

t.test('R28: the key reaches another instance than the call: its owner takes it, and tells how', async (t) => {
  const shared = await startRedis('shared');
  t.teardown(() => shared.stop());
  const env = { REDIS_URL: `redis://127.0.0.1:${shared.port}`, DRACHTIO_HOST: '' };
  const start = (INSTANCE_ID: string) => service(t, { office: companies, env: { ...env, INSTANCE_ID } });
  const [one, other] = await Promise.all([start('one'), start('other')]);
  while ((await one.redis.keys('cp:instance:*')).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));

  const at = (where: RunningService, number: string) => phone(t, { number, server: where.sip, domain: 'acme.example' });
  const [caller, callee, picker] = [await at(one, '100'), await at(one, '101'), await at(other, '102')];
  for (const each of [caller, callee, picker]) await each.registers();
  const { call, leg } = await ringing(caller, callee);
  const pickup = presses(picker, await replacesOf(one, leg));
  t.match((await pickup.answered()).get('P-Asserted-Identity'), /"Alice Adams"/);
  t.match((await call.answered()).get('P-Asserted-Identity'), /"Carol Clark"/);
  t.same(reasons(await leg.stopsRinging()), elsewhere);
  // The store follows the phones.
  while ((await one.redis.xlen('cp:{acme}:news')) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const entries = await one.redis.xrange('cp:{acme}:news', '-', '+');
  t.match(
    entries.map(([, fields]) => JSON.parse(fields[1] ?? '{}') as object),
    [{ event: 'ringing' }, { event: 'picked-up', picker: '102', method: 'replaces' }],
  );
  await Promise.all([pickup.hangsUp(), call.isHungUp()]);
  t.equal(await other.metric('callpickup_pickups_total', { kind: 'replaces', outcome: 'answered' }), 1, 'counted once');
  t.equal(await one.metric('callpickup_pickups_total', { kind: 'replaces', outcome: 'answered' }), 0);
  t.same([...(await one.leftovers()), ...(await other.leftovers())], []);
  t.same(
    [caller, callee, picker].flatMap((each) => each.unfinished()),
    [],
  );
});

t.test('Every press is one line in the log and one count', async (t) => {
  const lines = acme.log.filter(({ msg, kind }) => msg === 'pickup' && kind === 'replaces');
  t.equal(await acme.metric('callpickup_pickups_total', { kind: 'replaces' }), lines.length);
  for (const line of lines) t.match(line, { picker: String, sipCallId: String, outcome: String, ms: Number });
  t.ok(lines.length > 40);
});
