import type { Extension } from '../names.js';
import { groupsOf } from '../rules/membership.js';
import type { Ask } from '../rules/rule.js';
import { listed, type Missing } from './words.js';

/** Why no pickup group grants a pickup. */
export const missingInPickupGroups = ({ tenant, picker, act }: Ask, target: Extension): Missing[] => {
  if (act !== 'pickup') return [];
  const groups = (extension: Extension) =>
    listed(groupsOf(tenant.standing.pickupGroups, extension).map((each) => tenant.pickupGroups[each]?.name ?? ''));
  return [
    {
      model: 'pickup-group',
      why: `No pickup group has both ${picker} and ${target}: ${picker} is in ${groups(picker)}; ${target} is in ${groups(target)}.`,
      remedy: 'Put both into one pickup group.',
    },
  ];
};
