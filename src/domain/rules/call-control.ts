import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import { firstCommon, groupsOf } from './membership.js';
import type { Rule } from './rule.js';

/** UIS, `allow_all`: everybody may do every act of a phone to everybody's calls. A pickup needs the number all the same. */
export const allowAll: Rule = ({ tenant, act, target, by }) =>
  tenant.callControl?.allowAll && target.kind === 'extension' && (act !== 'pickup' || by === 'number')
    ? { model: 'call-control', rule: 'allow_all' }
    : undefined;

/**
 * UIS, `pickup_all`: whoever names an extension may have its call; so it is without a document, and so it is with
 * IvozProvider's direct pickup.
 */
export const pickupAll: Rule = ({ tenant, target, by }) =>
  by === 'number' && target.kind === 'extension' && (tenant.callControl?.pickupAll ?? true)
    ? { model: 'call-control', rule: 'pickup_all' }
    : undefined;

/** UIS, `pickup_share_groups`: inside one share group, or several that are joined, with or without a number. */
export const shareGroups: Rule = ({ tenant, picker, target }) => {
  if (target.kind !== 'extension') return undefined;
  const { components, shared, names } = tenant.standing.callControl;
  const component = components.of.get(picker);
  if (component === undefined || component !== components.of.get(target.number)) return undefined;
  const [mine, theirs] = [groupsOf(shared, picker), groupsOf(shared, target.number)];
  const both = firstCommon(mine, theirs);
  const through = both === undefined ? [mine[0], theirs[0]] : [both];
  const group = through.map((position) => names[position ?? -1]).join(' + ');
  return { model: 'call-control', rule: 'pickup_share_groups', group };
};

/** The extensions of the share groups, all joined, that an extension is in. */
export const shareGroupRosters = (tenant: Tenant, picker: Extension): (readonly Extension[])[] => {
  const { components } = tenant.standing.callControl;
  const component = components.of.get(picker);
  return component === undefined ? [] : [components.members[component] ?? []];
};

/** UIS, `eavesdrop_{ext}` and `whisper_{ext}`, and our `barge_{ext}`: the extension may do it to the named groups. */
export const perExtension =
  (act: 'eavesdrop' | 'whisper' | 'barge'): Rule =>
  ({ tenant, picker, target }) => {
    if (target.kind !== 'extension') return undefined;
    const { names, groups, [act]: allowed } = tenant.standing.callControl;
    const position = firstCommon(groupsOf({ of: allowed }, picker), groupsOf(groups, target.number));
    if (position === undefined) return undefined;
    return { model: 'call-control', rule: `${act}_${picker}`, group: names[position] ?? '' };
  };

/** UIS, `phone_replace_groups`: inside one of the named groups people may change phones. These groups are not joined. */
export const replaceGroups: Rule = ({ tenant, picker, target }) => {
  if (target.kind !== 'extension') return undefined;
  const { names, replace } = tenant.standing.callControl;
  const position = firstCommon(groupsOf(replace, picker), groupsOf(replace, target.number));
  if (position === undefined) return undefined;
  return { model: 'call-control', rule: 'phone_replace_groups', group: names[position] ?? '' };
};
