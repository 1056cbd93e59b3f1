import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import { firstCommon, groupsOf } from './membership.js';
import type { Rule } from './rule.js';

/** IvozProvider: whoever shares a pickup group with an extension may pick up its calls, with or without its number. */
export const sharedPickupGroup: Rule = ({ tenant, picker, target }) => {
  if (target.kind !== 'extension') return undefined;
  const { pickupGroups } = tenant.standing;
  const shared = firstCommon(groupsOf(pickupGroups, picker), groupsOf(pickupGroups, target.number));
  const group = shared === undefined ? undefined : tenant.pickupGroups[shared];
  return group && { model: 'pickup-group', rule: 'shared', group: group.name };
};

/** The members of every pickup group that an extension is in. */
export const pickupGroupRosters = (tenant: Tenant, picker: Extension): (readonly Extension[])[] => {
  const { pickupGroups } = tenant.standing;
  return groupsOf(pickupGroups, picker).map((position) => pickupGroups.members[position] ?? []);
};
