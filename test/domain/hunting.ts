import t from 'tap';
import { absenceOf } from '../../src/domain/absence.js';
import { memberFaults } from '../../src/domain/faults/members.js';
import type { GroupId } from '../../src/domain/group.js';
import { groupOfNumber, mayGreet, stopsFrom, turnsOf } from '../../src/domain/hunt.js';
import type { CallId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import { decide, type PickupTarget, reachOf } from '../../src/domain/policy.js';
import type { GroupDocument, TenantDocument } from '../../src/domain/tenant-document.js';
import { companyOf, number } from './acme.js';

/** An id of 24 digits. */
const id = (digit: string): string => digit.repeat(24);

const [first, second, third, bob, night] = ['a', 'b', 'c', '1', 'f'].map(id) as [
  string,
  string,
  string,
  string,
  string,
];

const company = (groups: Record<string, Partial<GroupDocument>>, trunk?: string): Tenant =>
  companyOf({
    extensions: { '100': {}, '101': { id: bob }, '102': {}, '103': {} },
    groups: Object.fromEntries(Object.entries(groups).map(([key, group]) => [key, { name: key, ...group }])),
    outsideNumbers: { [night]: { number: '+4512345678' } },
    ...(trunk !== undefined && { trunk }),
  });

const groupIn = (tenant: Tenant, key: string) => {
  const group = tenant.groups.get(key as GroupId);
  if (!group) throw new Error(`no group ${key}`);
  return group;
};

/** Every place that a call to the first group comes to, in a word each. */
const way = (tenant: Tenant): string[] =>
  stopsFrom(tenant, groupIn(tenant, first)).map(({ place }) => {
    if (place.kind === 'group') return place.group.id.slice(0, 1);
    return place.kind === 'extension' ? place.extension : `outside ${place.number}`;
  });

/** In which turns the first group rings. */
const turns = (tenant: Tenant, chance = () => 0) => turnsOf(tenant.groups, groupIn(tenant, first), chance);

t.test('in which turns a group rings', async (t) => {
  const members = ['100', '101', '102', '100'];
  const of = (strategy: 'ALL' | 'SEQUENTIAL' | 'RANDOM', chance = () => 0) =>
    turns(company({ [first]: { members, strategy, ringTime: 7 } }), chance);
  t.same(of('ALL'), [{ extensions: ['100', '101', '102'], seconds: 7 }], 'each member once');
  t.same(
    of('SEQUENTIAL').map(({ extensions }) => extensions),
    [['100'], ['101'], ['102']],
  );
  const draws = [0.99, 0, 0];
  t.same(
    of('RANDOM', () => draws.shift() ?? 0).map(({ extensions }) => extensions),
    [['102'], ['100'], ['101']],
    'as chance has it',
  );
  t.same(turns(company({ [first]: {} })), [], 'nobody');
});

t.test(
  'a group in a group takes its place there, with its own strategy and the ringTime of the one that was called',
  async (t) => {
    const nested = (
      inner: Partial<GroupDocument>,
      outer: Partial<GroupDocument> = {},
    ): Record<string, Partial<GroupDocument>> => ({
      [first]: { members: ['100', second, '103'], strategy: 'SEQUENTIAL', ringTime: 7, ...outer },
      [second]: { number: '802', members: ['101', '102'], ringTime: 3, timeoutGoto: bob, redirect: '103', ...inner },
    });
    const rows: [what: string, groups: Record<string, Partial<GroupDocument>>, turns: string[][], draws?: number[]][] =
      [
        ['ALL is one turn', nested({ strategy: 'ALL' }), [['100'], ['101', '102'], ['103']]],
        ['SEQUENTIAL is a turn each', nested({ strategy: 'SEQUENTIAL' }), [['100'], ['101'], ['102'], ['103']]],
        ['RANDOM is drawn by itself', nested({ strategy: 'RANDOM' }), [['100'], ['102'], ['101'], ['103']], [0.99, 0]],
        ['ALL has everybody at once', nested({}, { strategy: 'ALL' }), [['100', '103', '101', '102']]],
        [
          'RANDOM draws the group as one',
          nested({ strategy: 'ALL' }, { strategy: 'RANDOM' }),
          [['103'], ['101', '102'], ['100']],
          [0.99, 0.99, 0],
        ],
        ['by its number', nested({}, { members: ['802', '100'] }), [['101', '102'], ['100']]],
        ['who comes up twice rings once', nested({ members: ['100', '101'] }), [['100'], ['101'], ['103']]],
        [
          'round in a circle',
          nested({ strategy: 'SEQUENTIAL', members: ['101', first, '102'] }),
          [['100'], ['101'], ['102'], ['103']],
        ],
        ['alone in a circle', nested({ members: [first] }, { members: [second] }), []],
      ];
    for (const [what, groups, expected, draws = []] of rows) {
      const rung = turns(company(groups), () => draws.shift() ?? 0);
      t.same(
        rung.map(({ extensions }) => extensions),
        expected,
        what,
      );
      t.ok(
        rung.every(({ seconds }) => seconds === 7),
        'for the outer ringTime',
      );
    }
  },
);

t.test('the members of a group in a group are its members, whoever asks', async (t) => {
  const tenant = company({
    [first]: { members: ['100', second], controllers: ['103'], pickup: true, steal: true, sms: true },
    [second]: { members: ['101', third], controllers: ['102'], spy: true },
    [third]: { members: [first, '101', '103'] },
  });
  t.same(groupIn(tenant, first).members, ['100', '101', '103']);
  t.same(groupIn(tenant, first).listed, ['100', { group: second }]);
  t.same([...groupIn(tenant, second).members].sort(), ['100', '101', '103']);
  const asks = (picker: string, act: 'pickup' | 'steal' | 'eavesdrop', target: string) =>
    decide({ tenant, picker: number(picker), act, target: { kind: 'extension', number: number(target) }, by: 'group' });
  t.match(asks('103', 'steal', '101'), { ok: true, grant: { group: first } });
  t.match(asks('102', 'eavesdrop', '100'), { ok: true, grant: { group: second } });
  t.match(asks('102', 'steal', '100'), { ok: false }, 'the right of the outer group is that of its own controllers');
});

t.test('where pickers look for the calls of groups', async (t) => {
  const refusing = { extensions: { '100': { refusesPickup: true }, '101': { id: bob }, '102': {}, '103': {} } };
  const of = (groups: Record<string, Partial<GroupDocument>>, extensions = {}) =>
    companyOf({
      ...{ extensions: { '100': {}, '101': { id: bob }, '102': {}, '103': {} }, ...extensions },
      callControl: { pickup_all: false },
      groups: Object.fromEntries(Object.entries(groups).map(([key, group]) => [key, { name: key, ...group }])),
    });
  const controlled = { members: ['100'], controllers: ['102'], pickup: true };
  const asked = (tenant: Tenant, target: PickupTarget, picker = '102') => reachOf(tenant, number(picker), target);
  const whole = { by: 'group', group: first as GroupId } as const;
  const place = `group:${first}`;
  const plain = of({ [first]: controlled });
  t.match(asked(plain, whole), { ok: true, extensions: ['100', place] });
  t.match(asked(plain, { by: 'group' }), { ok: true, extensions: ['100', place] });
  t.match(asked(plain, whole, '103'), { ok: false, refusal: 'not-allowed' });
  const named = { by: 'number', extension: number('101') } as const;
  t.match(
    asked(plain, named),
    { ok: true, extensions: ['101'], through: [place], otherwise: 'not-allowed' },
    'somebody else’s phone, only for calls of the group',
  );
  t.match(asked(plain, named, '103'), { ok: false, refusal: 'not-allowed' });
  t.match(asked(of({ [first]: controlled }, refusing), whole), { ok: false, refusal: 'opted-out' });
  t.match(
    asked(of({ [first]: { ...controlled, timeoutGoto: bob } }, refusing), whole),
    { ok: true, extensions: [place] },
    'nobody in it wants that, but its calls ring elsewhere too',
  );
  t.match(asked(of({ [first]: { ...controlled, members: [], redirect: '101' } }), whole), { ok: true });
  t.match(asked(of({ [first]: { ...controlled, members: [] } }), whole), { ok: false, refusal: 'no-group' });
  t.match(asked(of({ [first]: { ...controlled, pickup: false } }), named), { ok: false, refusal: 'not-allowed' });
});

t.test('what cannot be a member', async (t) => {
  const faults = (groups: Record<string, Partial<GroupDocument>>) => {
    const written = Object.fromEntries(Object.entries(groups).map(([key, each]) => [key, { name: key, ...each }]));
    return memberFaults({ extensions: { '100': {} }, groups: written }).map(
      ({ path, why }) => `${path.slice(2).join('.')} ${why}`,
    );
  };
  t.same(
    faults({ [first]: { members: ['100', '801'] }, [second]: { number: '801', members: [first.toUpperCase()] } }),
    [],
  );
  t.same(faults({ [first]: { number: '800', members: ['800', first] } }), [
    'members.0 is the group itself',
    'members.1 is the group itself',
  ]);
  t.same(faults({ [first]: { members: ['802', second], controllers: [first] } }), [
    'members.0 there is no extension or group "802"',
    `members.1 there is no extension or group "${second}"`,
    `controllers.0 there is no extension "${first}"`,
  ]);
  const ids = Array.from({ length: 22 }, (_, index) => index.toString(16).padStart(24, '0'));
  const chain = Object.fromEntries(ids.map((own, index) => [own, { members: ids.slice(index + 1, index + 2) }]));
  t.same(faults(chain), ['members leads to more than 20 other groups']);
});

t.test('whether a call may come to a group whose sound its caller hears', async (t) => {
  const company = (sounds: TenantDocument['sounds'], groups: Record<string, Partial<GroupDocument>>) =>
    companyOf({
      ...{ extensions: { '101': { id: bob } }, ...(sounds && { sounds }) },
      groups: Object.fromEntries(Object.entries(groups).map(([key, group]) => [key, { name: key, ...group }])),
    });
  const known = { [night]: { file: 'hello' } };
  const goesOn = { [first]: { timeoutGoto: second }, [second]: { startAudio: night } };
  const asks = (tenant: Tenant) => mayGreet(tenant, groupIn(tenant, first));
  t.equal(asks(company(known, { [first]: { startAudio: night } })), true);
  t.equal(asks(company(known, goesOn)), true);
  t.equal(asks(company(undefined, goesOn)), false, 'no such sound');
  t.equal(asks(company(known, { [first]: { startAudio: night, redirect: '101' } })), false, 'nobody enters it');
});

t.test('RANDOM: every order of three comes up about as often as every other', async (t) => {
  let seed = 1;
  const chance = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  const group = groupIn(company({ [first]: { members: ['100', '101', '102'], strategy: 'RANDOM' } }), first);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6_000; i += 1) {
    const order = turnsOf(new Map(), group, chance)
      .flatMap(({ extensions }) => extensions)
      .join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  t.equal(counts.size, 6);
  t.ok(
    [...counts.values()].every((count) => count > 850 && count < 1150),
    JSON.stringify([...counts]),
  );
});

t.test('where a group leads, and that no call goes round in circles', async (t) => {
  const rows: [what: string, groups: Record<string, Partial<GroupDocument>>, way: string[], trunk?: string][] = [
    ['nowhere', { [first]: {} }, ['a']],
    ['to an extension', { [first]: { timeoutGoto: bob } }, ['a', '101']],
    ['to a group, and on', { [first]: { timeoutGoto: second }, [second]: { timeoutGoto: bob } }, ['a', 'b', '101']],
    ['outside', { [first]: { timeoutGoto: night } }, ['a', 'outside +4512345678'], 'sip:trunk.example'],
    ['outside, without a trunk', { [first]: { timeoutGoto: night } }, ['a']],
    ['to itself', { [first]: { timeoutGoto: first } }, ['a']],
    [
      'in a circle of three',
      { [first]: { timeoutGoto: second }, [second]: { timeoutGoto: third }, [third]: { timeoutGoto: first } },
      ['a', 'b', 'c'],
    ],
    ['redirected to an extension', { [first]: { redirect: '101', timeoutGoto: night } }, ['101']],
    ['redirected outside', { [first]: { redirect: '4711' } }, ['outside 4711'], 'sip:trunk.example'],
    ['redirected outside, without a trunk', { [first]: { redirect: '4711' } }, []],
    ['redirected to a group', { [first]: { redirect: '802' }, [second]: { number: '802' } }, ['b']],
    ['redirected to itself', { [first]: { number: '801', redirect: '801' } }, []],
    [
      'into a group that redirects back',
      { [first]: { number: '801', timeoutGoto: second }, [second]: { redirect: '801' } },
      ['a'],
    ],
  ];
  for (const [what, groups, expected, trunk] of rows) t.same(way(company(groups, trunk)), expected, what);
});

t.test('a group is found by its whole number', async (t) => {
  const tenant = company({ [first]: { number: '800' }, [second]: {} });
  t.equal(groupOfNumber(tenant, '800')?.id, first);
  for (const other of ['80', '8000', '', 'undefined']) t.equal(groupOfNumber(tenant, other), undefined, other);
});

t.test('why a member is left alone', async (t) => {
  const [call, other] = ['this', 'other'] as [CallId, CallId];
  const free = { isCaller: false, presence: 'available', phones: 1, dialogs: [] } as const;
  t.equal(absenceOf(call, free), undefined);
  t.equal(absenceOf(call, { ...free, isCaller: true }), 'caller');
  t.equal(absenceOf(call, { ...free, presence: 'away' }), 'away');
  t.equal(absenceOf(call, { ...free, presence: 'do-not-disturb' }), 'do-not-disturb');
  t.equal(absenceOf(call, { ...free, phones: 0 }), 'unregistered');
  for (const state of ['trying', 'proceeding', 'early', 'confirmed'] as const) {
    t.equal(absenceOf(call, { ...free, dialogs: [{ call: other, state }] }), 'busy', `${state} in another call`);
    t.equal(absenceOf(call, { ...free, dialogs: [{ call, state }] }), undefined, `${state} in this one`);
  }
  t.equal(absenceOf(call, { ...free, dialogs: [{ call: other, state: 'terminated' }] }), undefined);
});
