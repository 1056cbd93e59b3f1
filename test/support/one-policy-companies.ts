import type {
  CallControlDocument,
  ExtensionDocument,
  GroupDocument,
  PickupGroupDocument,
  TenantDocument,
} from '../../src/domain/tenant-document.js';
import type { Chance } from './race-chance.js';

/** Numbers that contain one another, so that a comparison of parts would show. */
export const numbers = ['1', '10', '100', '101', '0101', '1010'] as const;

const users = ['anna', 'anna.b', '10'] as const;
const names = ['a', 'ab', 'A', 'a b'] as const;

/** The numbers that reach a company's groups, and the groups' ids. */
export const groupNumbers = ['700', '701'] as const;
export const groupIds = ['90000000000000000000c001', '90000000000000000000c002'] as const;

/** The id of an extension as TelecomX has it. */
export const idOf = (number: string): string => `e${number.padStart(23, 'f')}`;

const some = <T>(chance: Chance, from: readonly T[], probability = 0.4): T[] =>
  from.filter(() => chance.happens(probability));

const extensionOf = (chance: Chance, number: string): ExtensionDocument => ({
  name: `Phone ${number}`,
  id: idOf(number),
  ...(chance.happens(0.7) && { user: chance.one(users) }),
  ...(chance.happens(0.12) && { private: true }),
  ...(chance.happens(0.12) && { refusesPickup: true }),
});

/** Pickup groups, each associated with some of the others. */
const pickupGroupsOf = (chance: Chance): Record<string, PickupGroupDocument> => {
  const there = some(chance, names, 0.6);
  const others = (name: string) => some(chance, there, 0.3).filter((other) => other !== name);
  return Object.fromEntries(
    there.map((name) => [name, { members: some(chance, numbers), associated: others(name).reverse() }]),
  );
};

/** UIS's document, or none: then pickup by number is everybody's. */
const callControlOf = (chance: Chance): CallControlDocument => ({
  allow_all: chance.happens(0.08),
  pickup_all: chance.happens(0.15),
  groups: Object.fromEntries(some(chance, names, 0.6).map((name) => [name, some(chance, [...numbers, '99'])])),
  pickup_share_groups: some(chance, names),
  phone_replace_groups: some(chance, names, 0.2),
  ...Object.fromEntries(
    some(chance, ['eavesdrop_1', 'eavesdrop_10', 'whisper_100', 'barge_101'] as const).map((key) => [
      key,
      some(chance, names),
    ]),
  ),
});

const groupOf = (chance: Chance, index: number): GroupDocument => ({
  name: chance.one(names),
  number: groupNumbers[index] ?? '',
  members: some(chance, numbers),
  controllers: some(chance, numbers, 0.3),
  pickup: chance.happens(0.7),
  steal: chance.happens(0.4),
  spy: chance.happens(0.4),
  setPresence: chance.happens(0.4),
  queueMember: chance.happens(0.4),
  viewOtherParty: chance.happens(0.4),
  sms: chance.happens(0.4),
});

/** A company with some rules of some of the four models. */
export const randomCompany = (chance: Chance, id: string): TenantDocument => ({
  name: `Company ${id}`,
  domains: [`${id}.example`],
  failureProfile: chance.one(['default', 'default', 'default', 'asterisk', 'ivoz']),
  extensions: Object.fromEntries(numbers.map((number) => [number, extensionOf(chance, number)])),
  users: Object.fromEntries(
    some(chance, users, 0.6).map((user) => [
      user,
      { context: chance.one(['phone', 'user', 'user', 'organization', 'global']) },
    ]),
  ),
  ...(chance.happens(0.5) && { selection: chance.one(['newest', 'priority'] as const) }),
  ...(chance.happens(0.7) && { pickupGroups: pickupGroupsOf(chance) }),
  ...(chance.happens(0.85) && { callControl: callControlOf(chance) }),
  ...(chance.happens(0.8) && {
    groups: Object.fromEntries(
      some(chance, [0, 1], 0.8).map((index) => [groupIds[index] ?? '', groupOf(chance, index)]),
    ),
  }),
});

/** What of a company stands in the file where its rules come by REST. */
export const withoutRules = ({ pickupGroups: _, callControl: __, groups: ___, ...rest }: TenantDocument) => rest;

/** Asks as the company's OWNER. */
export type AsksOwner = (line: string, body?: unknown) => Promise<{ status: number; json: unknown }>;

const well = ({ status, json }: { status: number; json: unknown }): Record<string, unknown> => {
  if (status >= 300) throw new Error(`the rules were not taken: ${status} ${JSON.stringify(json)}`);
  return json as Record<string, unknown>;
};

/**
 * Writes a company's rules through the dialects; resolves with the document as it must be then: groups have ids of the
 * service's choice, and IvozProvider's groups have users instead of extensions.
 */
export const loadByRest = async (asks: AsksOwner, id: string, wanted: TenantDocument): Promise<TenantDocument> => {
  const { callControl, pickupGroups, groups = {} } = wanted;
  if (callControl) well(await asks(`PUT /client/${id}/call_control_group/`, callControl));
  const made: Record<string, GroupDocument> = {};
  for (const group of Object.values(groups)) {
    const [members, controllers] = [(group.members ?? []).map(idOf), (group.controllers ?? []).map(idOf)];
    const { _id } = well(await asks('POST /pbx/group', { ...group, members, controllers }));
    made[String(_id)] = group;
  }
  return {
    ...withoutRules(wanted),
    ...(callControl && { callControl }),
    groups: made,
    ...(pickupGroups && {
      pickupGroups: await loadPickupGroups(asks, pickupGroups as Record<string, PickupGroupDocument>),
    }),
  };
};

const loadPickupGroups = async (asks: AsksOwner, wanted: Record<string, PickupGroupDocument>) => {
  const people = well(await asks('GET /ivoz/users')) as unknown as { id: number; extensions: string[] }[];
  const made: Record<string, PickupGroupDocument> = {};
  const ids = new Map<string, unknown>();
  for (const [name, group] of Object.entries(wanted)) {
    const chosen = people.filter(({ extensions }) => extensions.some((extension) => group.members.includes(extension)));
    const userIds = chosen.map((person) => person.id);
    ids.set(name, well(await asks('POST /ivoz/pick_up_groups', { name, userIds })).id);
    made[name] = { ...group, members: chosen.flatMap(({ extensions }) => extensions) };
  }
  for (const [name, { associated = [] }] of Object.entries(wanted)) {
    const associatedIds = associated.map((other) => ids.get(other));
    well(await asks(`PUT /ivoz/pick_up_groups/${ids.get(name)}`, { associatedIds }));
  }
  return made;
};
