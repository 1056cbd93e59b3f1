import type { CallControl } from './call-control.js';
import type { Group, GroupId } from './group.js';
import type { Extension } from './names.js';
import type { PickupGroup } from './pickup-group.js';
import { type CallControlStanding, callControlStanding } from './rules/call-control-standing.js';
import { type Membership, membershipOf } from './rules/membership.js';
import type { UserId } from './user.js';

/** Who stands in which group: the answer to every question of the rules, looked up instead of searched. */
export interface Standing {
  /** By the tenant's list of pickup groups. */
  readonly pickupGroups: Membership;
  readonly callControl: CallControlStanding;
  readonly groups: {
    /** The tenant's groups in their order; positions are positions in it. */
    readonly list: readonly Group[];
    readonly members: Membership;
    readonly controllers: Membership;
  };
  readonly extensionsOfUser: ReadonlyMap<UserId, readonly Extension[]>;
}

/** What a standing is made of. */
export interface StandingParts {
  readonly extensions: ReadonlyMap<Extension, { readonly user: UserId }>;
  readonly pickupGroups: readonly PickupGroup[];
  readonly callControl?: CallControl;
  readonly groups: ReadonlyMap<GroupId, Group>;
}

/** Makes the standing of one version of a tenant. */
export const standingOf = ({ extensions, pickupGroups, callControl, groups }: StandingParts): Standing => {
  const list = [...groups.values()];
  return {
    pickupGroups: membershipOf(
      pickupGroups.map(({ members }) => members),
      extensions,
    ),
    callControl: callControlStanding(callControl, extensions),
    groups: {
      list,
      members: membershipOf(
        list.map(({ members }) => members),
        extensions,
      ),
      controllers: membershipOf(
        list.map(({ controllers }) => controllers),
        extensions,
      ),
    },
    extensionsOfUser: extensionsOfUser(extensions),
  };
};

const extensionsOfUser = (extensions: StandingParts['extensions']): Map<UserId, Extension[]> => {
  const found = new Map<UserId, Extension[]>();
  for (const [extension, { user }] of extensions) {
    const known = found.get(user);
    if (known) known.push(extension);
    else found.set(user, [extension]);
  }
  return found;
};
