import { type GroupId, type Listed, readGroupId } from './group.js';
import type { Extension } from './names.js';
import type { TenantDocument } from './tenant-document.js';

/** A group may lead to so many others: whoever asks for its members asks for those of all of them. */
export const mostNested = 20;

/** So many people may be in a group, those of the groups in it included. */
export const mostMembers = 1_000;

/** What a group's list means by a text: an extension's number comes before a group's id, in any case, or number. */
export type ReadMember = (text: string) => Listed;

/** The name of what is listed: a number, or a group's id. */
export const nameOf = (listed: Listed): string => (typeof listed === 'string' ? listed : listed.group);

/** The lists of a company's groups by their ids, nobody twice in any. */
export const listsOf = (document: TenantDocument): ReadonlyMap<string, readonly Listed[]> => {
  const read = memberReader(document);
  return new Map(
    Object.entries(document.groups ?? {}).map(([id, { members = [] }]) => {
      const byName = new Map(members.map(read).map((listed) => [nameOf(listed), listed]));
      return [id.toLowerCase(), [...byName.values()]];
    }),
  );
};

/** Reads the members of a company's groups. A text that names nothing is read as an extension that there is not. */
export const memberReader = ({ extensions, groups = {} }: TenantDocument): ReadMember => {
  const ids = new Map<string, GroupId>();
  for (const [id, { number }] of Object.entries(groups)) if (number !== undefined) ids.set(number, id as GroupId);
  for (const id of Object.keys(groups)) ids.set(id.toLowerCase(), id.toLowerCase() as GroupId);
  return (text) => {
    const group = Object.hasOwn(extensions, text) ? undefined : (ids.get(readGroupId(text) ?? text) ?? ids.get(text));
    return group === undefined ? (text as Extension) : { group };
  };
};

/** Everybody in a group, and the groups that they are in it by. */
export interface Everybody {
  /** Each once: those of its own list, then those of the groups in it. */
  readonly extensions: readonly Extension[];
  /** The group itself among them. */
  readonly groups: ReadonlySet<GroupId>;
}

/** Who is a member of a group by its own list or by that of a group in it; one that leads back to itself adds nobody. */
export const everybodyIn = (id: GroupId, listOf: (id: GroupId) => readonly Listed[]): Everybody => {
  const [extensions, groups] = [new Set<Extension>(), new Set([id])];
  // A set goes on to what is added to it meanwhile, and nothing is added twice.
  for (const each of groups) {
    for (const listed of listOf(each)) {
      if (typeof listed === 'string') extensions.add(listed);
      else groups.add(listed.group);
    }
  }
  return { extensions: [...extensions], groups };
};
