import t from 'tap';
import { reasons } from '../support/office.js';
import { phone } from '../support/phone.js';
import { twoInstances } from '../support/two-instances.js';
import { areAt, progress, refers, replacing, talking, towards } from './transfer-stage.js';

// Two instances need two SIP servers; one real drachtio-server would share its calls between them.
t.comment('two instances over one Redis, each on an embedded SIP engine of its own');

const office = `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions: { "100": { name: Alice Adams }, "101": { name: Bob Brown }, "102": { name: Carol Clark }, "103": {} }
    callControl: { allow_all: true }
`;
const [one, other] = await twoInstances(t, { office });

const alice = await phone(t, { number: '100', server: one.sip });
const bob = await phone(t, { number: '101', server: one.sip });
const carol = await phone(t, { number: '102', server: other.sip });
const dave = await phone(t, { number: '103', server: one.sip });
for (const each of [alice, bob, carol, dave]) await each.registers();

const left = async (): Promise<string[]> => [
  ...(await one.leftovers()),
  ...(await other.leftovers()),
  ...[alice, bob, carol, dave].flatMap((each) => each.unfinished()),
];

t.test('R12: a connected call of another instance is stolen through both', async (t) => {
  const { call, leg } = await talking(alice, bob);
  const steal = carol.calls('101', { headers: { Replaces: replacing(leg) } });
  await Promise.all([steal.answered(), leg.isHungUp()]);
  t.ok(areAt({ phone: alice, end: call }, { phone: carol, end: steal }), 'they talk directly');
  t.equal((await call.holds()).status, 200);
  t.match(steal.remoteSdp, /a=sendonly/);
  await Promise.all([call.hangsUp(), steal.isHungUp()]);
  t.same(await left(), []);
});

t.test('13.4: a picker at another instance is sent on; but where its call is not held, nobody is sent', async (t) => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  const pickup = carol.calls('*95101');
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  t.equal((await refers(pickup, '<sip:103@acme.example>')).status, 603, 'the owner is elsewhere');

  const told = progress(call);
  t.equal((await refers(call, '<sip:103@acme.example>')).status, 202);
  const rung = await dave.isCalled();
  t.match(rung.request.get('From'), /^"Carol Clark" <sip:102@acme.example>/);
  await rung.answers();
  t.equal((await told).at(-1), '200');
  await call.isHungUp();
  t.ok(areAt({ phone: carol, end: pickup }, { phone: dave, end: rung }), 'through both instances');
  t.same(reasons(await Promise.all([rung.hangsUp(), pickup.isHungUp()]).then(([, bye]) => bye)), []);
  t.same(await left(), []);
});

t.test('13.3: two calls at two instances are not joined', async (t) => {
  const first = await talking(alice, bob);
  const mobile = await phone(t, { number: '100', server: other.sip });
  const second = await talking(mobile, carol);
  t.equal((await refers(first.call, towards(second.call))).status, 603);
  t.equal((await first.call.holds()).status, 200);
  t.equal((await second.call.holds()).status, 200);
  await Promise.all([first.call.hangsUp(), first.leg.isHungUp(), second.leg.hangsUp(), second.call.isHungUp()]);
  t.same(await left(), []);
});
