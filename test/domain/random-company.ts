import fc from 'fast-check';
import { acts } from '../../src/domain/rules/rule.js';
import type { CallControlDocument, ExtensionDocument, TenantDocument } from '../../src/domain/tenant-document.js';
import type { PlainAsk } from './plain-policy.js';

/** Numbers that contain one another; the last two are nobody's in any company. */
export const numbers = ['1', '10', '100', '101', '0101', 'constructor', '1010', '99'] as const;

const owned = numbers.slice(0, 6);
const userIds = ['anna', 'anna.b', '10'];
const names = ['a', 'ab', 'A', 'a ', '__proto__', 'toString'];

/** Ids of groups; the last one is no group's. */
export const ids = ['a1', 'a2', 'ff'].map((end) => end.padStart(24, '0'));

const number = fc.constantFrom(...numbers);
const roster = fc.uniqueArray(number, { maxLength: 5 });
const some = (from: readonly string[]) => fc.subarray([...from]);

const mapOf = <T>(keys: readonly string[], value: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<Record<string, T>> =>
  fc
    .tuple(fc.subarray([...keys], { minLength }), fc.array(value, { minLength: keys.length, maxLength: keys.length }))
    .map(([chosen, values]) => Object.fromEntries(chosen.map((key, index) => [key, values[index] as T])));

const seldom = fc.integer({ min: 0, max: 7 }).map((n) => n === 0);

const extension: fc.Arbitrary<ExtensionDocument> = fc.record(
  { user: fc.constantFrom(...userIds), refusesPickup: seldom, private: seldom },
  { requiredKeys: [] },
);

const perExtension = mapOf(
  owned.flatMap((each) => ['eavesdrop', 'whisper', 'barge'].map((act) => `${act}_${each}`)),
  some(names),
);

const callControl: fc.Arbitrary<CallControlDocument> = fc
  .tuple(
    fc.record(
      {
        allow_all: seldom,
        pickup_all: fc.boolean(),
        groups: mapOf(names, roster),
        pickup_share_groups: some(names),
        phone_replace_groups: some(names),
      },
      { requiredKeys: [] },
    ),
    perExtension,
  )
  .map(([fields, lists]) => ({ ...fields, ...lists }));

const flag = fc.boolean();

const group = fc.record({
  name: fc.constantFrom(...names),
  members: fc.uniqueArray(fc.oneof({ weight: 4, arbitrary: number }, fc.constantFrom(...ids.slice(0, 2))), {
    maxLength: 5,
  }),
  controllers: roster,
  redirect: fc.constantFrom(undefined, undefined, '4711'),
  pickup: flag,
  steal: flag,
  spy: flag,
  setPresence: flag,
  queueMember: flag,
  viewOtherParty: flag,
  sms: flag,
});

const rules = {
  users: mapOf(userIds, fc.record({ context: fc.constantFrom('phone', 'user', 'organization', 'global') })),
  pickupGroups: mapOf(names, fc.record({ members: roster, associated: some(names) })),
  callControl,
  groups: mapOf(ids.slice(0, 2), group),
};

/** A company's rules without its extensions. */
export type Rules = Pick<TenantDocument, 'users' | 'pickupGroups' | 'callControl' | 'groups'>;

/** Rules of all models, or of some. */
export const randomRules = fc.record(rules, { requiredKeys: [] }) as fc.Arbitrary<Rules>;

/** Extensions, some of one user, a few who keep pickers away. */
export const randomExtensions = mapOf(owned, extension, 3);

/** A small company in which many questions have a yes. */
export const randomCompany: fc.Arbitrary<TenantDocument> = fc
  .tuple(randomExtensions, randomRules)
  .map(([extensions, rules]) => ({ extensions, ...rules }));

/** Every question that can be asked of such a company. */
export const everyAsk: readonly PlainAsk[] = numbers.flatMap((picker) =>
  acts.flatMap((act) => [
    ...numbers.flatMap((number) =>
      (['number', 'group'] as const).map((by) => ({ picker, act, target: { number }, by })),
    ),
    ...ids.map((id) => ({ picker, act, target: { group: id }, by: 'group' as const })),
  ]),
);
