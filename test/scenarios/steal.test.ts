import t from 'tap';
import { elsewhere, office, reasons } from '../support/office.js';
import { type Call, type Phone, phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { areAt, progress, refers, replacing, talking, talksTo } from './transfer-stage.js';

t.comment(`on ${ground}`);

const acme = await office(t, {
  office: `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions:
      "100": { name: Alice Adams }
      "101": { name: Bob Brown }
      "102": { name: Carol Clark }
      "103": { name: Dave Davis }
      "104": { private: true }
    callControl: { allow_all: true }
  strict:
    domains: [strict.example]
    extensions: { "100": {}, "101": {}, "102": {} }
`,
});
const at = (number: string, domain = 'acme.example'): Promise<Phone> => acme.phone(number, { domain });
const [alice, bob, carol, dave, eve] = (await Promise.all(
  ['100', '101', '102', '103', '104'].map((each) => at(each)),
)) as [Phone, Phone, Phone, Phone, Phone];

/** Presses the key of a lamp that is lit: the phone wants the place of that one. */
const steals = (who: Phone, end: Parameters<typeof replacing>[0], more = '', sdp?: string | null): Call =>
  who.calls('101', { headers: { Replaces: `${replacing(end)}${more}` }, ...(sdp !== undefined && { sdp }) });

/** What a press that comes to nothing is answered. */
const heard = async (call: Call): Promise<string> => (await call.fails()).startLine.replace('SIP/2.0 ', '');

const counted = (outcome: string) => acme.metric('callpickup_pickups_total', { kind: 'replaces', outcome });
const dialogsOf = async (number: string): Promise<Record<string, unknown>[]> =>
  (await acme.redis.hvals(`cp:{acme}:dialogs:${number}`)).map((json) => JSON.parse(json));

t.test('R12: Carol takes the place of Bob, who talks with Alice', async (t) => {
  const { call, leg } = await talking(alice, bob);
  const steal = steals(carol, leg);
  const answered = await steal.answered();
  t.match(answered.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
  t.same(reasons(await leg.isHungUp()), elsewhere, 'Bob is told that somebody else has the call');
  t.ok(areAt({ phone: alice, end: call }, { phone: carol, end: steal }), 'each sends to the other');
  t.equal(talksTo(call), '"Carol Clark" <sip:102@acme.example>', 'F9: Alice sees with whom she talks');
  await alice.talks({ tone: 440 });
  await carol.talks({ tone: 660 });
  await Promise.all([alice.hears(660), carol.hears(440)]);

  const [hash = ''] = await acme.redis.keys('cp:{acme}:call:*');
  t.match(await acme.redis.hgetall(hash), { caller: '100', target: '101', picker: '102', state: 'connected' });
  t.same(await dialogsOf('101'), []);
  const { callId: sipCallId, localTag, remoteTag } = leg;
  const [own] = await dialogsOf('102');
  t.match(own, { state: 'confirmed', sipCallId: steal.callId, remote: { number: '100' } });
  t.same(own?.replaces, { sipCallId, localTag, remoteTag }, 'D22');
  t.match(await dialogsOf('100'), [{ state: 'confirmed', sipCallId: call.callId, remote: { number: '102' } }]);
  const entries = await acme.redis.xrange('cp:{acme}:news', '-', '+');
  const told = entries.map(([, fields]) => JSON.parse(fields[1] ?? '{}') as Record<string, unknown>);
  t.match(told.at(-1), { event: 'picked-up', picker: '102', method: 'replaces', target: '101', caller: '100' });
  t.equal(await counted('answered'), 1);

  t.equal((await steal.holds()).status, 200);
  t.match(call.remoteSdp, /a=sendonly/, 'what Carol says reaches Alice');
  await Promise.all([call.hangsUp(), steal.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R12: or the place of the one who called; and it goes round', async (t) => {
  const { call, leg } = await talking(alice, bob);
  const steal = steals(carol, call);
  await Promise.all([steal.answered(), call.isHungUp()]);
  t.ok(areAt({ phone: bob, end: leg }, { phone: carol, end: steal }));
  const again = steals(dave, steal);
  await Promise.all([again.answered(), steal.isHungUp()]);
  const back = steals(alice, again);
  await Promise.all([back.answered(), again.isHungUp()]);
  t.ok(areAt({ phone: bob, end: leg }, { phone: alice, end: back }));
  t.equal(await acme.metric('callpickup_active_calls'), 1);
  await Promise.all([back.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R12: from who picked it up, and then it is transferred', async (t) => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  const pickup = carol.calls('*95101');
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  const steal = steals(dave, pickup);
  await Promise.all([steal.answered(), pickup.isHungUp()]);
  const told = progress(steal);
  t.equal((await refers(steal, '<sip:101@acme.example>')).status, 202);
  const rung = await bob.isCalled();
  t.match(rung.request.get('From'), /sip:100@acme/);
  await rung.answers();
  t.same((await told).at(-1), '200');
  await steal.isHungUp();
  t.ok(areAt({ phone: alice, end: call }, { phone: bob, end: rung }));
  await Promise.all([call.hangsUp(), rung.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R12: a phone without an offer takes the place: who remains makes it', async (t) => {
  const { call, leg } = await talking(alice, bob);
  const steal = steals(carol, leg, '', null);
  await Promise.all([steal.answered(), leg.isHungUp()]);
  t.ok(areAt({ phone: alice, end: call }, { phone: carol, end: steal }));
  await Promise.all([call.hangsUp(), steal.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R11, R15, R16: what is refused changes nothing', async (t) => {
  const { call, leg } = await talking(alice, bob);
  const stranger = await phone(t, { number: '+4512345678', server: acme.sip, domain: 'acme.example' });
  const neighbour = await at('102', 'strict.example');
  const mobile = await at('100');
  const none = '481 No Such Dialog To Replace';
  t.match(await heard(steals(carol, leg, ';early-only')), /^486 /, 'R11');
  t.equal(await heard(steals(neighbour, leg)), none, 'another company');
  t.equal(await heard(steals(stranger, leg)), none, 'somebody from outside');
  t.equal(await heard(steals(mobile, leg)), '403 Your Own Call', 'nobody talks to himself');
  call.onReinvite(() => ({ status: 488 }));
  t.match(await heard(steals(carol, leg)), /^488 /, 'R16: Alice does not want it');
  call.onReinvite(() => undefined);
  t.equal(leg.state, 'confirmed');
  t.ok(areAt({ phone: alice, end: call }, { phone: bob, end: leg }));
  t.equal((await leg.holds()).status, 200);
  t.match(call.remoteSdp, /a=sendonly/, 'Bob and Alice go on');

  const steal = steals(carol, leg);
  await Promise.all([steal.answered(), leg.isHungUp()]);
  await Promise.all([steal.hangsUp(), call.isHungUp()]);
  await Promise.all([neighbour.unregisters(), mobile.unregisters()]);

  const hidden = await talking(alice, eve);
  t.equal(await heard(steals(carol, hidden.leg)), '403 Private Call');
  await Promise.all([hidden.call.hangsUp(), hidden.leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R15: where nobody may, one still has one’s own call at another phone', async (t) => {
  const [caller, callee, other] = (await Promise.all(
    ['100', '101', '102'].map((each) => at(each, 'strict.example')),
  )) as [Phone, Phone, Phone];
  const { call, leg } = await talking(caller, callee);
  t.equal(await heard(steals(other, leg)), '403 Pickup Not Allowed');
  const mobile = await at('101', 'strict.example');
  const move = steals(mobile, leg);
  await Promise.all([move.answered(), leg.isHungUp()]);
  t.ok(areAt({ phone: caller, end: call }, { phone: mobile, end: move }));
  await Promise.all([move.hangsUp(), call.isHungUp()]);
  for (const each of [caller, callee, other, mobile]) await each.unregisters();
  t.same(await acme.everythingLeft(), []);
});

t.test('R28: of many at once one has it', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const { call, leg } = await talking(alice, bob);
    const all = [carol, dave, carol, dave].map((each) => steals(each, leg));
    const ends = await Promise.all(all.map((each) => each.ends()));
    const winners = all.filter((_each, place) => ends[place]?.status === 200);
    t.equal(winners.length, 1);
    for (const { status } of ends) t.ok([200, 486, 603, 481].includes(status), `${status}`);
    await Promise.all([leg.isHungUp(), winners[0]?.hangsUp(), call.isHungUp()]);
  }
  t.same(await acme.everythingLeft(), []);
});

t.test('R16: Carol gives up while Alice is asked: Alice and Bob go on', async (t) => {
  const { call, leg } = await talking(alice, bob);
  const steal = steals(carol, leg);
  call.onReinvite(() => ({ when: steal.cancels() }));
  t.equal((await steal.fails()).status, 487);
  call.onReinvite(() => undefined);
  while (!areAt({ phone: alice, end: call }, { phone: bob, end: leg }))
    await new Promise((done) => setTimeout(done, 5));
  let reply = await leg.holds();
  while (reply.status === 491) reply = await leg.holds();
  t.equal(reply.status, 200);
  t.match(call.remoteSdp, /a=sendonly/);
  t.equal(await counted('picker_gone'), 1);
  await Promise.all([leg.hangsUp(), call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R30: Alice hangs up while she is asked; or Bob does', async (t) => {
  const one = await talking(alice, bob);
  one.call.onReinvite(() => ({ status: 481 }));
  t.match(await heard(steals(carol, one.leg)), /^480 /);
  await Promise.all([one.leg.isHungUp(), one.call.isHungUp()]);

  const two = await talking(alice, bob);
  two.call.onReinvite(() => ({ when: two.leg.hangsUp() }));
  const steal = steals(carol, two.leg);
  await steal.answered();
  t.ok(areAt({ phone: alice, end: two.call }, { phone: carol, end: steal }), 'Carol has the call all the same');
  await Promise.all([steal.hangsUp(), two.call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});
