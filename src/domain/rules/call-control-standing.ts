import type { CallControl } from '../call-control.js';
import type { Extension } from '../names.js';
import { type Membership, membershipOf } from './membership.js';
import { type Components, componentsOf } from './share-components.js';

/** The call control document, looked up; positions are positions in `names`. */
export interface CallControlStanding {
  readonly names: readonly string[];
  readonly groups: Membership;
  /** The groups that pickup_share_groups names, and what they count as together. */
  readonly shared: Membership;
  readonly components: Components;
  /** The groups that phone_replace_groups names. */
  readonly replace: Membership;
  /** The positions of the groups that `eavesdrop_{ext}` and its like name; a name that is no group's has none. */
  readonly eavesdrop: ReadonlyMap<Extension, readonly number[]>;
  readonly whisper: ReadonlyMap<Extension, readonly number[]>;
  readonly barge: ReadonlyMap<Extension, readonly number[]>;
}

type Company = { has(extension: Extension): boolean };

const noDocument: CallControl = {
  allowAll: false,
  pickupAll: true,
  groups: new Map(),
  pickupShareGroups: [],
  phoneReplaceGroups: [],
  eavesdrop: new Map(),
  whisper: new Map(),
  barge: new Map(),
};

/** Looks a call control document up; without one nobody is in any group of it. */
export const callControlStanding = (document: CallControl = noDocument, extensions: Company): CallControlStanding => {
  const names = [...document.groups.keys()];
  const listed = [...document.groups.values()];
  const position = new Map(names.map((name, index) => [name, index]));
  const positionsOf = (wanted: readonly string[]): number[] => {
    const found = new Set(wanted.flatMap((name) => position.get(name) ?? []));
    return [...found].sort((a, b) => a - b);
  };
  const namedOnly = (wanted: readonly string[]) => {
    const named = new Set(positionsOf(wanted));
    return listed.map((numbers, index) => (named.has(index) ? numbers : []));
  };
  const perExtension = (lists: CallControl['barge']) =>
    new Map([...lists].map(([extension, wanted]) => [extension, positionsOf(wanted)]));
  const shared = namedOnly(document.pickupShareGroups);
  return {
    names,
    groups: membershipOf(listed, extensions),
    shared: membershipOf(shared, extensions),
    components: existing(componentsOf(shared), extensions),
    replace: membershipOf(namedOnly(document.phoneReplaceGroups), extensions),
    eavesdrop: perExtension(document.eavesdrop),
    whisper: perExtension(document.whisper),
    barge: perExtension(document.barge),
  };
};

/** Numbers that nobody has join groups, but nobody can take their calls. */
const existing = ({ of, members }: Components, extensions: Company): Components => ({
  of,
  members: members.map((own) => own.filter((extension) => extensions.has(extension))),
});
