import t from 'tap';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import type { Call, Phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { areAt, talking, talksTo } from './transfer-stage.js';

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
      "105": { name: Frank Ford }
    groups:
      "5f1a00000000000000000001":
        { name: desk, members: ["100", "101", "104"], controllers: ["102"], steal: true }
`,
});
const [alice, bob, carol, dave, eve, frank] = (await Promise.all(
  ['100', '101', '102', '103', '104', '105'].map((each) => acme.phone(each, { domain: 'acme.example' })),
)) as [Phone, Phone, Phone, Phone, Phone, Phone];

const no = async (who: Phone, dialled: string): Promise<string> =>
  (await who.calls(dialled).fails()).startLine.replace('SIP/2.0 ', '');
const counted = (outcome: string) => acme.metric('callpickup_supervisions_total', { act: 'steal', outcome });
const bothEnd = (one: Call, ...others: { isHungUp(): Promise<unknown> }[]) =>
  Promise.all([one.hangsUp(), ...others.map((each) => each.isHungUp())]);

/** The service has noted so many calls as connected: a moment after both phones have. */
const connected = (calls: number) => acme.reaches('callpickup_active_calls', (active) => active >= calls);
const together = async (caller: Phone, callee: Phone) => {
  const both = await talking(caller, callee);
  await connected(1);
  return both;
};

t.test('*96101: Carol takes Bob’s place, and his phone knows that somebody has the call', async (t) => {
  const { call, leg } = await together(alice, bob);
  const steal = carol.calls('*96101');
  const answered = await steal.answered();
  t.match(answered.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
  t.same(reasons(await leg.isHungUp()), elsewhere);
  t.ok(areAt({ phone: alice, end: call }, { phone: carol, end: steal }), 'each sends to the other');
  t.equal(talksTo(call), '"Carol Clark" <sip:102@acme.example>');
  await alice.talks({ tone: 440 });
  await carol.talks({ tone: 660 });
  await Promise.all([alice.hears(660), carol.hears(440)]);
  t.equal(await acme.metric('callpickup_pickups_total', { kind: 'steal', outcome: 'answered' }), 1);
  const line = await acme.says(({ msg, kind }) => msg === 'pickup' && kind === 'steal');
  t.match(line, { picker: '102', target: '101', tenant: 'acme', outcome: 'answered' });
  await bothEnd(steal, call);
  t.same(await acme.everythingLeft(), []);
});

t.test('the place of the one who called is taken by the number of the one who called', async (t) => {
  const { call, leg } = await together(alice, frank);
  const steal = carol.calls('*96100');
  await Promise.all([steal.answered(), call.isHungUp()]);
  t.ok(areAt({ phone: frank, end: leg }, { phone: carol, end: steal }));
  await bothEnd(steal, leg);
  t.same(await acme.everythingLeft(), []);
});

t.test('of two calls of one extension it is the one connected last', async (t) => {
  const first = await ringing(alice, bob);
  const second = await ringing(frank, bob);
  await second.leg.answers();
  await second.call.answered();
  await connected(1);
  await first.leg.answers();
  await first.call.answered();
  await connected(2);
  const steal = carol.calls('*96101');
  await Promise.all([steal.answered(), first.leg.isHungUp()]);
  t.ok(areAt({ phone: alice, end: first.call }, { phone: carol, end: steal }));
  t.equal(second.leg.state, 'confirmed');
  await Promise.all([bothEnd(steal, first.call), bothEnd(second.call, second.leg)]);
  t.same(await acme.everythingLeft(), []);
});

t.test('one’s own call at another phone needs no grant', async (t) => {
  const { call, leg } = await together(alice, dave);
  const mobile = await acme.phone('103', { domain: 'acme.example' });
  const move = mobile.calls('*96103');
  await Promise.all([move.answered(), leg.isHungUp()]);
  t.ok(areAt({ phone: alice, end: call }, { phone: mobile, end: move }));
  await bothEnd(move, call);
  await mobile.unregisters();
  t.same(await acme.everythingLeft(), []);
});

t.test('who may not, what is not there, and what is private: the call goes on', async (t) => {
  const { call, leg } = await together(alice, bob);
  const refused = await counted('not_allowed');
  t.equal(await no(carol, '*96'), '484 Address Incomplete');
  t.equal(await no(carol, '*96777'), '404 No Such Extension');
  t.match(await no(carol, '*9610*1'), /^404 /);
  t.equal(await no(dave, '*96101'), '403 Pickup Not Allowed');
  t.equal(await no(dave, '*96104'), '403 Private Call', 'whether there is a call or not');
  t.equal(await no(carol, '*96105'), '403 Pickup Not Allowed', 'no right over him');
  t.equal(await counted('not_allowed'), refused + 3);
  const one = await ringing(alice, eve);
  t.equal(await no(carol, '*96104'), '403 Private Call');
  await one.call.cancels();
  await one.leg.stopsRinging();
  t.equal(leg.state, 'confirmed');
  t.equal((await leg.holds()).status, 200);
  t.match(call.remoteSdp, /a=sendonly/, 'Alice and Bob go on');
  await bothEnd(call, leg);
  t.match(await no(carol, '*96101'), /^480 (No Call|Caller Has Hung Up)/, 'the service may be about to learn it');
  const { call: ringingCall, leg: rung } = await ringing(alice, bob);
  t.match(await no(carol, '*96101'), /^480 No Call/, 'what rings is picked up, not stolen');
  await Promise.all([ringingCall.cancels(), rung.stopsRinging()]);
  t.same(await acme.everythingLeft(), []);
});
