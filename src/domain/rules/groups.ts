import type { Group, GroupId, GroupRight } from '../group.js';
import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import { placeOf, type RingPlace } from '../ring-place.js';
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

/** The groups whose ringing calls an extension may take as their controller. */
export const controlledGroups = ({ standing }: Tenant, picker: Extension): Group[] =>
  groupsOf(standing.groups.controllers, picker)
    .flatMap((position) => standing.groups.list[position] ?? [])
    .filter(({ rights }) => rights.has('pickup'));

/** Where the calls of every such group ring. */
export const controlledRosters = (tenant: Tenant, picker: Extension): (readonly RingPlace[])[] =>
  controlledGroups(tenant, picker).map((group) => rosterOf(tenant, group.id));

/** Where the calls of one group ring: at its members, and wherever else they go on to. */
export const rosterOf = (tenant: Tenant, id: GroupId): readonly RingPlace[] => {
  const { list, members } = tenant.standing.groups;
  return [...(members.members[list.findIndex((group) => group.id === id)] ?? []), placeOf(id)];
};
