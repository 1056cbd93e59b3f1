import type { CallControl } from '../call-control.js';
import type { Extension } from '../names.js';
import { listed } from './words.js';

/** A share group on the way from one extension to another, and by whose number the way came to it. */
interface Step {
  readonly name: string;
  readonly before?: { readonly step: Step; readonly joint: Extension };
}

/**
 * How share groups join two extensions, in words and over as few groups as can be: `both are in the share group support`,
 * or `the share groups support, sales count as one: 101 is in support and sales`.
 */
export const shareChain = (document: CallControl, picker: Extension, target: Extension): string => {
  const way = wayOf(shortest(document, picker, target));
  const names = way.map(({ name }) => name);
  if (names.length < 2) return `both are in the share group ${listed(names)}`;
  const joints = way.flatMap(({ name, before }) =>
    before ? `${before.joint} is in ${before.step.name} and ${name}` : [],
  );
  return `the share groups ${listed(names)} count as one: ${listed(joints)}`;
};

/** Breadth first, from the groups of the picker to one of the target's. */
const shortest = (document: CallControl, picker: Extension, target: Extension): Step | undefined => {
  const groupsOf = shareGroupsOf(document);
  const entered = new Set<string>();
  const enter = (joint: Extension, step?: Step): Step[] => {
    const fresh = (groupsOf.get(joint) ?? []).filter((name) => !entered.has(name));
    for (const name of fresh) entered.add(name);
    return fresh.map((name) => (step ? { name, before: { step, joint } } : { name }));
  };
  const goals = new Set(groupsOf.get(target));
  const queue = enter(picker);
  for (const step of queue) {
    if (goals.has(step.name)) return step;
    for (const joint of document.groups.get(step.name) ?? []) queue.push(...enter(joint, step));
  }
  return undefined;
};

const shareGroupsOf = (document: CallControl): Map<Extension, string[]> => {
  const found = new Map<Extension, string[]>();
  for (const name of new Set(document.pickupShareGroups)) {
    for (const number of new Set(document.groups.get(name))) {
      const known = found.get(number);
      if (known) known.push(name);
      else found.set(number, [name]);
    }
  }
  return found;
};

const wayOf = (last: Step | undefined): Step[] => {
  const way: Step[] = [];
  for (let step = last; step; step = step.before?.step) way.unshift(step);
  return way;
};
