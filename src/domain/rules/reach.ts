import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import type { Refusal } from '../outcome.js';
import { shareGroupRosters } from './call-control.js';
import { keptAway } from './callee.js';
import { controlledRosters } from './groups.js';
import { ownUserRosters } from './phone-calls.js';
import { pickupGroupRosters } from './pickup-groups.js';

/** The extensions whose ringing calls this picker may have now, or why there are none. */
export type Reach = { ok: true; extensions: readonly Extension[] } | { ok: false; refusal: Refusal };

/** Everybody whom a picker can take calls of without a number, model by model. */
export const rostersOf = (tenant: Tenant, picker: Extension): (readonly Extension[])[] => [
  ...pickupGroupRosters(tenant, picker),
  ...shareGroupRosters(tenant, picker),
  ...controlledRosters(tenant, picker),
  ...ownUserRosters(tenant, picker),
];

/** Whether somebody else is in these groups at all, willing to be picked up or not. */
export const hasOthers = (rosters: readonly (readonly Extension[])[], picker: Extension): boolean =>
  rosters.some((roster) => roster.some((extension) => extension !== picker));

/**
 * The members of these groups whose calls can be taken: each once, without the picker, without those who keep pickers
 * away. If it leaves nobody, the refusal says whether there is nobody or whether nobody wants it.
 */
export const takeable = (tenant: Tenant, picker: Extension, rosters: readonly (readonly Extension[])[]): Reach => {
  const extensions: Extension[] = [];
  const kept = new Set<Refusal>();
  for (const extension of othersIn(rosters, picker)) {
    const entry = tenant.extensions.get(extension);
    if (!entry) continue;
    const refusal = keptAway(entry, 'pickup');
    if (refusal) kept.add(refusal);
    else extensions.push(extension);
  }
  return extensions.length > 0 ? { ok: true, extensions } : { ok: false, refusal: refusalOfNobody(kept) };
};

const othersIn = (rosters: readonly (readonly Extension[])[], picker: Extension): ReadonlySet<Extension> => {
  const others = new Set<Extension>();
  for (const roster of rosters) for (const extension of roster) others.add(extension);
  others.delete(picker);
  return others;
};

const refusalOfNobody = (kept: ReadonlySet<Refusal>): Refusal => {
  if (kept.has('opted-out')) return 'opted-out';
  return kept.has('private-call') ? 'private-call' : 'no-group';
};
