import type { Extension } from '../names.js';
import { associatedGroups } from '../rules/associated-groups.js';
import { groupsOf } from '../rules/membership.js';
import type { Ask } from '../rules/rule.js';
import { listed, type Missing } from './words.js';

/** Why no pickup group grants a pickup, neither an own one nor one that is associated with it. */
export const missingInPickupGroups = ({ tenant, picker, act }: Ask, target: Extension): Missing[] => {
  if (act !== 'pickup') return [];
  const groups = (extension: Extension) =>
    listed(groupsOf(tenant.standing.pickupGroups, extension).map((each) => tenant.pickupGroups[each]?.name ?? ''));
  const associated = associatedGroups(tenant, picker).map(({ name }) => name);
  const isAlone = associated.length === 0;
  const nor = isAlone
    ? ''
    : ` Nor is ${target} in a group that those of ${picker} are associated with: ${listed(associated)}.`;
  return [
    {
      model: 'pickup-group',
      why: `No pickup group has both ${picker} and ${target}: ${picker} is in ${groups(picker)}; ${target} is in ${groups(target)}.${nor}`,
      remedy: `Put both into one pickup group${isAlone ? '' : `, or associate a group of ${picker} with one of ${target}`}.`,
    },
  ];
};
