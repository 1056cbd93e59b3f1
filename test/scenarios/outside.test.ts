import t from 'tap';
import { office, ringing } from '../support/office.js';
import { phone } from '../support/phone.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

/** The trunk's own end is a phone that never registers. */
const trunk = await phone(t, { number: 'trunk', host: '127.0.0.88' });
const text = `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    trunk: sip:127.0.0.88:${trunk.address.port}
    extensions: { "100": { name: Alice Adams }, "101": { name: Bob Brown }, "102": { name: Carol Clark } }
    pickupGroups: { sales: ["101", "102"] }
`;
const acme = await office(t, { office: text });
const alice = await acme.phone('100');
const bob = await acme.phone('101');
const carol = await acme.phone('102');
const stranger = await phone(t, { number: '+4512345678', server: acme.sip });

t.test('A number that no extension has goes to the trunk', async (t) => {
  const call = alice.calls('+4587654321');
  const leg = await trunk.isCalled();
  t.match(leg.request.uri, /^sip:\+4587654321@127\.0\.0\.88/);
  leg.rings();
  await call.rings();
  t.equal((await carol.calls('*95+4587654321').fails()).status, 404, 'it rings outside: nobody here can pick it up');
  await leg.answers();
  await call.answered();
  await Promise.all([leg.hangsUp(), call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('A caller from outside is shown as it calls itself, and can be picked up', async (t) => {
  const { call, leg } = await ringing(stranger, bob);
  t.match(leg.request.get('From'), /sip:\+4512345678@/);
  const pickup = carol.calls('*95');
  t.match((await pickup.answered()).get('P-Asserted-Identity'), /\+4512345678/);
  await call.answered();
  await leg.stopsRinging();
  await Promise.all([pickup.hangsUp(), call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('A caller from outside does not go out again through the trunk', async (t) => {
  t.equal((await stranger.calls('+4587654321').fails()).status, 404);
});

t.test('A caller from outside dials no service codes', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  t.equal((await stranger.calls('*95101').fails()).status, 403);
  t.ok(leg.isPending, 'Bob rings on');
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  t.same(await acme.everythingLeft(), []);
});
