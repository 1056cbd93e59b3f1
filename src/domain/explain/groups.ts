import type { Group, GroupRight } from '../group.js';
import type { Extension } from '../names.js';
import { actsOnGroups, rightFor } from '../rules/groups.js';
import { groupsOf } from '../rules/membership.js';
import type { Ask } from '../rules/rule.js';
import { groupName, listed, type Missing } from './words.js';

/** Why no group gives its controllers an act on one of its members. */
export const missingInGroups = ({ tenant, picker, act }: Ask, target: Extension): Missing[] => {
  const right = rightFor[act];
  if (!right) return [];
  const { list, members, controllers } = tenant.standing.groups;
  const around = groupsOf(members, target).flatMap((position) => list[position] ?? []);
  if (around.length === 0) return [inNoGroup(picker, right, target)];
  const own = new Set(groupsOf(controllers, picker).map((position) => list[position]));
  const controlled = around.filter((group) => own.has(group));
  if (controlled.length === 0) return [controlsNone(picker, around, { right, target })];
  return controlled.map((group) => rightIsOff(picker, group, { right, target }));
};

const inNoGroup = (picker: Extension, right: GroupRight, target: Extension): Missing => ({
  model: 'group',
  why: `${target} is a member of no group that has controllers.`,
  remedy: `Make ${target} a member of a group that ${picker} controls, with the right ${right} on.`,
});

interface Wanted {
  readonly right: GroupRight;
  readonly target: Extension;
}

const controlsNone = (picker: Extension, around: readonly Group[], { right, target }: Wanted): Missing => {
  const names = listed(around.map(groupName));
  const isOne = around.length === 1;
  return {
    model: 'group',
    why: `${target} is a member of ${names}, and ${picker} ${isOne ? 'does not control it' : 'controls none of them'}.`,
    remedy: `Make ${picker} a controller of ${isOne ? names : 'one of them'}, with the right ${right} on.`,
  };
};

const rightIsOff = (picker: Extension, group: Group, { right, target }: Wanted): Missing => ({
  model: 'group',
  why: `Group ${groupName(group)} has ${target} as a member and ${picker} as a controller, but its right ${right} is off.`,
  remedy: `Turn the right ${right} on in ${groupName(group)}.`,
});

/** Why somebody may not do an act to a group as a whole. */
export const missingInGroup = ({ tenant, picker, act }: Ask, group: Group): Missing[] => {
  const name = groupName(group);
  const right = rightFor[act];
  if (!right || !actsOnGroups.has(act)) {
    const why = 'This is done to one extension, never to a group as a whole.';
    return [{ model: 'group', why, remedy: `Ask about one member of ${name}.` }];
  }
  if (!group.controllers.includes(picker)) {
    const why = `${picker} is no controller of ${name}.`;
    return [{ model: 'group', why, remedy: `Make ${picker} a controller of ${name}, with the right ${right} on.` }];
  }
  if (!group.rights.has(right)) {
    const why = `${picker} is a controller of ${name}, but its right ${right} is off.`;
    return [{ model: 'group', why, remedy: `Turn the right ${right} on in ${name}.` }];
  }
  return missingMembers({ tenant, picker }, group);
};

/** The right is there; nobody is there to whom it could be done. */
const missingMembers = ({ tenant, picker }: Pick<Ask, 'tenant' | 'picker'>, group: Group): Missing[] => {
  const name = groupName(group);
  const others = group.members.filter((member) => member !== picker && tenant.extensions.has(member));
  if (others.length === 0) {
    const why = `${name} has nobody whose calls ${picker} could pick up.`;
    return [{ model: 'group', why, remedy: `Add a member to ${name}.` }];
  }
  const why = `All members of ${name} have opted out of being picked up, or their calls are private: ${listed(others)}.`;
  return [{ model: 'callee', why, remedy: 'One of them has to allow it again.' }];
};
