import type { Extension } from './names.js';
import type { PickupGroup } from './pickup-group.js';

/** Who stands in which group: the answer to every question of the rules, looked up instead of searched. */
export interface Standing {
  /** Which pickup groups an extension is in, as positions in the tenant's list. */
  readonly pickupGroups: ReadonlyMap<Extension, readonly number[]>;
}

/** Makes the standing of one version of a tenant. */
export const standingOf = ({ pickupGroups }: { pickupGroups: readonly PickupGroup[] }): Standing => {
  const of = new Map<Extension, number[]>();
  pickupGroups.forEach(({ members }, index) => {
    for (const member of members) of.set(member, [...(of.get(member) ?? []), index]);
  });
  return { pickupGroups: of };
};
