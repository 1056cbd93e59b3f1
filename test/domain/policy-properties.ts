import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { GroupId } from '../../src/domain/group.js';
import type { Tenant } from '../../src/domain/office.js';
import { type Decision, decide, reachOf } from '../../src/domain/policy.js';
import { isGroupPlace, placeOf } from '../../src/domain/ring-place.js';
import { everybodyIn } from '../../src/domain/selection.js';
import type { ExtensionDocument, TenantDocument } from '../../src/domain/tenant-document.js';
import { companyOf, number } from './acme.js';
import { askOf, type PlainAsk, plainly } from './plain-policy.js';
import { everyAsk, ids, numbers, type Rules, randomCompany, randomExtensions, randomRules } from './random-company.js';

const isOk = (tenant: Tenant, ask: PlainAsk): boolean => decide(askOf(tenant, ask)).ok;

const textOf = ({ model, rule, group }: { model: string; rule: string; group?: string }): string =>
  [model, rule, ...(group === undefined ? [] : [group])].join(' ');

const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, numRuns = 150): void =>
  fc.assert(fc.property(arbitrary, property), { numRuns, seed: 20_261_121 });

/** The groups whose calls an extension may take wherever they ring. */
const controlledBy = ({ groups }: Tenant, picker: string): string[] =>
  [...groups.values()]
    .filter(({ controllers, rights }) => controllers.includes(number(picker)) && rights.has('pickup'))
    .map(({ id }) => placeOf(id));

const no = (refusal: string) => ({ ok: false, refusal });

/** Every no that the policy has. */
const refusals = ['no-group', 'not-allowed', 'opted-out', 'private-call', 'unknown-extension', 'unknown-group'];

/** Every rule that can grant; `_ext` stands for a number. */
const ruleNames = [
  ...['allow_all', 'barge_ext', 'eavesdrop_ext', 'phone_replace_groups', 'pickup_all', 'pickup_share_groups'].map(
    (rule) => `call-control ${rule}`,
  ),
  'call-control whisper_ext',
  ...['pickup', 'queueMember', 'setPresence', 'sms', 'spy', 'steal', 'viewOtherParty'].map((rule) => `group ${rule}`),
  'own own-extension',
  ...['global', 'organization', 'user'].map((rule) => `phone-calls ${rule}`),
  ...['associated', 'shared'].map((rule) => `pickup-group ${rule}`),
];

t.test('the policy says what a second, slow one says', async (t) => {
  const seen = { yes: 0, no: new Set<string>(), rules: new Set<string>() };
  check(randomCompany, (document) => {
    const tenant = companyOf(document);
    for (const plain of everyAsk) {
      const [fast, slow] = [decide(askOf(tenant, plain)), plainly(document, plain)];
      const place = `${JSON.stringify(plain)}: ${JSON.stringify(fast)}, not ${JSON.stringify(slow)}`;
      if (fast.ok ? !slow.grants.includes(textOf(fast.grant)) : slow.refusal !== fast.refusal) throw new Error(place);
      if (fast.ok)
        seen.rules.add(
          textOf(fast.grant)
            .split(' ')
            .slice(0, 2)
            .join(' ')
            .replace(/_\d.*|_con.*/, '_ext'),
        );
      if (fast.ok) seen.yes += 1;
      else seen.no.add(fast.refusal);
    }
  });
  t.ok(seen.yes > 1000, 'many a yes was among them');
  t.same([...seen.no].sort(), refusals, 'and every no');
  t.same([...seen.rules].sort(), ruleNames, 'and every rule');
});

/** A company with one model silenced. Without a call control document everybody picks up, so silence is a document. */
const silenced: Record<string, (document: TenantDocument) => TenantDocument> = {
  'pickup groups': (document) => ({ ...document, pickupGroups: {} }),
  'call control': (document) => ({ ...document, callControl: { pickup_all: false } }),
  groups: (document) => ({
    ...document,
    groups: Object.fromEntries(Object.entries(document.groups ?? {}).map(([id, { name }]) => [id, { name }])),
  }),
  contexts: (document) => ({
    ...document,
    users: Object.fromEntries(['anna', 'anna.b', ...numbers].map((user) => [user, { context: 'phone' as const }])),
  }),
};

