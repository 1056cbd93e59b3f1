import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import type { PickupGroup } from '../pickup-group.js';
import { groupsOf } from './membership.js';
import type { Rule } from './rule.js';

/**
 * The pickup groups that an extension's own are associated with, in the administrator's order, each once; without its own,
 * and without those that only these are associated with: so there is no loop to fall into.
 */
export const associatedGroups = ({ standing, pickupGroups }: Tenant, extension: Extension): PickupGroup[] => {
  const own = groupsOf(standing.pickupGroups, extension).flatMap((position) => pickupGroups[position] ?? []);
  const names = new Set(own.flatMap(({ associated = [] }) => associated));
  for (const { name } of own) names.delete(name);
  return [...names].flatMap((wanted) => pickupGroups.find(({ name }) => name === wanted) ?? []);
};

/** Whoever may have the calls of an associated group when nothing rings in the own ones may have them by number too. */
export const associatedPickupGroup: Rule = ({ tenant, picker, target }) => {
  if (target.kind !== 'extension') return undefined;
  const group = associatedGroups(tenant, picker).find(({ members }) => members.includes(target.number));
  return group && { model: 'pickup-group', rule: 'associated', group: group.name };
};

/** The members of every associated pickup group, in the order in which they are asked. */
export const associatedRosters = (tenant: Tenant, picker: Extension): (readonly Extension[])[] =>
  associatedGroups(tenant, picker).map(({ members }) => members);
