import t from 'tap';
import { office } from '../support/office.js';
import type { ShownDocument, Watcher } from '../support/phone.js';
import { program } from '../support/program.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const companyOf = (tenant: string, host: string): string[] => [
  `  ${tenant}:`,
  `    domains: [${tenant}.example]`,
  `    extensions: { '100': { name: Alice ${tenant} }, '101': { name: Bob ${tenant} }, '102': { name: Carol ${tenant} } }`,
  `    trunk: sip:${host}`,
];

/** Two companies that are alike. */
const twins = [
  'sipAuth: none',
  'tenants:',
  ...companyOf('acme', '127.0.7.2'),
  ...companyOf('globex', '127.0.9.2'),
  '',
].join('\n');

const house = await office(t, { office: twins });
const sides = ['acme', 'globex'] as const;
const phonesOf = async (tenant: (typeof sides)[number]) => {
  const own = { domain: `${tenant}.example`, host: tenant === 'acme' ? '127.0.7.1' : '127.0.9.1' };
  const [alice, bob, carol] = [
    await house.phone('100', own),
    await house.phone('101', own),
    await house.phone('102', own),
  ];
  return { alice, bob, carol, owner: await program(house, { role: 'OWNER', tenant }) };
};
const [acme, globex] = [await phonesOf('acme'), await phonesOf('globex')];

const isDark = ({ dialogs }: ShownDocument): boolean => dialogs.every(({ state }) => state === 'terminated');
const isEarly = ({ dialogs }: ShownDocument): boolean => dialogs.some(({ state }) => state === 'early');

const rings = async ({ alice, bob }: typeof acme) => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  return call;
};

const lamps = async (number: string): Promise<[Watcher, Watcher]> => {
  const both: [Watcher, Watcher] = [acme.carol.watches(number), globex.carol.watches(number)];
  for (const watcher of both) {
    await watcher.accepted();
    await watcher.sees(isDark);
  }
  return both;
};

/** So that Carol may do nothing to anybody. */
const nothing = { pickup_all: false, groups: { bosses: ['100', '101'] } };
const everything = { pickup_all: true, groups: { bosses: ['100', '101'] } };

t.test('watchers of two alike companies see nothing of each other', async (t) => {
  const [ours, theirs] = await lamps('101');
  const call = await rings(acme);
  const { dialogs } = await ours.sees(isEarly);
  t.match(dialogs, [{ remote: { display: 'Alice acme', identity: 'sip:100@acme.example' } }]);
  await call.cancels();
  await ours.sees(isDark);
  const other = await rings(globex);
  const shown = await theirs.sees(isEarly);
  t.match(shown.dialogs, [{ remote: { display: 'Alice globex', identity: 'sip:100@globex.example' } }]);
  await other.cancels();
  await theirs.sees(isDark);
  t.notMatch(ours.documents.map(({ notify }) => notify.text).join(), /globex/);
  t.notMatch(theirs.documents.map(({ notify }) => notify.text).join(), /acme/);
  for (const watcher of [ours, theirs]) {
    await watcher.unsubscribes();
    await watcher.isOver();
    t.same(watcher.faults, []);
  }
  t.same(await house.everythingLeft(), []);
});

t.test('D6: a right that is taken away ends the subscription, and no other company’s', async (t) => {
  const [ours, theirs] = await lamps('101');
  const own = acme.carol.watches('102');
  await own.accepted();
  const call = await rings(acme);
  await ours.sees(isEarly);
  const taken = await acme.owner.asks('PUT /client/acme/call_control_group/', nothing);
  t.equal(taken.status, 200, taken.text);
  const last = await ours.isOver();
  t.match(last.get('Subscription-State'), /^terminated;\s*reason=rejected/);
  t.notMatch(last.text, /Alice/, 'it is shown nothing more');
  t.equal((await acme.carol.watches('101').refused()).status, 403, 'nor may it subscribe again');
  await call.cancels();

  const other = await rings(globex);
  await theirs.sees(isEarly);
  t.equal((await globex.carol.calls('*95101').answered()).status, 200, 'the others watch and pick up as ever');
  await other.answered();
  await theirs.sees(isDark);
  await other.hangsUp();

  const given = await acme.owner.asks('PUT /client/acme/call_control_group/', everything);
  t.equal(given.status, 200, given.text);
  const again = acme.carol.watches('101');
  t.equal((await again.isAnswered()).status, 200, 'who is given the right again subscribes again');
  t.equal(own.subscription.state, 'active', 'its own lamp never went out');
  for (const watcher of [again, theirs, own]) {
    await watcher.unsubscribes();
    await watcher.isOver();
    t.same(watcher.faults, []);
  }
  t.same(ours.faults, []);
  t.same(await house.everythingLeft(), []);
});

t.test('D27: who does not want to be picked shows that it rings and no more; its own phone sees all', async (t) => {
  const [lamp, theirs] = await lamps('101');
  const own = acme.bob.watches('101');
  await own.accepted();
  const first = await rings(acme);
  await lamp.sees(isEarly);
  t.equal((await acme.bob.calls('*80').ends()).status, 603, 'Bob says so by his code');
  const bare = await lamp.sees(({ dialogs }) => dialogs.some(({ state, callId }) => state === 'early' && !callId));
  t.notMatch(bare.notify.body, /Alice|sip:100@|call-id|local-tag|remote-tag/, 'no ids and no caller');
  t.match((await own.sees(isEarly)).notify.body, /Alice acme/);
  await first.cancels();
  await Promise.all([lamp.sees(isDark), own.sees(isDark)]);
  t.equal((await acme.bob.calls('*81').ends()).status, 603);
  for (const watcher of [lamp, own, theirs]) {
    await watcher.unsubscribes();
    await watcher.isOver();
    t.same(watcher.faults, []);
  }
  t.same(await house.everythingLeft(), []);
});