t.test('models add up: silencing one never turns a no into a yes', async (t) => {
  for (const [name, silence] of Object.entries(silenced)) {
    let changed = 0;
    check(
      randomCompany,
      (document) => {
        const [whole, less] = [companyOf(document), companyOf(silence(document))];
        for (const ask of everyAsk) {
          if (isOk(less, ask) && !isOk(whole, ask)) throw new Error(`${name}: ${JSON.stringify(ask)}`);
          if (isOk(whole, ask) !== isOk(less, ask)) changed += 1;
        }
      },
      60,
    );
    t.ok(changed > 0, `${name} had granted something that nothing else did`);
  }
});

/** Both rules in one company; groups of the same name have the members of both. */
const together = (one: Rules, two: Rules): Rules => {
  const merged = (a: unknown, b: unknown): unknown => {
    if (a === undefined || b === undefined) return a ?? b;
    if (Array.isArray(a) && Array.isArray(b)) return [...new Set([...a, ...b])];
    if (typeof a === 'boolean') return a || b;
    if (typeof a === 'object' && typeof b === 'object' && a && b) {
      const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
      const at = (of: object, key: string) => Object.entries(of).find(([each]) => each === key)?.[1];
      return Object.fromEntries([...keys].map((key) => [key, merged(at(a, key), at(b, key))]));
    }
    return [a, b].includes('global') ? 'global' : wider(a as string, b as string);
  };
  const withPickupAll = (rules: Rules) => ({ ...rules, callControl: { pickup_all: true, ...rules.callControl } });
  return merged(withPickupAll(one), withPickupAll(two)) as Rules;
};

const contexts = ['phone', 'user', 'organization', 'global'];

/** The wider context; anything else, such as a name, as the first says it. */
const wider = (a: string, b: string): string => (contexts.indexOf(b) > contexts.indexOf(a) ? b : a);

t.test('models add up: more rules never turn a yes into a no', async (t) => {
  let changed = 0;
  check(
    fc.tuple(randomExtensions, randomRules, randomRules),
    ([extensions, one, two]) => {
      // A user of whom nothing is said has the context `user`: to say `phone` would be to take something away.
      const users = Object.fromEntries(['anna', 'anna.b', ...numbers].map((id) => [id, { context: 'user' as const }]));
      const of = (rules: Rules) => companyOf({ extensions, ...together(rules, { users }) });
      const [less, more] = [of(one), of(together(one, two))];
      for (const ask of everyAsk) {
        if (isOk(less, ask) && !isOk(more, ask)) throw new Error(JSON.stringify(ask));
        if (isOk(more, ask) !== isOk(less, ask)) changed += 1;
      }
    },
    60,
  );
  t.ok(changed > 0, 'the second rules had something to add');
});

const kept = ['pickup', 'steal', 'eavesdrop', 'whisper', 'barge', 'view-other-party'];

t.test('only the callee can keep an act away, and against everybody', async (t) => {
  const everything: Rules = {
    callControl: { allow_all: true, pickup_share_groups: ['a'], groups: { a: [...numbers] } },
    pickupGroups: { all: [...numbers] },
    users: Object.fromEntries(numbers.map((each) => [each, { context: 'global' as const }])),
  };
  let taken = 0;
  const looked = (company: TenantDocument, callee: string) => {
    const of = (entry: ExtensionDocument) =>
      companyOf({ ...company, extensions: { ...company.extensions, [callee]: entry } });
    const tenants = [of({}), of({ refusesPickup: true }), of({ private: true })];
    for (const ask of asksAbout(callee).filter(({ picker }) => tenants[0]?.extensions.has(number(picker)))) {
      const [before, refusing, hidden] = tenants.map((tenant) => decide(askOf(tenant, ask)));
      const isOther = ask.picker !== callee;
      assert.deepEqual(refusing, isOther && ask.act === 'pickup' ? no('opted-out') : before);
      assert.deepEqual(hidden, isOther && kept.includes(ask.act) ? no('private-call') : before);
      if (before?.ok && !hidden?.ok) taken += 1;
    }
  };
  check(fc.tuple(randomCompany, fc.constantFrom(...numbers.slice(0, 6))), ([company, callee]) => {
    looked(company, callee);
    looked({ ...company, ...everything }, callee);
  });
  t.ok(taken > 1000, 'what everybody had granted was taken away');
});

