import t from 'tap';
import { readOfficeDocument } from '../../src/adapters/office/office-document.js';
import { explain } from '../../src/domain/explain.js';
import { decide, reachOf } from '../../src/domain/policy.js';
import { wokenBy } from '../../src/domain/push.js';
import { bestFirst, type Wanted } from '../../src/domain/selection.js';
import type { TenantDocument } from '../../src/domain/tenant-document.js';
import { companyOf, number } from './acme.js';

const people = ['100', '101', '102', '103', '104', '105'];

const company = (changes: Partial<TenantDocument> = {}): TenantDocument => ({
  extensions: Object.fromEntries(people.map((each) => [each, {}])),
  callControl: { pickup_all: false },
  pickupGroups: {
    sales: { members: ['100', '101'], associated: ['night', 'support'] },
    support: { members: ['102', '103'], associated: ['far'] },
    night: { members: ['103', '104'] },
    far: ['105'],
  },
  ...changes,
});

const bareCode = (changes: Partial<TenantDocument> = {}, picker = '100') =>
  reachOf(companyOf(company(changes)), number(picker), { by: 'group' });

t.test('associated groups come after the own, in their order, and theirs do not come at all', async (t) => {
  t.same(bareCode(), { ok: true, extensions: ['101'], further: [['103', '104'], ['102']] }, 'who is in two, once');
  t.same(bareCode({}, '104'), { ok: true, extensions: ['103'] }, 'an association has one direction');
  t.same(bareCode({}, '102'), { ok: true, extensions: ['103'], further: [['105']] });
  const alone = { pickupGroups: { one: { members: ['100'], associated: ['two'] }, two: ['101'] } };
  t.same(bareCode(alone), { ok: true, extensions: ['101'] }, 'nobody else in the own group');
  const own = { one: { members: ['100', '101'], associated: ['two'] }, two: ['100', '102'] };
  t.same(bareCode({ pickupGroups: own }), { ok: true, extensions: ['101', '102'] }, 'an own group is an own group');
  const shy = { extensions: { ...company().extensions, '103': { refusesPickup: true }, '104': { private: true } } };
  t.same(bareCode(shy), { ok: true, extensions: ['101'], further: [['102']] }, 'the callee is asked here too');
});

t.test('who may have a call after the own groups may have it by number, and is told why', async (t) => {
  const tenant = companyOf(company());
  const target = { kind: 'extension', number: number('104') } as const;
  const ask = { tenant, act: 'pickup', target } as const;
  for (const by of ['group', 'number'] as const) {
    const grant = { model: 'pickup-group', rule: 'associated', group: 'night' };
    t.same(decide({ ...ask, picker: number('100'), by }), { ok: true, grant });
    t.equal(decide({ ...ask, picker: number('102'), by }).ok, false, 'in a group that is not associated with it');
  }
  t.match(
    JSON.stringify(explain({ ...ask, picker: number('100'), by: 'number' })),
    /in the pickup group night, and one of 100's own groups is associated with it/,
  );
});

t.test('who is out of reach is told where he was looked for', async (t) => {
  const tenant = companyOf(company());
  const why = (picker: string, by: 'group' | 'number') => {
    const target = { kind: 'extension', number: number('105') } as const;
    const { missing } = explain({ tenant, picker: number(picker), act: 'pickup', target, by });
    return missing.find(({ model }) => model === 'pickup-group');
  };
  for (const by of ['group', 'number'] as const) {
    t.match(why('100', by), {
      why: 'No pickup group has both 100 and 105: 100 is in sales; 105 is in far. Nor is 105 in a group that those of 100 are associated with: night, support.',
      remedy: 'Put both into one pickup group, or associate a group of 100 with one of 105.',
    });
    t.match(why('104', by), {
      why: 'No pickup group has both 104 and 105: 104 is in night; 105 is in far.',
      remedy: 'Put both into one pickup group.',
    });
  }
});

t.test('associations that go round in a circle are no circle to run in', async (t) => {
  const pickupGroups = {
    a: { members: ['100'], associated: ['b', 'c'] },
    b: { members: ['101'], associated: ['c', 'a'] },
    c: { members: ['102'], associated: ['a'] },
  };
  t.same(bareCode({ pickupGroups }), { ok: true, extensions: ['101'], further: [['102']] });
  t.same(bareCode({ pickupGroups }, '101'), { ok: true, extensions: ['102'], further: [['100']] });
  t.same(bareCode({ pickupGroups }, '102'), { ok: true, extensions: ['100'] });
  const both = { ...pickupGroups, d: ['100', '101', '102'] };
  t.same(bareCode({ pickupGroups: both }), { ok: true, extensions: ['101', '102'] }, 'an own group is asked first');
});

