import t from 'tap';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import type { ShownDialog } from '../support/phone.js';
import { type RestClient, restClient } from '../support/rest.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const company = (name: string, more: string) => `
  ${name}:
    domains: [${name}.example]
    extensions:
      '100': { name: Alice Adams }
      '101': { name: Bob Brown }
      '102': { name: Carol Clark }
      '103': { name: Dave Davis }
      '104': { name: Eve Evans }
${more}`;

const acme = await office(t, {
  office: `sipAuth: none
tenants:${company(
    'acme',
    `    default: true
    pickupGroups:
      sales: { members: ['101', '102'], associated: [night, support] }
      support: ['103']
      night: ['104']
    groups:
      a00000000000000000000001: { name: Sales, number: '800', members: ['102', '103', '104'], controllers: ['100'], sms: true }
`,
  )}${company(
    'newest',
    `    selection: newest
    pickupGroups: { all: ['101', '102', '103'] }
`,
  )}${company(
    'ranked',
    `    selection: priority
    pickupGroups: { first: ['101', '102'], second: ['103', '102'] }
`,
  )}`,
});

type Phone = Awaited<ReturnType<typeof acme.phone>>;

/** One phone for each extension of a company, in the order of their numbers. */
const phonesOf = async (name: string) => {
  const plugIn = (number: string) => acme.phone(number, { domain: `${name}.example` });
  return [
    await plugIn('100'),
    await plugIn('101'),
    await plugIn('102'),
    await plugIn('103'),
    await plugIn('104'),
  ] as const;
};

const [alice, bob, carol, dave, eve] = await phonesOf('acme');
const others = { newest: await phonesOf('newest'), ranked: await phonesOf('ranked') };

const callerIn = (message: { get(name: string): string | undefined }) =>
  /sip:(\d+)@/.exec(message.get('P-Asserted-Identity') ?? '')?.[1];

/** Picks up, and says whose call it was: the caller whom the picker was shown. */
const takes = async (picker: Phone) => {
  const pickup = picker.calls('*95');
  return { pickup, caller: callerIn(await pickup.answered()) };
};

t.test('Where nothing rings in the own group the associated ones are asked, in their order', async (t) => {
  const atDave = await ringing(alice, dave);
  const atEve = await ringing(alice, eve);
  const atBob = await ringing(dave, bob);
  const own = await takes(carol);
  t.equal(own.caller, '103', 'the own group first, though it rings there last');
  t.same(reasons(await atBob.leg.stopsRinging()), elsewhere);
  const second = await takes(carol);
  t.same(reasons(await atEve.leg.stopsRinging()), elsewhere, 'then night, as the administrator says');
  const third = await takes(carol);
  t.same(reasons(await atDave.leg.stopsRinging()), elsewhere, 'then support');
  t.equal((await eve.calls('*95').fails()).status, 403, 'an association has one direction');
  for (const { pickup } of [own, second, third]) await pickup.hangsUp();
  for (const { call } of [atBob, atEve, atDave]) await call.isHungUp();
  t.same(await acme.everythingLeft(), []);
});

/** Looks at what a pickup would give, has a program order it and declines it; whom each time the phone was shown. */
const offered = async (picker: Phone, owner: RestClient) => {
  const look = picker.calls('*94');
  const seen = callerIn(await look.rings());
  await look.cancels();
  const { json } = await owner.ask('GET /v1/pickup/candidates?extension=102');
  const candidates = json.candidates.map((each: { call: { caller: { number: string } } }) => each.call.caller.number);
  const { status } = await owner.ask('POST /v1/pickup', { sendTo: '102' });
  if (status !== 202) throw new Error(`no order: ${status}`);
  const ordered = await picker.isCalled();
  const shown = callerIn(ordered.request);
  await ordered.declines();
  return { seen, candidates, shown };
};

t.test('The newest call, or the first group, where the company wants it so', async (t) => {
  for (const [name, [alice, bob, carol, dave, eve]] of Object.entries(others)) {
    const owner = await restClient(acme, { tenant: name });
    const older = await ringing(alice, dave);
    const younger = await ringing(eve, bob);
    t.same(await offered(carol, owner), { seen: '104', candidates: ['104', '100'], shown: '104' }, name);
    const picked = await takes(carol);
    t.equal(picked.caller, '104', name);
    const next = await takes(carol);
    t.equal(next.caller, '100', `${name}: then the other`);
    await Promise.all([picked.pickup.hangsUp(), younger.call.isHungUp()]);
    await Promise.all([next.pickup.hangsUp(), older.call.isHungUp()]);
  }
  t.same(await acme.everythingLeft(), []);
});

/** Where a push is sent that wakes Bob's phone. */
const push = 'pn-provider=fcm;pn-param=office;pn-prid=00fc13adff78512';

/** Another address of Bob's phone: what is sent to one that sleeps is not even answered 100. */
const elsewhereIsBob = async () => {
  const made = await acme.phone('101', { domain: 'acme.example', trying: false });
  await made.unregisters();
  return made;
};

/** Bob's phone is there under this address. */
const registers = async (phone: Phone) => {
  const ok = await phone.registers({ contacts: [`<${phone.uri};${push}>`] });
  t.equal(ok.status, 200);
  return ok;
};

t.test('W2, W5: A phone that a push must wake: seen and picked up while it sleeps', async (t) => {
  await bob.unregisters();
  const asleep = await elsewhereIsBob();
  await registers(asleep);
  const lamp = carol.watches('101');
  await lamp.accepted();
  const owner = await restClient(acme);
  for (const way of ['*95101', '*95', 'target', 'key'] as const) {
    const call = alice.calls('101');
    const leg = await asleep.isCalled();
    t.match(leg.request.startLine, /pn-prid=00fc13adff78512/, 'who is to wake it is told how');
    const isShown = ({ callId, state }: ShownDialog) => callId === leg.callId && state === 'early';
    const shown = (await lamp.sees(({ dialogs }) => dialogs.some(isShown))).dialogs.find(isShown);
    t.match(shown, { direction: 'recipient', remoteTag: leg.request.fromTag });
    t.match((await owner.ask('GET /v1/calls')).json, { calls: [{ state: 'ringing', target: { extension: '101' } }] });
    const Replaces = `${shown?.callId};to-tag=${shown?.remoteTag};from-tag=0`;
    const dialled = way === 'target' ? (shown?.remote.target ?? '') : way;
    const pickup = way === 'key' ? carol.calls('101', { headers: { Replaces } }) : carol.calls(dialled);
    await pickup.answered();
    await call.answered();
    leg.rings();
    t.same(reasons(await leg.stopsRinging()), elsewhere, `${way}: it wakes too late, and logs no missed call`);
    await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  }
  await lamp.unsubscribes();
  t.same(lamp.faults, []);
  const told = JSON.stringify([acme.log, carol.log.map(({ text }) => text)]);
  t.notMatch(told, /00fc13adff78512/, 'nobody else is told by what it is woken');
  t.same(await acme.everythingLeft(), []);
});

t.test('W3, W4: A phone that wakes up at another address rings there, once', async (t) => {
  const [asleep, street, train] = [await elsewhereIsBob(), await elsewhereIsBob(), await elsewhereIsBob()];
  await registers(asleep);
  const call = alice.calls('101');
  const lost = await asleep.isCalled();
  t.equal((await registers(street)).get('Contact')?.match(/pn-prid/g)?.length, 1, 'one phone, one binding');
  const leg = await street.isCalled();
  leg.rings();
  await call.rings();
  await registers(train);
  await leg.answers();
  await call.answered();
  lost.rings();
  t.same(reasons(await lost.stopsRinging()), elsewhere, 'what was sent to the old address comes too late');
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(
    train.log.filter(({ text }) => /^INVITE/.test(text)),
    [],
    'a phone that rings is not called again',
  );

  const declines = alice.calls('101');
  await (await train.isCalled()).declines(480);
  await registers(street);
  await (await street.isCalled()).declines(486);
  t.equal((await declines.fails()).status, 486, 'out of reach is no answer as long as it may wake up');
  await street.registers({ contacts: [`<${street.uri};${push}>;expires=0`] });
  await bob.registers();
  t.same(await acme.everythingLeft(), []);
});

t.test('M1, M4: Texts go from extension to extension, and not to another company', async (t) => {
  const sends = (to: string, headers: Record<string, string> = {}, body = 'lunch?\r\nat noon') =>
    alice.sends('MESSAGE', to, { headers: { 'Content-Type': 'text/plain', ...headers }, body });
  t.equal((await sends('101')).status, 200);
  const text = await bob.receives();
  t.equal(text.body, 'lunch?\r\nat noon', 'as it was written');
  t.equal(text.get('Contact'), undefined, 'it begins no dialog');
  t.match(text.get('From'), /"Alice Adams" <sip:100@acme\.example>/);
  t.match(text.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme\.example>/);
  t.equal((await sends('101', { 'P-Asserted-Identity': '<sip:boss@acme.example>' })).status, 200);
  t.match((await bob.receives()).get('P-Asserted-Identity'), /sip:100@acme/, 'nobody asserts another');
  t.equal((await sends('105')).status, 404);
  t.equal((await sends('101', { 'Content-Type': 'text/html' })).status, 415);
  await bob.unregisters();
  t.equal((await sends('101')).status, 480, 'nobody is there');
  const heard = others.newest[1].log.filter(({ text: each }) => /^MESSAGE/.test(each));
  t.same(heard, [], "the other company's 101 heard nothing");
  t.same(await acme.everythingLeft(), []);
});

t.test(
  'M5, M6: A text to a group’s number: its controller’s, to everybody’s phones, and what became of it',
  async (t) => {
    const sends = (phone: Phone, body: string) =>
      phone.sends('MESSAGE', '800', { headers: { 'Content-Type': 'text/plain;charset=UTF-8' }, body });
    const second = await acme.phone('103', { domain: 'acme.example' });
    await eve.unregisters();
    t.match(await sends(carol, 'me too'), { status: 403, reason: 'Text Not Allowed' }, 'a member is no controller');
    t.equal((await sends(alice, 'Wir schließen um fünf')).status, 202);
    for (const phone of [carol, dave, second]) {
      const text = await phone.receives();
      t.equal(text.body, 'Wir schließen um fünf');
      t.match(text.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme\.example>/);
    }
    const report = await alice.receives();
    t.match(report.get('From'), /"Sales" <sip:800@acme\.example>/);
    t.equal(report.body, '3 of 3 phones have your text. No phone: 104.');
    await second.unregisters();
    await eve.registers();

    const many = await Promise.all(Array.from({ length: 40 }, () => sends(eve, 'again')));
    const slowed = many.filter(({ status }) => status === 480);
    t.ok(slowed.length >= 10 && slowed.length < 40, `${slowed.length} of 40 came too fast`);
    t.match(slowed[0]?.get('Retry-After'), /^[1-9]\d*$/);
    t.equal((await sends(alice, 'still there')).status, 202, 'others are not slowed down');
    await Promise.all([carol, dave, eve, alice].map((phone) => phone.receives()));
    t.same(await acme.everythingLeft(), []);
  },
);
