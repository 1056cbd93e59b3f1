import t from 'tap';
import './policy-properties.js';
import { explain } from '../../src/domain/explain.js';
import { groupRights } from '../../src/domain/group.js';
import { decide, reachOf } from '../../src/domain/policy.js';
import { type Act, acts } from '../../src/domain/rules/rule.js';
import type { CallControlDocument, TenantDocument } from '../../src/domain/tenant-document.js';
import { companyOf, number } from './acme.js';
import { askOf } from './plain-policy.js';
import { groupIds, modelTables, oneRightEach, telecomxDocument, wholeGroups } from './policy-table.js';
import { cellsOf } from './table-cells.js';

/** `pickup by group` names an act and the way to it; other rows are acts, asked both ways. */
const waysOf = (row: string): { act: Act; by: 'number' | 'group' }[] => {
  const [act = '', by] = row.split(' by ');
  if (by) return [{ act: act as Act, by: by as 'number' | 'group' }];
  return (['number', 'group'] as const).map((way) => ({ act: act as Act, by: way }));
};

const models: [form: RegExp, model: string, rule?: string][] = [
  [/^shared /, 'pickup-group'],
  [/^share /, 'call-control', 'pickup_share_groups'],
  [/^replace /, 'call-control', 'phone_replace_groups'],
  [/^(pickup_all|allow_all)$|^(eavesdrop|whisper|barge)_/, 'call-control'],
  [/^(user|organization|global)$/, 'phone-calls'],
  [/^own$/, 'own', 'own-extension'],
  [new RegExp(`^(${groupRights.join('|')}) `), 'group'],
];

const refusalOf: Record<string, string> = { '-': 'not-allowed', private: 'private-call', unknown: 'unknown-extension' };

/** What a cell of a table means. */
const decisionOf = (cell: string): object => {
  const found = models.find(([form]) => form.test(cell));
  if (!found) return { ok: false, refusal: refusalOf[cell] ?? cell };
  const [, model, called] = found;
  const [rule, group] = cell.split(' ');
  return { ok: true, grant: { model, rule: called ?? rule, ...(group && { group }) } };
};

t.test('the decision table: every model alone, every act, every relation', async (t) => {
  for (const { title, document, who, rows } of modelTables) {
    await t.test(title, async (t) => {
      const tenant = companyOf(document);
      const globex = companyOf({ ...document, extensions: { ...document.extensions, '201': {} } }, 'globex');
      t.same([...new Set(cellsOf(rows).map(({ row }) => row.split(' by ')[0]))], acts, 'every act');
      for (const { row, column, expected } of cellsOf(rows)) {
        const [picker, target] = who[column] as readonly [string, string];
        for (const way of waysOf(row)) {
          const ask = askOf(tenant, { picker, target: { number: target }, ...way });
          const name = `${row} ${way.by}, ${column} (${picker} to ${target}): ${expected}`;
          t.same(decide(ask), decisionOf(expected), name);
          t.equal(explain(ask).allowed, decide(ask).ok, 'and so it is explained');
          if (column !== 'other tenant') continue;
          const colleague = askOf(globex, { picker, target: { number: '101' }, ...way });
          t.same(decide({ ...ask, tenant: globex }).ok, decide(colleague).ok, 'at home 201 is a member like 101');
        }
      }
    });
  }
});

t.test('the decision table of groups as a whole', async (t) => {
  const tenant = companyOf(telecomxDocument);
  t.same(new Set(cellsOf(wholeGroups.rows).map(({ row }) => row)), new Set(acts), 'every act');
  for (const { row, column, expected } of cellsOf(wholeGroups.rows)) {
    const [picker, group] = wholeGroups.who[column as keyof typeof wholeGroups.who];
    for (const { act, by } of waysOf(row)) {
      const ask = askOf(tenant, { picker, act, target: { group: groupIds[group] }, by });
      t.same(decide(ask), decisionOf(expected), `${act}, ${column} (${picker} to ${group}): ${expected}`);
    }
  }
});

t.test('each right of a group gives its own acts and no other', async (t) => {
  const cells = cellsOf(oneRightEach);
  t.same([...new Set(cells.map(({ column }) => column))].sort(), [...groupRights].sort(), 'every right');
  for (const { row, column, expected } of cells) {
    const group = { name: 'Support', members: ['101'], controllers: ['109'], [column]: true };
    const groups = { [groupIds.Support]: group };
    const tenant = companyOf({ extensions: { 101: {}, 109: {} }, callControl: { pickup_all: false }, groups });
    const yes = { ok: true, grant: { model: 'group', rule: column, group: 'Support' } };
    for (const way of waysOf(row)) {
      const ask = askOf(tenant, { picker: '109', target: { number: '101' }, ...way });
      t.same(decide(ask), expected === 'yes' ? yes : decisionOf(expected), `${row}, only ${column}: ${expected}`);
    }
  }
});

