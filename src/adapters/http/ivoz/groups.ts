import { createHash } from 'node:crypto';
import type { PickupGroupDocument, TenantDocument } from '../../../domain/tenant-document.js';
import { type People, type Person, peopleOf } from './people.js';

/** A pickup group of a company's document. */
export interface Group {
  readonly id: number;
  readonly name: string;
  readonly members: readonly string[];
  /** Ours, not IvozProvider's: names of other groups, which follow theirs. */
  readonly associated?: readonly string[];
  /** Ours too: what members are told of calls that wait. */
  readonly notify?: PickupGroupDocument['notify'];
}

/** The pickup groups of a document, in its order. */
export const groupsOf = ({ pickupGroups = {} }: TenantDocument): Group[] =>
  Object.entries(pickupGroups).map(([name, group]) => {
    const { id = 0, ...own }: PickupGroupDocument = Array.isArray(group) ? { members: group } : group;
    return { id, name, ...own };
  });

/** The document with these pickup groups. */
export const withGroups = (document: TenantDocument, groups: readonly Group[]): TenantDocument => {
  const nowCalled = new Map(groups.map(({ id, name }) => [id, name]));
  const names = new Map(groupsOf(document).map(({ id, name }) => [name, nowCalled.get(id)]));
  const written = groups.map(({ id, name, members, associated, notify }): [string, PickupGroupDocument] => {
    const others = associated?.flatMap((other) => names.get(other) ?? []);
    const further = others && others.length > 0 && { associated: others };
    return [name, { id, members: [...members], ...further, ...(notify && { notify }) }];
  });
  return { ...document, pickupGroups: Object.fromEntries(written) };
};

/** IvozProvider's ids are columns of 32 bits with a sign. */
const largestId = 2 ** 31 - 1;

/** The next free id, as a database would count; when the numbers are used up, the first that is free. */
export const nextId = (groups: readonly Group[]): number => {
  const taken = new Set(groups.map(({ id }) => id));
  let id = Math.max(0, ...taken) + 1;
  if (id <= largestId) return id;
  for (id = 1; taken.has(id); ) id += 1;
  return id;
};

/** Who is in a group: everybody of whom an extension is a member. */
export const usersIn = ({ members }: Group, people: People): Person[] => {
  const found = new Set(members.flatMap((member) => people.owner(member) ?? []));
  return [...found].sort((a, b) => a.id - b.id);
};

/**
 * The members of a group that shall have these users: a new user brings all extensions, one who leaves takes all along,
 * one who stays keeps what is there (a document may have named a part of somebody's extensions).
 */
export const membersFor = (group: Group, users: readonly Person[], people: People): string[] => {
  const before = new Set(usersIn(group, people));
  const staying = group.members.filter((member) => users.some((user) => user === people.owner(member)));
  const coming = users.filter((user) => !before.has(user)).flatMap((user) => user.extensions);
  return [...new Set([...staying, ...coming])];
};

/** Shows pickup groups of a document as IvozProvider does; one that is associated with others has one field more. */
export const shownGroups = (document: TenantDocument) => {
  const people = peopleOf(document);
  const ids = new Map(groupsOf(document).map(({ id, name }) => [name, id]));
  return (group: Group) => {
    const associatedIds = (group.associated ?? []).flatMap((name) => ids.get(name) ?? []);
    return {
      name: group.name,
      id: group.id,
      userIds: usersIn(group, people).map(({ id }) => id),
      ...(associatedIds.length > 0 && { associatedIds }),
    };
  };
};

/** That a user is in a group, as a thing of its own: IvozProvider's PickUpRelUser. */
export interface Relation {
  readonly id: number;
  readonly group: Group;
  readonly person: Person;
}

/** Every relation of a company, group by group. */
export const relationsOf = (document: TenantDocument, people: People): Relation[] =>
  groupsOf(document).flatMap((group) =>
    usersIn(group, people).map((person) => ({ id: relationId(group, person), group, person })),
  );

/** The same as long as the user is in the group, whatever else comes and goes: 53 bits, all that JSON's numbers hold. */
const relationId = (group: Group, person: Person): number => {
  const hash = createHash('sha256').update(`${group.id} ${person.user}`).digest();
  return Number(hash.readBigUInt64BE(0) >> 11n) || 1;
};