const asksAbout = (callee: string): PlainAsk[] =>
  everyAsk.filter(({ target }) => 'number' in target && target.number === callee);

t.test('the wall: a number that the company does not have is nobody, whatever group has it', async (t) => {
  let hidden = 0;
  check(fc.tuple(randomCompany, fc.constantFrom(...numbers.slice(0, 6))), ([company, gone]) => {
    const { [gone]: _, ...extensions } = company.extensions;
    const [whole, without] = [companyOf(company), companyOf({ ...company, extensions })];
    for (const ask of everyAsk) {
      if (ask.picker !== gone && !('number' in ask.target && ask.target.number === gone)) continue;
      assert.deepEqual(decide(askOf(without, ask)), no('unknown-extension'));
      if (isOk(whole, ask)) hidden += 1;
    }
    for (const picker of numbers) {
      const reach = reachOf(without, number(picker), { by: 'group' });
      if (reach.ok) assert.ok(!everybodyIn(reach).includes(number(gone)));
    }
  });
  t.ok(hidden > 1000, 'where the company has it, it was reached');
});

const codes = new Map<string, string>();

/** Another name for each, none a part of another. */
const renamed = (name: string): string => {
  if (!codes.has(name)) codes.set(name, `z${codes.size}y`);
  return codes.get(name) as string;
};

t.test('names are compared whole: renaming people and groups changes no decision', async (t) => {
  check(
    randomCompany,
    (document) => {
      const other = renameIn(document);
      const [before, after] = [companyOf(document), companyOf(other)];
      for (const ask of everyAsk) {
        const target = 'number' in ask.target ? { number: renamed(ask.target.number) } : ask.target;
        const [one, two] = [
          decide(askOf(before, ask)),
          decide(askOf(after, { ...ask, picker: renamed(ask.picker), target })),
        ];
        const outline = (decision: Decision) => (decision.ok ? decision.grant.model : decision.refusal);
        if (outline(one) !== outline(two)) throw new Error(`${JSON.stringify(ask)}: ${outline(one)}, ${outline(two)}`);
      }
    },
    60,
  );
  t.notOk(renamed('10').includes(renamed('1')), 'what was a part of another name is none now');
});

const renameIn = (document: TenantDocument): TenantDocument => {
  const list = (all: readonly string[] = []) => all.map((name) => (ids.includes(name) ? name : renamed(name)));
  const lists = (of: Record<string, unknown> = {}, key = renamed) =>
    Object.fromEntries(Object.entries(of).map(([name, all]) => [key(name), list(all as string[])]));
  const { allow_all, pickup_all, groups, pickup_share_groups, phone_replace_groups, ...per } =
    document.callControl ?? {};
  const field = (name: string) => name.replace(/_(.*)$/, (_, ext) => `_${renamed(ext)}`);
  const users = new Set([...Object.keys(document.users ?? {}), ...numbers]);
  return {
    extensions: Object.fromEntries(
      Object.entries(document.extensions).map(([own, entry]) => [renamed(own), { user: own, ...entry }]),
    ),
    users: Object.fromEntries([...users].map((id) => [id, document.users?.[id] ?? {}])),
    pickupGroups: Object.fromEntries(
      Object.entries(document.pickupGroups ?? {}).map(([name, group]) => {
        const { members, associated } = Array.isArray(group) ? { members: group } : group;
        return [renamed(name), { members: list(members), associated: list(associated) }];
      }),
    ),
    ...(document.callControl && {
      callControl: {
        allow_all: allow_all ?? false,
        pickup_all: pickup_all ?? true,
        groups: lists(groups),
        pickup_share_groups: list(pickup_share_groups),
        phone_replace_groups: list(phone_replace_groups),
        ...lists(per, field),
      },
    }),
    groups: Object.fromEntries(
      Object.entries(document.groups ?? {}).map(([id, group]) => [
        id,
        { ...group, name: renamed(group.name), members: list(group.members), controllers: list(group.controllers) },
      ]),
    ),
  };
};

