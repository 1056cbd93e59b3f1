import t, { type Test } from 'tap';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import type { Call, Leg, Phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import type { ShownDialog, Watcher } from '../support/watcher.js';
import { blinks, isDark, type Key, keys, type Press, remoteTarget, replacesOf, swappedOf } from './dialects-keys.js';

t.comment(`on ${ground}`);

/** One company that is strict, with the codes that phones bring along, and one that overlooks what some phones do. */
const acme = await office(t, {
  office: `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    codes: { pickup: ['*95', '**', '*8', '*97', '*98', '*8#'] }
    watchers: [{ userAgent: CallerShown, remoteTarget: caller }]
    extensions: { '100': { name: Alice Adams }, '101': { name: Bob Brown }, '102': { name: Carol Clark }, '103': {} }
    pickupGroups: { sales: ['100', '101', '102'] }
  lenient:
    domains: [lenient.example]
    replaces: [call-id-only, swapped-tags]
    extensions: { '100': { name: Alice Adams }, '101': { name: Bob Brown }, '102': { name: Carol Clark } }
`,
});

/** Alice calls Bob, Carol has a key. */
interface People {
  readonly alice: Phone;
  readonly bob: Phone;
  readonly carol: Phone;
}
const people = async (domain: string): Promise<People> => {
  const [alice, bob, carol] = await Promise.all(['100', '101', '102'].map((number) => acme.phone(number, { domain })));
  if (!alice || !bob || !carol) throw new Error('somebody is missing');
  return { alice, bob, carol };
};
const strict = await people('acme.example');
const lenient = await people('lenient.example');

/** Carol has a phone of a make, with a key that watches Bob. */
const watches = async ({ carol }: People, userAgent: string): Promise<Watcher> => {
  const watcher = carol.watches('101', { userAgent, mayVanish: userAgent.includes('SPA') });
  await watcher.accepted();
  await watcher.sees(isDark);
  return watcher;
};

const presses = ({ carol }: People, phone: string, { target, Replaces }: Press) =>
  carol.calls(target, { headers: { 'User-Agent': phone, ...(Replaces !== undefined && { Replaces }) } });

/** The three ends of a pickup. */
interface Ends {
  readonly call: Call;
  readonly leg: Leg;
  readonly pickup: Call;
}

/** Carol has the call, and everybody is told what they should be. */
const isTaken = async (t: Test, { call, leg, pickup }: Ends): Promise<void> => {
  t.match((await pickup.answered()).get('P-Asserted-Identity'), /"Alice Adams" <sip:100@/, 'Carol sees who called');
  t.match((await call.answered()).get('P-Asserted-Identity'), /"Carol Clark" <sip:102@/, 'Alice sees who has her');
  t.same(reasons(await leg.stopsRinging()), elsewhere, 'Bob logs no missed call');
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
};

const isUnplugged = async (t: Test, watcher: Watcher): Promise<void> => {
  await watcher.sees(isDark);
  await watcher.unsubscribes();
  await watcher.isOver();
  t.same(watcher.faults, [], 'every NOTIFY was as it should be');
  t.same(await acme.everythingLeft(), []);
};

const counted = (kind: string, outcome = 'answered') => acme.metric('callpickup_pickups_total', { kind, outcome });
const overlooked = (how: string, outcome: string) => acme.metric('callpickup_replaces_lenient_total', { how, outcome });

/** The lamp blinks, the key is pressed, the call is taken. */
const keyWorks = async (
  t: Test,
  who: People,
  { phone, kind, presses: makes }: Omit<Key, 'make' | 'setting'>,
): Promise<void> => {
  const watcher = await watches(who, phone);
  const before = await counted(kind);
  const { call, leg } = await ringing(who.alice, who.bob);
  const press = makes(await blinks(watcher, leg));
  t.comment(`INVITE ${press.target}${press.Replaces === undefined ? '' : ` with Replaces: ${press.Replaces}`}`);
  await isTaken(t, { call, leg, pickup: presses(who, phone, press) });
  t.equal(await counted(kind), before + 1, `counted as ${kind}`);
  await isUnplugged(t, watcher);
};

for (const key of keys) {
  t.test(`dialect: ${key.make}: ${key.phone}: ${key.setting}`, (t) => keyWorks(t, strict, key));
}

const snom = 'snom370/8.7.5.35';

t.test('dialect: Snom, R25: a Replaces of a Call-ID alone, where the company overlooks it', async (t) => {
  const before = await overlooked('call-id-only', 'used');
  await keyWorks(t, lenient, {
    phone: snom,
    kind: 'replaces',
    presses: (shown) => ({ target: remoteTarget(shown), Replaces: shown.callId ?? '' }),
  });
  t.equal(await overlooked('call-id-only', 'used'), before + 1, 'counted');
});

t.test(
  'dialect: Snom, R25: where the company does not, it is refused and told, and the code still works',
  async (t) => {
    const watcher = await watches(strict, snom);
    const { call, leg } = await ringing(strict.alice, strict.bob);
    const shown = await blinks(watcher, leg);
    const refused = await presses(strict, snom, { target: remoteTarget(shown), Replaces: shown.callId ?? '' }).fails();
    t.equal(refused.status, 400);
    t.ok(leg.isPending, 'Bob rings on');
    t.equal(await overlooked('call-id-only', 'refused'), 1, 'the administrator can learn it');
    const line = await acme.says(({ msg, outcome }) => msg === 'lenient Replaces' && outcome === 'refused');
    t.match(line, { userAgent: snom, how: ['call-id-only'], tenant: 'acme' }, 'with the phone that needs it');

    await isTaken(t, { call, leg, pickup: presses(strict, snom, { target: '*95101' }) });
    await isUnplugged(t, watcher);
  },
);

t.test('dialect: R24: tags the wrong way round, where the company overlooks it and where it does not', async (t) => {
  const phone = 'Yealink SIP-T22P 7.73.0.50';
  const swapped = (shown: ShownDialog) => ({ target: '101', Replaces: swappedOf(shown) });
  await keyWorks(t, lenient, { phone, kind: 'replaces', presses: swapped });

  const watcher = await watches(strict, phone);
  const { call, leg } = await ringing(strict.alice, strict.bob);
  const shown = await blinks(watcher, leg);
  t.equal((await presses(strict, phone, swapped(shown)).fails()).status, 481);
  t.equal(await overlooked('swapped-tags', 'refused'), 1);
  await isTaken(t, { call, leg, pickup: presses(strict, phone, { target: '101', Replaces: replacesOf(shown) }) });
  await isUnplugged(t, watcher);
});

t.test('dialect: a company’s own rule: the remote target is the caller', async (t) => {
  const phone = 'CallerShown/1.0';
  const watcher = await watches(strict, phone);
  const { call, leg } = await ringing(strict.alice, strict.bob);
  const shown = await blinks(watcher, leg);
  t.match(shown.remote, { display: 'Alice Adams', target: 'sip:100@acme.example' });
  await isTaken(t, {
    call,
    leg,
    pickup: presses(strict, phone, { target: remoteTarget(shown), Replaces: replacesOf(shown) }),
  });
  await isUnplugged(t, watcher);
});

t.test('dialect: Cisco SPA: two phones ring, one dialog is shown, and its key stops both', async (t) => {
  const second = await acme.phone('101', { domain: 'acme.example' });
  const phone = 'Cisco/SPA504G-7.6.2b';
  const watcher = await watches(strict, phone);
  const call = strict.alice.calls('101');
  const legs = await Promise.all([strict.bob.isCalled(), second.isCalled()]);
  for (const leg of legs) leg.rings();
  const { dialogs } = await watcher.sees((document) => document.dialogs.some(({ state }) => state === 'early'));
  t.equal(dialogs.length, 1);
  const pickup = presses(strict, phone, { target: '101', Replaces: replacesOf(dialogs[0] as ShownDialog) });
  await Promise.all([pickup.answered(), call.answered()]);
  for (const leg of legs) t.same(reasons(await leg.stopsRinging()), elsewhere);
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  t.ok(
    watcher.documents.every((document) => document.dialogs.length === 1),
    'never more than one, never none',
  );
  await second.unregisters();
  await isUnplugged(t, watcher);
});

t.test('dialect: F3: one number, however it is written', async (t) => {
  const { host, port } = acme.sip;
  const spellings = [
    '*95101',
    `sip:*95101@acme.example;user=phone`,
    `sip:%2A95101@acme.example`,
    `sip:%2a95%31%30%31@acme.example`,
    `sip:*95101;phone-context=acme.example@acme.example;user=phone`,
    `sip:*95101%23@acme.example`,
    `sip:*95101@ACME.example:5060`,
    `sip:*95101@${host}:${port}`,
    `sips:*95101@acme.example`,
    'tel:*95101;phone-context=acme.example',
    '**101',
    '*8101',
    '*97101',
    '*98101',
  ];
  for (const target of spellings) {
    const { call, leg } = await ringing(strict.alice, strict.bob);
    const pickup = strict.carol.calls(target);
    const [{ status }] = await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
    t.equal(status, 200, target);
    await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  }
  t.same(await acme.everythingLeft(), []);
});

t.test('dialect: the bare codes that phones bring along pick up in the group', async (t) => {
  const before = await counted('group');
  const bare = ['*95', '**', '*8', '*97', '*98', '*8#', 'sip:*8%23@acme.example', 'sip:%2A8@acme.example'];
  for (const target of bare) {
    const { call, leg } = await ringing(strict.alice, strict.bob);
    const pickup = strict.carol.calls(target);
    const [{ status }] = await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
    t.equal(status, 200, target);
    await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  }
  t.equal(await counted('group'), before + bare.length);
  t.same(await acme.everythingLeft(), []);
});

t.test('dialect: a code that the company does not have is a number like any other', async (t) => {
  const { call, leg } = await ringing(lenient.alice, lenient.bob);
  t.equal((await lenient.carol.calls('*98101').fails()).status, 404);
  t.ok(leg.isPending, 'Bob rings on');
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('dialect: a plain speed dial to who rings is a second call, whatever the phone is', async (t) => {
  const dave = await acme.phone('103', { domain: 'acme.example' });
  for (const phone of [snom, 'PolycomVVX-VVX_411-UA/6.4.6.2494']) {
    const first = await ringing(strict.alice, strict.bob);
    const dialled = presses({ ...strict, carol: dave }, phone, { target: '101' });
    const second = await strict.bob.isCalled();
    second.rings();
    await dialled.rings();
    t.ok(first.leg.isPending && second.isPending, 'Bob hears both');
    await Promise.all([dialled.cancels(), second.stopsRinging()]);
    t.ok(first.leg.isPending, 'and the first still rings');
    await Promise.all([first.call.cancels(), first.leg.stopsRinging()]);
  }
  t.same(await acme.everythingLeft(), []);
});

t.test('dialect: S20: lists of extensions are not kept, and who could read one is shown its extension', async (t) => {
  const headers = {
    Supported: 'eventlist',
    Accept: 'application/dialog-info+xml, application/rlmi+xml, multipart/related',
  };
  const list = strict.carol.watches('blf-list', { userAgent: 'Yealink SIP-T46U 108.86.0.118', headers });
  t.equal((await list.refused()).status, 404, 'BLF List URI');
  const one = strict.carol.watches('101', { userAgent: 'Yealink SIP-T46U 108.86.0.118', headers });
  await one.accepted();
  t.match((await one.sees(isDark)).notify.get('Content-Type'), /^application\/dialog-info\+xml$/);
  await isUnplugged(t, one);
});
