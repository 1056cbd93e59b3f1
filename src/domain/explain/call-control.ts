import type { CallControl } from '../call-control.js';
import type { Extension } from '../names.js';
import type { CallControlStanding } from '../rules/call-control-standing.js';
import { groupsOf, type Membership } from '../rules/membership.js';
import type { Ask } from '../rules/rule.js';
import { listed, type Missing } from './words.js';

type Finding = Omit<Missing, 'model'>;

/** Why the call control document does not grant an act of a phone. */
export const missingInCallControl = (ask: Ask, target: Extension): Missing[] => {
  const found = findingOf(ask, target);
  return found ? [{ model: 'call-control', ...found }] : [];
};

const findingOf = (ask: Ask, target: Extension): Finding | undefined => {
  const document = ask.tenant.callControl;
  switch (ask.act) {
    case 'pickup':
      return document ? notShared(ask, document, target) : notSharedWithoutDocument(ask, target);
    case 'steal':
      return document ? notToAll : noDocument;
    case 'eavesdrop':
    case 'whisper':
    case 'barge':
      return document ? notListed(ask, { document, act: ask.act, target }) : noDocument;
    case 'replace':
      return document ? notReplaceable(ask, document, target) : noDocument;
    default:
      return undefined;
  }
};

const noDocument: Finding = {
  why: 'The company has no call control document, and without one everybody may only pick up calls.',
  remedy: 'Write a call control document that allows it.',
};

const notToAll: Finding = {
  why: 'The call control document says allow_all: false, and it has no narrower rule for stealing calls.',
  remedy: 'Set allow_all to true, if everybody may do everything to all calls.',
};

const notSharedWithoutDocument = ({ picker }: Ask, target: Extension): Finding => ({
  why: `The company has no call control document, so no share group joins ${picker} and ${target}.`,
  remedy: 'Write a call control document whose pickup_share_groups name a group with both.',
});

const notShared = ({ tenant, picker, by }: Ask, document: CallControl, target: Extension): Finding => {
  const ghosts = withoutGroup('pickup_share_groups', document.pickupShareGroups, tenant.standing.callControl);
  if (by === 'number') {
    return {
      why: `The call control document says pickup_all: false, and no share group joins ${picker} and ${target}.${ghosts}`,
      remedy: 'Set pickup_all to true, or put both into one group of pickup_share_groups.',
    };
  }
  const { shared, names } = tenant.standing.callControl;
  const sides = sidesOf({ groups: shared, names }, picker, target);
  return {
    why: `No share group of the call control document joins ${picker} and ${target}: ${sides}.${ghosts}`,
    remedy: 'Put both into one group of pickup_share_groups.',
  };
};

const notReplaceable = ({ tenant, picker }: Ask, document: CallControl, target: Extension): Finding => {
  const { replace, names } = tenant.standing.callControl;
  const ghosts = withoutGroup('phone_replace_groups', document.phoneReplaceGroups, tenant.standing.callControl);
  const sides = sidesOf({ groups: replace, names }, picker, target);
  return {
    why: `No group of phone_replace_groups has both ${picker} and ${target}: ${sides}.${ghosts}`,
    remedy: 'Put both into one group of phone_replace_groups.',
  };
};

const nobody = { eavesdrop: 'listen to nobody', whisper: 'whisper to nobody', barge: 'break in on nobody' } as const;

interface Wanted {
  readonly document: CallControl;
  readonly act: 'eavesdrop' | 'whisper' | 'barge';
  readonly target: Extension;
}

/** Nothing is said of the extension, or the groups that are named do not have the target. */
const notListed = ({ tenant, picker }: Ask, { document, act, target }: Wanted): Finding => {
  const field = `${act}_${picker}`;
  const { groups, names } = tenant.standing.callControl;
  const own = namesOf({ groups, names }, target);
  const named = document[act].get(picker);
  const remedy =
    own.length > 0
      ? `Add a group that ${target} is in to ${field}: ${listed(own)}.`
      : `Put ${target} into a group, and add the group to ${field}.`;
  if (!named) return { why: `The call control document has no ${field}, so it lets ${picker} ${nobody[act]}.`, remedy };
  const ghosts = withoutGroup(field, named, tenant.standing.callControl);
  return {
    why: `The field ${field} of the call control document names ${listed(named)}; ${target} is in ${listed(own)}.${ghosts}`,
    remedy,
  };
};

interface Named {
  readonly groups: Membership;
  readonly names: readonly string[];
}

const namesOf = ({ groups, names }: Named, extension: Extension): string[] =>
  groupsOf(groups, extension).map((position) => names[position] ?? '');

const sidesOf = (named: Named, picker: Extension, target: Extension): string =>
  [picker, target].map((each) => `${each} is in ${listed(namesOf(named, each))}`).join('; ');

/** A name that stands for no group is easily a slip of the pen. */
const withoutGroup = (field: string, wanted: readonly string[], { names }: CallControlStanding): string => {
  const ghosts = wanted.filter((name) => !names.includes(name));
  return ghosts.length === 0 ? '' : ` The document has no group ${listed(ghosts)}, which ${field} names.`;
};