t.test('whom a pickup reaches is whom the policy allows, no more and no less', async (t) => {
  let reached = 0;
  const looked = (tenant: Tenant, picker: string) => {
    const asked = { picker, act: 'pickup' } as const;
    const bare = reachOf(tenant, number(picker), { by: 'group' });
    const allowed = numbers.filter((each) => isOk(tenant, { ...asked, target: { number: each }, by: 'group' }));
    const found = bare.ok ? everybodyIn(bare) : [];
    assert.deepEqual(found.filter((place) => !isGroupPlace(place)).sort(), [...allowed].sort(), 'each once');
    if (bare.ok) reached += found.length;
    else assert.ok(['no-group', 'opted-out', 'private-call', 'unknown-extension'].includes(bare.refusal));

    for (const each of numbers) {
      const one = reachOf(tenant, number(picker), { by: 'number', extension: number(each) });
      const decision = decide(askOf(tenant, { ...asked, target: { number: each }, by: 'number' }));
      const through = controlledBy(tenant, picker);
      const elsewhere = { ok: true, extensions: [each], through, otherwise: 'not-allowed' };
      const refused = !decision.ok && decision.refusal === 'not-allowed' && through.length > 0 ? elsewhere : decision;
      assert.deepEqual(one, decision.ok ? { ok: true, extensions: [each] } : refused);
    }
    for (const id of ids) {
      const group = reachOf(tenant, number(picker), { by: 'group', group: id as GroupId });
      const decision = decide(askOf(tenant, { ...asked, target: { group: id }, by: 'group' }));
      assert.equal(group.ok || group.refusal, decision.ok || decision.refusal);
      if (group.ok)
        assert.ok(
          group.extensions.every((each) => found.includes(each)),
          'the bare code finds them too',
        );
    }
  };
  check(randomCompany, (document) => {
    for (const selection of ['oldest', 'priority'] as const) {
      const tenant = companyOf({ ...document, selection });
      for (const picker of numbers) looked(tenant, picker);
    }
  });
  t.ok(reached > 300, 'somebody was reached');
});

t.test('share groups are joined by what they have in common, in whatever order they stand', async (t) => {
  const chain = (first: number) =>
    Array.from({ length: 9 }, (_, index) => [`${first + index}`, `${first + index + 1}`]);
  const chains = [chain(200), chain(300)];
  const [even, odd] = chains.map((links) => [...new Set(links.flat())]) as [string[], string[]];
  const extensions = Object.fromEntries([...even, ...odd].map((each) => [each, {}]));
  const links = chains.flat();
  check(fc.shuffledSubarray(links, { minLength: links.length }), (order) => {
    const groups = Object.fromEntries(order.map((link, index) => [`g${index}`, link]));
    const callControl = { pickup_all: false, groups, pickup_share_groups: Object.keys(groups) };
    const tenant = companyOf({ extensions, callControl });
    for (const own of [even, odd]) {
      for (const picker of own) {
        const reach = reachOf(tenant, number(picker), { by: 'group' });
        assert.deepEqual(
          reach.ok && [...reach.extensions].sort(),
          own.filter((each) => each !== picker),
        );
      }
    }
  });
  t.equal(even.length, 10, 'two chains of ten, and nothing joins them');
});
