import type { Group } from '../group.js';
import type { Act, Ask, Model } from '../rules/rule.js';

/** Something that keeps an ask from being granted. */
export interface Missing {
  /** The model that could grant it; `callee` keeps it away whatever the models say; `company` does not have whom it is about. */
  readonly model: Model | 'callee' | 'company';
  readonly why: string;
  /** What an administrator, or the callee, can do about it. */
  readonly remedy: string;
}

/** So many names stand in a sentence; the others are counted. */
const mostNames = 5;

/** Names in a sentence: `sales, night`, `sales, night and 12 more`; `none` of none. */
export const listed = (names: readonly string[]): string => {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
};

/** A group as people call it: `Support (800)`. */
export const groupName = ({ name, number }: Pick<Group, 'name' | 'number'>): string =>
  number === undefined ? name : `${name} (${number})`;

const deeds: Readonly<Record<Act, (whose: string) => string>> = {
  pickup: (whose) => `pick up calls of ${whose}`,
  steal: (whose) => `steal calls of ${whose}`,
  eavesdrop: (whose) => `listen to calls of ${whose}`,
  whisper: (whose) => `whisper into calls of ${whose}`,
  barge: (whose) => `break in on calls of ${whose}`,
  replace: (whose) => `change phones with ${whose}`,
  'view-other-party': (whose) => `see whom ${whose} is on a call with`,
  'set-presence': (whose) => `set the presence of ${whose}`,
  'queue-member': (whose) => `add or remove ${whose}`,
  sms: (whose) => `send texts to ${whose}`,
};

const deedsOnGroups: Readonly<Partial<Record<Act, (group: string) => string>>> = {
  pickup: (group) => `pick up calls of the members of ${group}`,
  'queue-member': (group) => `add or remove members of ${group}`,
  sms: (group) => `send texts to the group ${group}`,
};

/** What somebody wants to do, after "may": `steal calls of 101`, `pick up calls of 101 without dialling its number`. */
export const deedOf = ({ tenant, act, target, by }: Ask): string => {
  if (target.kind === 'group') {
    const group = tenant.groups.get(target.id);
    return (deedsOnGroups[act] ?? deeds[act])(group ? groupName(group) : target.id);
  }
  const without = act === 'pickup' && by === 'group' ? ' without dialling its number' : '';
  return `${deeds[act](target.number)}${without}`;
};