/** The document of UIS's own page, as it is printed there. */
const printed = `{   "allow_all": false,   "pickup_all": true,   "groups": {     "support": [       "100",       "101"     ],     "sales": [       "102",       "101"     ],     "hr": [       "100",       "101",       "103"     ]   },   "pickup_share_groups": [     "support",     "sales"   ], "phone_replace_groups": [ "support" ],   "eavesdrop_100": [     "support"   ],   "whisper_101": [     "sales",     "hr"   ] }`;

t.test("UIS's example", async (t) => {
  const callControl = JSON.parse(printed) as CallControlDocument;
  const all = ['100', '101', '102', '103', '104'];
  const extensions = Object.fromEntries(all.map((each) => [each, {}]));
  const tenant = companyOf({ extensions, callControl });
  const without = (picker: string) => reachOf(tenant, number(picker), { by: 'group' });
  const may = (act: Act, by: 'number' | 'group' = 'number') =>
    all.flatMap((picker) =>
      all
        .filter((target) => target !== picker)
        .filter((target) => decide(askOf(tenant, { picker, act, target: { number: target }, by })).ok)
        .map((target) => `${picker} ${target}`),
    );
  const sorted = (picker: string) => {
    const reach = without(picker);
    return reach.ok ? [...reach.extensions].sort() : reach.refusal;
  };
  t.same(sorted('100'), ['101', '102'], '"100": without specifying the extension numbers "102", "101"');
  t.same(sorted('101'), ['100', '102'], '"101": without specifying the extension numbers "102", "100"');
  t.same(sorted('102'), ['100', '101'], '"102": without specifying the extension numbers "101", "100"');
  t.equal(sorted('103'), 'no-group', '103 is in hr, which is no share group');
  t.equal(sorted('104'), 'no-group');
  const everyPair = all.flatMap((one) => all.filter((two) => two !== one).map((two) => `${one} ${two}`));
  t.same(may('pickup'), everyPair, '"with specifying all the other numbers ("pickup_all": true)"');
  t.same(may('pickup', 'group'), ['100 101', '100 102', '101 100', '101 102', '102 100', '102 101']);
  t.same(may('replace'), ['100 101', '101 100'], '"100" can replace for "101" and vice versa');
  t.same(may('eavesdrop'), ['100 101'], 'eavesdrop_100 is support, where 101 is; nobody else listens to anybody');
  t.same(may('whisper'), ['101 100', '101 102', '101 103'], 'whisper_101 is sales and hr');
  for (const act of acts.slice(4)) if (act !== 'replace') t.same(may(act), [], act);
  t.same(may('steal'), []);
  const chain = askOf(tenant, { picker: '100', act: 'pickup', target: { number: '102' }, by: 'group' });
  const grant = { model: 'call-control', rule: 'pickup_share_groups', group: 'support + sales' };
  t.same(decide(chain), { ok: true, grant }, 'support and sales have 101 in common, so they count as one');

  const narrow = companyOf({ extensions, callControl: { ...callControl, pickup_all: false } });
  const pairs = all.flatMap((picker) => {
    const target = (each: string) => ({ picker, act: 'pickup', target: { number: each }, by: 'number' }) as const;
    return all.filter((each) => each !== picker && decide(askOf(narrow, target(each))).ok).map((each) => picker + each);
  });
  t.same(pairs, ['100101', '100102', '101100', '101102', '102100', '102101'], 'pickup_all: false, also by number');
});

const no = (refusal: string) => ({ ok: false, refusal });

t.test('who is in a group with nobody who would be picked up hears why', async (t) => {
  const reach = (extensions: TenantDocument['extensions'], members: string[]) =>
    reachOf(companyOf({ extensions, pickupGroups: { sales: members } }), number('100'), { by: 'group' });
  t.same(reach({ 100: {}, 101: { refusesPickup: true } }, ['100', '101']), no('opted-out'));
  t.same(reach({ 100: {}, 101: { private: true } }, ['100', '101']), no('private-call'));
  const both = { 100: {}, 101: { private: true }, 102: { refusesPickup: true } };
  t.same(reach(both, ['100', '101', '102']), no('opted-out'));
  t.same(reach({ 100: {}, 101: {} }, ['100', '999']), no('no-group'), 'a number that nobody has is no colleague');
  t.same(reach({ 100: { refusesPickup: true }, 101: {} }, ['100', '101']), { ok: true, extensions: ['101'] });
  t.same(reach({ 101: {} }, ['100', '101']), no('unknown-extension'), 'the picker is nobody');
});
