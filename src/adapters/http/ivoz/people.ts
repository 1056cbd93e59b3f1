import { createHash } from 'node:crypto';
import type { TenantDocument } from '../../../domain/tenant-document.js';

/** A person of a company, as IvozProvider numbers people. */
export interface Person {
  /** A positive whole number: the user's id where that is one, otherwise made of it. */
  readonly id: number;
  /** The id in the company's document. */
  readonly user: string;
  readonly name: string;
  /** In the order of the document. */
  readonly extensions: readonly string[];
}

/** Everybody in a company. */
export interface People {
  /** By their numbers. */
  readonly all: readonly Person[];
  of(id: number): Person | undefined;
  /** Who owns an extension; undefined if the company has no such extension. */
  owner(extension: string): Person | undefined;
}

/** IvozProvider's ids are columns of 32 bits with a sign. */
const largestId = 2 ** 31 - 1;

/** The people of a company's document: its users, and the owners of its extensions. */
export const peopleOf = ({ users = {}, extensions }: TenantDocument): People => {
  const owned = new Map<string, string[]>(Object.keys(users).map((user) => [user, []]));
  const owners = new Map<string, string>();
  for (const [number, { user = number }] of Object.entries(extensions)) {
    owners.set(number, user);
    owned.set(user, [...(owned.get(user) ?? []), number]);
  }
  const ids = numbered([...owned.keys()]);
  const all = [...owned].map(([user, own]) => {
    const [first = ''] = own;
    const name = (Object.hasOwn(users, user) ? users[user]?.name : undefined) ?? extensions[first]?.name ?? user;
    return { id: ids.get(user) ?? 0, user, name, extensions: own };
  });
  const byUser = new Map(all.map((person) => [person.user, person]));
  const byId = new Map(all.map((person) => [person.id, person]));
  return {
    all: all.sort((a, b) => a.id - b.id),
    of: (id) => byId.get(id),
    owner: (extension) => byUser.get(owners.get(extension) ?? ''),
  };
};

/** A number for each user's id: itself where it is a number already, so that nobody who thinks in numbers is surprised. */
const numbered = (users: readonly string[]): Map<string, number> => {
  const ids = new Map<string, number>();
  const taken = new Set<number>();
  const give = (user: string, id: number) => {
    ids.set(user, id);
    taken.add(id);
  };
  for (const user of users) if (isNumber(user)) give(user, Number(user));
  for (const user of users.filter((each) => !isNumber(each)).sort()) {
    let id = hashed(user);
    while (taken.has(id)) id = (id % largestId) + 1;
    give(user, id);
  }
  return ids;
};

const isNumber = (user: string): boolean => /^[1-9]\d{0,9}$/.test(user) && Number(user) <= largestId;

const hashed = (user: string): number => (createHash('sha256').update(user).digest().readUInt32BE(0) % largestId) + 1;
