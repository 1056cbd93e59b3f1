import t from 'tap';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import { phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { areAt, progress, refers, talking, talksTo, towards } from './transfer-stage.js';

t.comment(`on ${ground}`);

const acme = await office(t);
const alice = await acme.phone('100');
const bob = await acme.phone('101');
const carol = await acme.phone('102');
const dave = await acme.phone('103');
const eve = await acme.phone('104');

t.test('13.4: Alice sends Bob to Carol, who answers', async (t) => {
  const { call, leg } = await talking(alice, bob);
  t.equal((await call.holds()).status, 200, 'as phones do before');
  const accepted = await refers(call, '<sip:102@acme.example>', { 'Referred-By': '<sip:100@acme.example>' });
  t.equal(accepted.status, 202);
  t.ok(accepted.get('contact'));
  const first = await call.receives('NOTIFY');
  t.equal(first.get('event'), 'refer');
  t.match(first.get('subscription-state'), /^active;expires=\d+$/);
  t.match(first.get('content-type'), /^message\/sipfrag/);
  t.ok(first.get('contact'), 'S7');
  t.equal(first.body, 'SIP/2.0 100 Trying\r\n');

  const rung = await carol.isCalled();
  t.match(rung.request.get('From'), /^"Bob Brown" <sip:101@acme.example>/, 'Carol sees who will talk to her');
  t.equal(rung.request.get('Referred-By'), '<sip:100@acme.example>', 'and who sent him');
  t.equal(rung.request.body, '', 'she makes the offer (RFC 3725)');
  rung.rings();
  t.equal((await call.receives('NOTIFY')).body, 'SIP/2.0 180 Ringing\r\n');
  await rung.answers();
  const last = await call.receives('NOTIFY');
  t.equal(last.body, 'SIP/2.0 200 OK\r\n');
  t.match(last.get('subscription-state'), /^terminated;reason=noresource$/);
  await call.isHungUp();
  t.ok(areAt({ phone: bob, end: leg }, { phone: carol, end: rung }), 'each sends to the other');
  t.equal(talksTo(leg), '"Carol Clark" <sip:102@acme.example>', 'F9: Bob sees with whom he talks');
  await bob.talks({ tone: 440 });
  await carol.talks({ tone: 660 });
  await Promise.all([bob.hears(660), carol.hears(440)]);

  t.equal((await rung.holds()).status, 200, 'and they can change what they say to each other');
  t.match(leg.remoteSdp, /a=sendonly/);
  await Promise.all([leg.hangsUp(), rung.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test(
  '13.4: the called one may transfer too, by compact headers, and hang up as soon as it is told yes',
  async (t) => {
    const { call, leg } = await talking(alice, bob);
    const accepted = await leg.sends('REFER', {
      headers: { r: '<sip:102@acme.example>', b: '<sip:101@acme.example>' },
    });
    t.equal(accepted.status, 202);
    await leg.hangsUp();
    const rung = await carol.isCalled();
    t.match(rung.request.get('From'), /sip:100@acme/);
    t.equal(rung.request.get('Referred-By') ?? rung.request.get('b'), '<sip:101@acme.example>');
    rung.rings();
    t.equal(call.state, 'confirmed', 'Alice waits');
    await rung.answers();
    await alice.talks({ tone: 440 });
    await carol.hears(440);
    await Promise.all([call.hangsUp(), rung.isHungUp()]);
    t.same(await acme.everythingLeft(), []);
  },
);

t.test('13.4: nobody there: Alice hears why and has Bob back', async (t) => {
  const { call, leg } = await talking(alice, bob);
  for (const [status, heard] of [
    [486, '486'],
    [480, '480'],
    [603, '603'],
  ] as const) {
    t.equal((await refers(call, '<sip:102@acme.example>')).status, 202);
    const told = progress(call);
    await (await carol.isCalled()).declines(status);
    t.same(await told, ['100', heard]);
    t.ok(areAt({ phone: alice, end: call }, { phone: bob, end: leg }));
    t.equal((await call.holds()).status, 200);
    t.match(leg.remoteSdp, /a=sendonly/, 'what she says reaches him');
    t.equal((await leg.resumes()).status, 200);
  }
  t.equal((await refers(call, '<sip:105@acme.example>')).status, 202);
  const last = await call.receives('NOTIFY');
  t.match(last.get('event'), /^refer;id=\d+$/, 'RFC 3515 section 2.4.6: not the first');
  t.same(await progress(call), ['480'], 'a phone that is not there');
  await Promise.all([leg.hangsUp(), call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('13.4: nobody there, and Alice gone: Bob is hung up on', async (t) => {
  const { call, leg } = await talking(alice, bob);
  await refers(call, '<sip:102@acme.example>');
  const rung = await carol.isCalled();
  rung.rings();
  await call.hangsUp();
  t.equal(leg.state, 'confirmed');
  await rung.declines(486);
  await leg.isHungUp();
  t.same(await acme.everythingLeft(), []);
});

t.test('13.4: Bob hangs up while Carol’s phone rings for him', async (t) => {
  const { call, leg } = await talking(alice, bob);
  await refers(call, '<sip:102@acme.example>');
  const rung = await carol.isCalled();
  rung.rings();
  const told = progress(call);
  const [cancel] = await Promise.all([rung.stopsRinging(), leg.hangsUp()]);
  t.same(reasons(cancel), [], 'a missed call');
  t.same(await told, ['100', '180', '487']);
  await call.isHungUp();
  t.same(await acme.everythingLeft(), []);
});

t.test('13.4: a call that was transferred is picked up like any other', async (t) => {
  const { call, leg } = await talking(alice, bob);
  await refers(call, '<sip:102@acme.example>');
  const rung = await carol.isCalled();
  rung.rings();
  const told = progress(call);
  while ((await acme.redis.zcard('cp:{acme}:ringing:102')) === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const pickup = dave.calls('*95102');
  const picked = await pickup.answered();
  t.match(picked.get('P-Asserted-Identity'), /"Bob Brown" <sip:101@acme.example>/);
  t.same(reasons(await rung.stopsRinging()), elsewhere);
  t.same(await told, ['100', '180', '200']);
  await call.isHungUp();
  t.ok(areAt({ phone: bob, end: leg }, { phone: dave, end: pickup }));
  await bob.talks({ tone: 440 });
  await dave.talks({ tone: 660 });
  await Promise.all([bob.hears(660), dave.hears(440)]);
  await Promise.all([pickup.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('13.4: what Bob does not want to hear is not forced on him', async (t) => {
  const { call, leg } = await talking(alice, bob);
  leg.onReinvite(() => ({ status: 488 }));
  await refers(call, '<sip:102@acme.example>');
  const rung = await carol.isCalled();
  const told = progress(call);
  await rung.answers();
  t.same((await told).at(-1), '488');
  await rung.isHungUp();
  t.equal((await leg.reinvites()).status, 200, 'Bob and Alice go on');
  await Promise.all([leg.hangsUp(), call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('RFC 4488: a phone that asks for no news gets none', async (t) => {
  const { call, leg } = await talking(alice, bob);
  const accepted = await refers(call, '<sip:102@acme.example>', { 'Refer-Sub': 'false', Require: 'norefersub' });
  t.equal(accepted.status, 202);
  t.equal(accepted.get('Refer-Sub'), 'false');
  const rung = await carol.isCalled();
  await rung.answers();
  await call.isHungUp();
  t.same(
    call.log.filter(({ text }) => text.startsWith('NOTIFY')),
    [],
  );
  await Promise.all([leg.hangsUp(), rung.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('13.3: Alice talks to Bob, asks Carol, and joins the two', async (t) => {
  for (const onWhich of ['first', 'second'] as const) {
    const first = await talking(alice, bob);
    await first.call.holds();
    const second = await talking(alice, carol);
    await second.call.holds();
    const [on, named] = onWhich === 'first' ? [first, second] : [second, first];
    const told = progress(on.call);
    t.equal((await refers(on.call, towards(named.call))).status, 202, onWhich);
    t.same(await told, ['100', '200']);
    await Promise.all([first.call.isHungUp(), second.call.isHungUp()]);
    t.ok(areAt({ phone: bob, end: first.leg }, { phone: carol, end: second.leg }));
    t.match([talksTo(first.leg), talksTo(second.leg)], [/^"Carol Clark" /, /^"Bob Brown" /], 'F9');
    await bob.talks({ tone: 440 });
    await carol.talks({ tone: 660 });
    await Promise.all([bob.hears(660), carol.hears(440)]);
    t.equal(await acme.metric('callpickup_active_calls'), 1, 'one call');
    const hashes = await acme.redis.keys('cp:{acme}:call:*');
    t.equal(hashes.length, 1);
    const kept = await acme.redis.hgetall(hashes[0] ?? '');
    const pair = onWhich === 'first' ? { caller: '101', target: '102' } : { caller: '102', target: '101' };
    t.match(kept, { ...pair, state: 'connected' });
    await Promise.all([second.leg.hangsUp(), first.leg.isHungUp()]);
    t.same(await acme.everythingLeft(), []);
  }
});

t.test('13.3: whoever called whom; and who asks may hang up at once', async (t) => {
  const first = await talking(bob, alice);
  const second = await talking(carol, alice);
  t.equal((await refers(first.leg, towards(second.leg))).status, 202);
  await Promise.all([first.leg.hangsUp(), second.leg.hangsUp()]);
  while (!areAt({ phone: bob, end: first.call }, { phone: carol, end: second.call }))
    await new Promise((resolve) => setTimeout(resolve, 5));
  await bob.talks({ tone: 440 });
  await carol.hears(440);
  await Promise.all([first.call.hangsUp(), second.call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('13.3: if either refuses, both calls stay as they were', async (t) => {
  const first = await talking(alice, bob);
  const second = await talking(alice, carol);
  for (const refusing of [first.leg, second.leg]) {
    refusing.onReinvite(() => ({ status: 488 }));
    const told = progress(first.call);
    t.equal((await refers(first.call, towards(second.call))).status, 202);
    t.same(await told, ['100', '488']);
    refusing.onReinvite(() => undefined);
    t.ok(areAt({ phone: alice, end: first.call }, { phone: bob, end: first.leg }));
    t.ok(areAt({ phone: alice, end: second.call }, { phone: carol, end: second.leg }));
    t.equal((await first.call.holds()).status, 200);
    t.match(first.leg.remoteSdp, /a=sendonly/);
    t.equal((await second.leg.holds()).status, 200);
    t.match(second.call.remoteSdp, /a=sendonly/);
    await Promise.all([first.call.resumes(), second.leg.resumes()]);
  }
  await Promise.all([first.call.hangsUp(), first.leg.isHungUp()]);
  t.equal(second.leg.state, 'confirmed');
  await Promise.all([second.call.hangsUp(), second.leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('13.3: Carol hangs up in the middle, or knows of no call: Alice has Bob', async (t) => {
  for (const how of ['BYE', '481'] as const) {
    const first = await talking(alice, bob);
    const second = await talking(alice, carol);
    if (how === 'BYE') first.leg.onReinvite(() => ({ when: second.leg.hangsUp() }));
    else second.leg.onReinvite(() => ({ status: 481 }));
    const told = progress(first.call);
    await refers(first.call, towards(second.call));
    t.same(await told, ['100', '481']);
    await second.call.isHungUp();
    t.ok(areAt({ phone: alice, end: first.call }, { phone: bob, end: first.leg }));
    first.leg.onReinvite(() => undefined);
    t.equal((await first.call.holds()).status, 200);
    await Promise.all([first.call.hangsUp(), first.leg.isHungUp()]);
    t.same(await acme.everythingLeft(), []);
  }
});

t.test('13.3: Grace hangs up in the middle: Alice has Carol', async (t) => {
  // Its 200 is never acknowledged: with its BYE the dialog is gone, for the stack too.
  const grace = await phone(t, { number: '106', server: acme.sip });
  await grace.registers();
  const first = await talking(alice, grace);
  const second = await talking(alice, carol);
  second.leg.onReinvite(() => ({ when: first.leg.hangsUp() }));
  const told = progress(first.call);
  await refers(first.call, towards(second.call));
  t.same(await told, ['100', '487']);
  await first.call.isHungUp();
  t.ok(areAt({ phone: alice, end: second.call }, { phone: carol, end: second.leg }), 'as before');
  second.leg.onReinvite(() => undefined);
  t.equal((await second.call.holds()).status, 200);
  t.match(second.leg.remoteSdp, /a=sendonly/);
  await Promise.all([second.call.hangsUp(), second.leg.isHungUp()]);
  await grace.unregisters();
  t.same(await acme.everythingLeft(), []);
});

t.test('13.1, 13.2: what is not followed is declined, and changes nothing', async (t) => {
  const { call, leg } = await talking(alice, bob);
  const others = await talking(carol, dave);
  const rung = await ringing(alice, eve);
  const rows: [why: string, to: string | undefined, status: number][] = [
    ['no Refer-To', undefined, 400],
    ['two', '<sip:102@acme.example>, <sip:103@acme.example>', 400],
    ['no URI', 'nobody', 400],
    ['nobody', '<sip:acme.example>', 400],
    ['a half escaped Replaces', '<sip:102@acme.example?Replaces=%3>', 400],
    ['a Replaces without tags', '<sip:102@acme.example?Replaces=x>', 400],
    ['two Replaces', `<sip:102@acme.example?Replaces=x&Replaces=y>`, 400],
    ['a telephone', '<tel:102>', 416],
    ['a page', '<https://acme.example/102>', 416],
    ['no call at all', '<sip:102@acme.example;method=BYE>', 603],
    ['a service code', '<sip:*95@acme.example>', 603],
    ['a service code for somebody', '<sip:%2A95102@acme.example>', 603],
    ['nobody’s number', '<sip:999@acme.example>', 603],
    ['another domain', '<sip:102@elsewhere.example>', 603],
    ['a dialog that there is not', '<sip:102@acme.example?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>', 603],
    ['a call of others', towards(others.call), 603],
    ['the other one’s dialog', towards(leg), 603],
    ['itself', towards(call), 603],
    ['a call that still rings', towards(rung.call), 603],
  ];
  for (const [why, to, status] of rows) {
    const reply = await call.sends('REFER', { headers: to === undefined ? {} : { 'Refer-To': to } });
    t.equal(reply.status, status, why);
  }
  t.equal((await refers(call, '<sip:102@acme.example>', { Require: 'something' })).status, 420);
  t.equal((await refers(call, '<sip:102@acme.example>', { Replaces: 'x;to-tag=1;from-tag=2' })).status, 400, 'R1');
  t.same(
    [call, leg].flatMap(({ log }) => log.filter(({ text }) => text.startsWith('NOTIFY'))),
    [],
  );
  t.equal((await call.holds()).status, 200, 'Alice and Bob go on');
  await Promise.all([rung.call.cancels(), rung.leg.stopsRinging()]);
  await Promise.all([call.hangsUp(), leg.isHungUp(), others.call.hangsUp(), others.leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});
