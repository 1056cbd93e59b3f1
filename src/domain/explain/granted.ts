import type { Group } from '../group.js';
import { rightFor } from '../rules/groups.js';
import { contextOf } from '../rules/phone-calls.js';
import type { Ask, Grant } from '../rules/rule.js';
import { shareChain } from './share-chain.js';
import { groupName } from './words.js';

/** By which rule something is allowed, as the half of a sentence that follows "because". */
export const groundOf = (ask: Ask, grant: Grant): string => {
  switch (grant.model) {
    case 'own':
      return `${ask.picker} is the own extension`;
    case 'pickup-group':
      return groundInPickupGroups(ask, grant);
    case 'call-control':
      return groundInCallControl(ask, grant);
    case 'group':
      return groundInGroups(ask, grant);
    case 'phone-calls':
      return groundInPhoneCalls(ask, grant);
  }
};

const groundInPickupGroups = ({ picker, target }: Ask, { rule, group }: Grant): string =>
  rule === 'associated' && target.kind === 'extension'
    ? `${target.number} is in the pickup group ${group}, and one of ${picker}'s own groups is associated with it`
    : `both are in the pickup group ${group}`;

const groundInCallControl = ({ tenant, picker, target }: Ask, { rule, group }: Grant): string => {
  const document = tenant.callControl;
  if (!document) return 'the company has no call control document, and without one everybody may pick up by number';
  if (rule === 'allow_all' || rule === 'pickup_all') return `the call control document says ${rule}: true`;
  const other = target.kind === 'extension' ? target.number : picker;
  if (rule === 'pickup_share_groups') return shareChain(document, picker, other);
  if (rule === 'phone_replace_groups') return `both are in ${group}, which phone_replace_groups names`;
  return `the call control document names ${group} in ${rule}, and ${other} is in it`;
};

const groundInGroups = ({ tenant, picker, act, target }: Ask, { rule, group: name }: Grant): string => {
  const right = rightFor[act];
  const isMeant = (group: Group) =>
    group.name === name &&
    group.controllers.includes(picker) &&
    right !== undefined &&
    group.rights.has(right) &&
    (target.kind === 'group' ? target.id === group.id : group.members.includes(target.number));
  const group = [...tenant.groups.values()].find(isMeant);
  const member = target.kind === 'group' ? '' : `, ${target.number} is a member`;
  return `${picker} controls ${group ? groupName(group) : name}${member}, and its right ${rule} is on`;
};

const groundInPhoneCalls = ({ tenant, picker }: Ask, { rule }: Grant): string => {
  const { user } = contextOf(tenant, picker);
  return rule === 'user' ? `both belong to the user ${user}` : `the context of ${user}, who has ${picker}, is ${rule}`;
};
