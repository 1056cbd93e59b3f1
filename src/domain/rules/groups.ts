import type { GroupId, GroupRight } from '../group.js';
import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import { firstCommon, groupsOf } from './membership.js';
import type { Act, Rule } from './rule.js';

/** The right that a controller needs for an act; acts that are not named here no group can give. */
export const rightFor: Readonly<Partial<Record<Act, GroupRight>>> = {
  pickup: 'pickup',
  steal: 'steal',
  eavesdrop: 'spy',
  'view-other-party': 'viewOtherParty',
  'set-presence': 'setPresence',
  'queue-member': 'queueMember',
  sms: 'sms',
};

/** What can be done to a group as a whole: to take a call of whichever member rings, to change who is in it, to text all. */
export const actsOnGroups: ReadonlySet<Act> = new Set(['pickup', 'queue-member', 'sms']);

/** TelecomX: who controls a group may do to its members, or to the group, what the group's rights say. */
export const controllers: Rule = (ask) => {
  const right = rightFor[ask.act];
  if (!right) return undefined;
  const { tenant, picker, target } = ask;
  const { list, members, controllers: controlled } = tenant.standing.groups;
  const own = groupsOf(controlled, picker);
  const allows = (position: number) => list[position]?.rights.has(right) ?? false;
  const position =
    target.kind === 'extension'
      ? firstCommon(own, groupsOf(members, target.number), allows)
      : own.find((each) => list[each]?.id === target.id && actsOnGroups.has(ask.act) && allows(each));
  const group = position === undefined ? undefined : list[position];
  return group && { model: 'group', rule: right, group: group.name };
};

/** The members of every group whose ringing calls an extension may take as its controller. */
export const controlledRosters = (tenant: Tenant, picker: Extension): (readonly Extension[])[] => {
  const { list, members, controllers } = tenant.standing.groups;
  return groupsOf(controllers, picker)
    .filter((position) => list[position]?.rights.has('pickup'))
    .map((position) => members.members[position] ?? []);
};

/** The members of one group that are extensions of the company. */
export const rosterOf = (tenant: Tenant, id: GroupId): readonly Extension[] => {
  const { list, members } = tenant.standing.groups;
  return members.members[list.findIndex((group) => group.id === id)] ?? [];
};
