import { createHash } from 'node:crypto';
import { memberReader, nameOf } from '../../domain/group-members.js';
import type { TenantDocument } from '../../domain/tenant-document.js';

/**
 * The document with all ids that it did not give, and all ids in their one spelling. They are made of the names of
 * what they stand for: two instances that read the same file at once give the same ones.
 */
export const withIds = (tenant: string, document: TenantDocument): TenantDocument => {
  const { pickupGroups, groups, sounds, outsideNumbers } = document;
  return {
    ...document,
    customer: document.customer?.toLowerCase() ?? givenCustomer(tenant),
    extensions: extensionsWithIds(tenant, document),
    ...(pickupGroups && { pickupGroups: pickupGroupsWithIds(tenant, pickupGroups) }),
    ...(groups && { groups: inOneSpelling(document, groups) }),
    ...(sounds && { sounds: withLowerCaseKeys(sounds) }),
    ...(outsideNumbers && { outsideNumbers: withLowerCaseKeys(outsideNumbers) }),
  };
};

const withLowerCaseKeys = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([id, own]) => [id.toLowerCase(), own]));

const extensionsWithIds = (
  tenant: string,
  { extensions, groups = {}, outsideNumbers = {} }: TenantDocument,
): TenantDocument['extensions'] => {
  const taken = new Set(
    [
      ...Object.keys(groups),
      ...Object.keys(outsideNumbers),
      ...Object.values(extensions).flatMap(({ id = [] }) => id),
    ].map((id) => id.toLowerCase()),
  );
  return Object.fromEntries(
    Object.entries(extensions).map(([number, entry]) => {
      const id = entry.id?.toLowerCase() ?? firstFree(taken, (attempt) => objectId([tenant, number, attempt]));
      return [number, { ...entry, id }];
    }),
  );
};

type Groups = NonNullable<TenantDocument['groups']>;
type PickupGroups = NonNullable<TenantDocument['pickupGroups']>;

const pickupGroupsWithIds = (tenant: string, groups: PickupGroups): PickupGroups => {
  const written = Object.entries(groups).map(([name, group]) => {
    return { name, ...(Array.isArray(group) ? { id: undefined, members: group } : { id: undefined, ...group }) };
  });
  const taken = new Set(written.flatMap(({ id }) => id ?? []));
  return Object.fromEntries(
    written.map(({ name, id, ...group }) => {
      return [name, { id: id ?? firstFree(taken, (attempt) => positiveInt([tenant, name, attempt])), ...group }];
    }),
  );
};

/** A group in another one is named by its id: its number may change. */
const inOneSpelling = (document: TenantDocument, groups: Groups): Groups => {
  const read = memberReader(document);
  const member = (text: string): string => nameOf(read(text));
  return Object.fromEntries(
    Object.entries(groups).map(([id, group]) => [
      id.toLowerCase(),
      {
        ...group,
        ...(group.members && { members: group.members.map(member) }),
        ...(group.timeoutGoto !== undefined && { timeoutGoto: group.timeoutGoto.toLowerCase() }),
        ...(group.startAudio !== undefined && { startAudio: group.startAudio.toLowerCase() }),
      },
    ]),
  );
};

/** Two names may make the same id, and an id that was given by hand may be the one that a name makes. */
const firstFree = <Id>(taken: Set<Id>, make: (attempt: number) => Id): Id => {
  let attempt = 0;
  while (taken.has(make(attempt))) attempt += 1;
  const id = make(attempt);
  taken.add(id);
  return id;
};

/** The customer id of a company that has not said one. */
export const givenCustomer = (tenant: string): string => objectId([tenant]);

/** JSON keeps the parts apart: `a` and `bc` are not `ab` and `c`. */
const hashOf = (parts: readonly unknown[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();

const objectId = (parts: readonly unknown[]): string => hashOf(parts).toString('hex').slice(0, 24);

/** From 1 to the largest number that IvozProvider's columns hold. */
const positiveInt = (parts: readonly unknown[]): number => (hashOf(parts).readUInt32BE(0) % (2 ** 31 - 1)) + 1;
