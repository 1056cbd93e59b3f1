import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import type { Rule } from './rule.js';

/** Pickup groups (IvozProvider): without a number, whoever shares a group with the ringing extension may pick it up. */
export const pickupGroups: Rule = ({ tenant, picker, target, act, by }) => {
  if (act !== 'pickup' || by !== 'group' || target.kind !== 'extension') return undefined;
  const shared = tenant.pickupGroups.find(({ members }) => members.includes(picker) && members.includes(target.number));
  return shared && { model: 'pickup-group', rule: 'shared', group: shared.name };
};

/** IvozProvider's direct pickup: whoever names the ringing extension may have its call, inside the tenant. */
export const directPickup: Rule = ({ tenant, target, act, by }) =>
  act === 'pickup' && by === 'number' && target.kind === 'extension' && tenant.extensions.has(target.number)
    ? { model: 'call-control', rule: 'pickup_all' }
    : undefined;

/** Everybody whom this picker shares a pickup group with, all groups taken together, without the picker. */
export const colleaguesOf = (tenant: Tenant, picker: Extension): Extension[] => {
  const colleagues = new Set<Extension>();
  for (const { members } of tenant.pickupGroups) {
    if (!members.includes(picker)) continue;
    for (const member of members) colleagues.add(member);
  }
  colleagues.delete(picker);
  return [...colleagues];
};