t.test('a company chooses: oldest, newest, or its groups one after another', async (t) => {
  const two = {
    pickupGroups: { first: ['100', '101'], second: { members: ['100', '102'], associated: ['far'] }, far: ['105'] },
  };
  t.same(bareCode(two), { ok: true, extensions: ['101', '102'], further: [['105']] });
  t.same(bareCode({ ...two, selection: 'newest' }), {
    ok: true,
    extensions: ['101', '102'],
    further: [['105']],
    newest: true,
  });
  t.same(bareCode({ ...two, selection: 'priority' }), { ok: true, extensions: ['101'], further: [['102'], ['105']] });
  const tenant = companyOf(company({ selection: 'newest' }));
  t.match(
    reachOf(tenant, number('100'), { by: 'number', extension: number('101') }),
    { newest: true },
    'of one extension, too',
  );

  const call = (id: string, target: string, ringingAt: number) => ({
    id,
    target: number(target),
    startedAt: 0,
    ringingAt,
  });
  const calls = [
    call('c', '101', 5),
    call('b', '102', 3),
    call('a', '102', 3),
    call('d', '105', 1),
    call('e', '103', 0),
  ];
  const order = (wanted: Wanted) =>
    bestFirst(calls, wanted)
      .map(({ id }) => id)
      .join('');
  const [both, far] = [['101', '102'].map(number), [number('105')]];
  t.equal(order({ extensions: both }), 'abc');
  t.equal(order({ extensions: both, newest: true }), 'cab');
  t.equal(order({ extensions: both, further: [far] }), 'abcd', 'however long the others have rung');
  t.equal(order({ extensions: [number('101')], further: [[number('102')], far] }), 'cabd');
  const ofGroup = [{ ...call('g', '800', 9), ringsAt: [number('105'), number('101')] }, ...calls];
  t.match(bestFirst(ofGroup, { extensions: both, further: [far] }), [
    { id: 'a' },
    { id: 'b' },
    { id: 'c' },
    { id: 'g' },
    { id: 'd' },
  ]);
});

t.test('a document says what is wrong with its associations', async (t) => {
  const faults = (sales: object, more: object = {}) => {
    const tenant = company({ pickupGroups: { sales: { members: [], ...sales }, support: [] }, ...more });
    const read = readOfficeDocument({ tenants: { acme: tenant } });
    return read.ok ? [] : read.faults.map(({ path, why }) => `${path.slice(2).join('.')} ${why}`);
  };
  t.same(faults({ associated: ['support'] }, { selection: 'priority' }), []);
  t.same(faults({ associated: ['suport'] }), ['pickupGroups.sales.associated.0 there is no pickup group "suport"']);
  t.same(faults({ associated: ['support', 'sales'] }), ['pickupGroups.sales.associated.1 is the group itself']);
  t.same(faults({ associated: ['toString'] }).length, 1, 'what every object has is no group');
  t.match(faults({ associated: Array.from({ length: 11 }, (_, index) => `g${index}`) }), [/associated .*10/]);
  t.match(faults({ associated: ['support', 'support'] }), [/associated /], 'each once');
  t.match(faults({}, { selection: 'random' }), [/selection must be one of oldest, newest, priority/]);
});

t.test('W1: a phone that a push must wake says by what', async (t) => {
  const contact = 'sip:101@192.0.2.1:5061;transport=tcp;pn-provider=fcm;pn-param=p;pn-prid=00fc13adff78512';
  t.ok(wokenBy(contact));
  t.equal(
    wokenBy('sip:101@198.51.100.7;PN-PRID=00fc13adff78512;pn-param=p;PN-Provider=fcm'),
    wokenBy(contact),
    'one phone, wherever it is',
  );
  for (const other of ['pn-prid=x;pn-param=p', 'pn-prid=00fc13adff78512;pn-param=q', 'pn-prid=00fc13adff78512']) {
    t.not(wokenBy(`sip:101@192.0.2.1;pn-provider=fcm;${other}`), wokenBy(contact), other);
  }
  for (const other of [
    'sip:101@192.0.2.1',
    'sip:101@192.0.2.1;pn-provider',
    'sip:101@192.0.2.1;pn-provider=fcm',
    'sip:101@192.0.2.1;pn-provider=fcm;pn-prid',
    'sip:101@192.0.2.1;pn-provider=;pn-prid=x',
    'sip:101@192.0.2.1;xpn-provider=fcm;pn-prid=x',
  ]) {
    t.equal(wokenBy(other), undefined, other);
  }
});
