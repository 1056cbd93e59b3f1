import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import type { Refusal } from '../outcome.js';
import { type GroupPlace, groupAt, isGroupPlace, placeOf, type RingPlace } from '../ring-place.js';
import type { Wanted } from '../selection.js';
import { associatedRosters } from './associated-groups.js';
import { shareGroupRosters } from './call-control.js';
import { keptAway } from './callee.js';
import { controlledGroups, controlledRosters } from './groups.js';
import { ownUserRosters } from './phone-calls.js';
import { pickupGroupRosters } from './pickup-groups.js';

/** Whose ringing calls this picker may have now, and which of several is the best, or why there are none. */
export type Reach =
  | ({
      ok: true;
      /** What is said where no such call rings; `no-call` unless it is. */
      otherwise?: Refusal;
    } & Wanted)
  | { ok: false; refusal: Refusal };

/** Where the calls of the own groups of a picker ring, model by model: these need no number. */
const rostersOf = (tenant: Tenant, picker: Extension): (readonly RingPlace[])[] => [
  ...pickupGroupRosters(tenant, picker),
  ...shareGroupRosters(tenant, picker),
  ...controlledRosters(tenant, picker),
  ...ownUserRosters(tenant, picker),
];

/** Whether somebody else is in a picker's groups, or in those that they are associated with, willing to be picked up or not. */
export const hasOthers = (tenant: Tenant, picker: Extension): boolean =>
  [...rostersOf(tenant, picker), ...associatedRosters(tenant, picker)].some((roster) =>
    roster.some((place) => place !== picker && !isGroupPlace(place) && tenant.extensions.has(place)),
  );

/**
 * Where calls can be taken in these groups: at the members, each once, without the picker and those who keep pickers away;
 * and wherever the groups' own calls ring. If it leaves nobody, the refusal says whether there is nobody or whether nobody
 * wants it.
 */
export const takeable = (tenant: Tenant, picker: Extension, rosters: readonly (readonly RingPlace[])[]): Reach => {
  const [members, groups] = [new Set<Extension>(), new Set<GroupPlace>()];
  for (const place of rosters.flat()) isGroupPlace(place) ? groups.add(place) : members.add(place);
  members.delete(picker);
  const kept = new Set<Refusal>();
  const willing = [...members].filter((extension) => {
    const entry = tenant.extensions.get(extension);
    const refusal = entry && keptAway(entry, 'pickup');
    if (refusal) kept.add(refusal);
    return entry !== undefined && refusal === undefined;
  });
  if (willing.length === 0 && ![...groups].some((group) => goesOn(tenant, group))) {
    return { ok: false, refusal: refusalOfNobody(kept) };
  }
  return { ok: true, extensions: [...willing, ...groups] };
};

/** Its calls ring elsewhere than at its members too. */
const goesOn = ({ groups }: Tenant, place: GroupPlace): boolean => {
  const group = groups.get(groupAt(place));
  return group?.redirect !== undefined || group?.timeoutGoto !== undefined;
};

/**
 * The same without a number: the own groups together, or by priority one after another; then each group that they are
 * associated with. What is in several is looked at with the first.
 */
export const takeableInTurns = (tenant: Tenant, picker: Extension): Reach => {
  const own = rostersOf(tenant, picker);
  const turns = [
    ...(tenant.selection === 'priority' ? own.map((roster) => [roster]) : [own]),
    ...associatedRosters(tenant, picker).map((roster) => [roster]),
  ];
  const asked = new Set<RingPlace>();
  const found = turns.flatMap((rosters) => {
    const reach = takeable(tenant, picker, rosters);
    const fresh = reach.ok ? reach.extensions.filter((place) => !asked.has(place)) : [];
    for (const place of fresh) asked.add(place);
    return fresh.length > 0 ? [fresh] : [];
  });
  const [extensions, ...further] = found;
  if (!extensions) return takeable(tenant, picker, turns.flat());
  return { ok: true, extensions, ...(further.length > 0 && { further }) };
};

/**
 * The calls of one extension whose own calls this picker may not have: those that came to it through a group that the picker
 * controls. Undefined where there is no such group, or the callee keeps pickers away.
 */
export const throughControlled = (tenant: Tenant, picker: Extension, extension: Extension): Reach | undefined => {
  const through = controlledGroups(tenant, picker).map(({ id }) => placeOf(id));
  const entry = tenant.extensions.get(extension);
  if (through.length === 0 || !entry || keptAway(entry, 'pickup')) return undefined;
  return { ok: true, extensions: [extension], through, otherwise: 'not-allowed' };
};

const refusalOfNobody = (kept: ReadonlySet<Refusal>): Refusal => {
  if (kept.has('opted-out')) return 'opted-out';
  return kept.has('private-call') ? 'private-call' : 'no-group';
};
