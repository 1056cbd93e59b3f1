import type { Chance } from './race-chance.js';
import {
  callControlOf,
  groupNumbers,
  ids,
  patient,
  people,
  phoneless,
  type Side,
  supervisor,
  talkers,
} from './walls-sides.js';
import type { Ear } from './walls-tokens.js';

/** A JSON schema, as far as a request is made of it. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** One route of one dialect, as /openapi.json lists it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: Schema;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

/** Every route that there is, but the stream of events, which is listened to all the time. */
export const routesOf = async (http: string): Promise<Route[]> => {
  const document = (await (await fetch(`${http}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(document.paths)
    .filter(([path]) => path !== '/v1/events')
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { parameters = [], requestBody }]) => {
        const body = requestBody?.content?.['application/json']?.schema;
        const query = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
        return { method: method.toUpperCase(), path, query, ...(body && { body }) };
      }),
    );
};

/** True if the route changes a document or what people say of themselves. */
export const isWrite = ({ method, path }: Route): boolean =>
  method !== 'GET' && !/^\/(v1(?!\/(extensions|outside-numbers))|uapi)\/|\/(pickup|sms)$/.test(path);

/** What a side knows of itself, to fill its requests with. */
export interface Known {
  readonly side: Side;
  readonly ear: Ear;
  /** Ids as a list has shown them, by the path of the list. */
  readonly listed: Map<string, string[]>;
  /** Pickups that were ordered. */
  readonly orders: string[];
  /** Steals and supervisions that were ordered, by the path under which each is found. */
  readonly acts: Map<string, string[]>;
  /** Groups that only this side has. */
  readonly groups: string[];
}

const any = <T>(chance: Chance, from: readonly T[]): T | undefined => from[Math.floor(chance.between(0, from.length))];

const some = <T>(chance: Chance, from: readonly T[]): T[] => from.filter(() => chance.happens(0.4));

/** A call of this side that rings, not the one that is to ring on. */
const ownCall = ({ ear }: Known, chance: Chance): string | undefined =>
  any(
    chance,
    [...ear.ringing].flatMap(([call, target]) => (target === patient ? [] : [call])),
  );

const objectId = (call: string | undefined): string => (call ?? 'nothing').replaceAll('-', '');

/** Where what was done with an answered call is found. */
export const actPaths: readonly string[] = ['/v1/supervisions/{id}', '/v1/steal/{id}'];

/** The ids that a list has shown, or a guess. */
const listedId = ({ listed }: Known, chance: Chance, list: string): string =>
  any(chance, listed.get(list) ?? []) ?? chance.one(['1', '2', '3', '4']);

/** What an `{id}` at the end of a path stands for. */
const idOf = (known: Known, chance: Chance, path: string): string => {
  if (path === '/v1/calls/{id}') return ownCall(known, chance) ?? 'none';
  if (path === '/v1/pickup/{id}') return any(chance, known.orders.slice(-20)) ?? 'none';
  if (actPaths.includes(path)) return any(chance, (known.acts.get(path) ?? []).slice(-4)) ?? 'none';
  if (path === '/v1/outside-numbers/{id}') return chance.one(['1', '2']);
  // Whoever is to ring on all the time comes into no group.
  if (path.endsWith('/users/{id}')) return chance.one(['1', '2', '3']);
  return listedId(known, chance, path.slice(0, path.lastIndexOf('/')));
};

/** A path's parameters as this side would fill them. */
export const pathValue = (known: Known, chance: Chance, { path, name }: { path: string; name: string }): string => {
  const { side } = known;
  const values: Readonly<Record<string, () => string>> = {
    client_id: () => chance.one([side.tenant, side.customer]),
    company: () => chance.one([side.tenant, side.customer]),
    brand: () => side.brand,
    groupId: () => any(chance, known.listed.get('/pbx/group') ?? []) ?? chance.one([...ids.groups]),
    extensionId: () => ids.extension(chance.one([...people])),
    userId: () => chance.one(['@owner', '@me', '@viewer', '1', '2']),
    extension: () =>
      path.startsWith('/v1/')
        ? chance.one([...people])
        : chance.one(['@self', '@self', chance.one([...people]), `0003*${chance.one([...people])}`]),
    phoneCallId: () => objectId(ownCall(known, chance)),
    id: () => idOf(known, chance, path),
  };
  return values[name]?.() ?? 'unknown';
};

type Maker = (known: Known, chance: Chance) => unknown;

const subset: Maker = (_, chance) => some(chance, people.map(ids.extension));
const userIds: Maker = (_, chance) => some(chance, [1, 2, 3]);
const text: Maker = ({ side }) => `Text of ${side.mark}`;

/** Codes that disturb no pickup. */
const spareCodes = ['*61', '*62', '*63', '*64', '*65'] as const;

/** What stands in the fields of bodies, by their names; a field that is not here is sent only if it must be. */
const fields: Readonly<Record<string, Maker>> = {
  name: ({ side }, chance) => chance.one(['sales', 'support', `desk ${side.mark}`, `night ${side.mark}`, side.mark]),
  userIds,
  pickupGroupIds: userIds,
  pickUpGroup: (known, chance) => Number(listedId(known, chance, '/ivoz/pick_up_groups')),
  user: (_, chance) => chance.one([1, 2, 3]),
  service: (_, chance) => Math.floor(chance.between(2, 10)),
  codes: (_, chance) => [chance.one([...spareCodes])],
  members: subset,
  controllers: (_, chance) => [ids.extension('105'), ...some(chance, [ids.extension('100'), ids.extension('102')])],
  number: (_, chance) => chance.one([null, ...groupNumbers] as [string | null, ...(string | null)[]]),
  notes: text,
  ringTime: (_, chance) => Math.floor(chance.between(0, 60)),
  timeoutGoto: (_, chance) => chance.one([ids.outside, null]),
  text,
  pin: (_, chance) => chance.one(['135791', '246802']),
  sendCallTo: (_, chance) => chance.one([...people]),
  callerId: ({ side }) => `Caller ${side.mark} <555>`,
  waitForPickup: (_, chance) => chance.one([1, 2]),
  phoneCallViewId: () => '01',
  sendTo: (_, chance) => chance.one([...people]),
  waitSeconds: (_, chance) => chance.one([1, 2]),
  picker: (_, chance) => chance.one([...people]),
  target: (_, chance) => chance.one([...people]),
};

const bodyOf = ({ properties = {}, required = [] }: Schema, known: Known, chance: Chance): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([name, { enum: choices, type }]) => {
      const make = fields[name];
      if (!required.includes(name) && !chance.happens(0.5)) return [];
      if (choices) return [[name, any(chance, choices)]];
      if (make) return [[name, make(known, chance)]];
      return type === 'boolean' ? [[name, chance.happens(0.7)]] : [];
    }),
  );

/** A document of UIS that leaves most pickups possible. */
const callControl: Maker = ({ side }, chance) => ({
  ...callControlOf(
    side,
    ['100', '101', ...some(chance, people)].filter((each, at, all) => all.indexOf(each) === at),
  ),
  pickup_all: chance.happens(0.8),
  allow_all: chance.happens(0.2),
});

/** A pickup by /v1 names its call in one way. */
const pickup = (known: Known, chance: Chance): Record<string, unknown> => {
  const [sendTo, waitSeconds] = [chance.one([...people]), chance.one([1, 2])];
  const call = ownCall(known, chance);
  const name = chance.one<Record<string, unknown>>([
    {},
    { target: chance.one([...people]) },
    { group: '800' },
    { call },
  ]);
  return { sendTo, waitSeconds, ...name };
};

/** A question to the policy. */
const question = (_: Known, chance: Chance): Record<string, unknown> => ({
  ...{ picker: chance.one([...people]), act: chance.one(['pickup', 'steal', 'sms', 'eavesdrop', 'replace']) },
  ...chance.one<object>([{ target: chance.one([...people]) }, { group: '801' }]),
});

/** Somebody takes part in the call of the two who talk, or tries to in another one. */
const supervision = (chance: Chance): Record<string, unknown> => ({
  colleague: chance.one([talkers[1], talkers[1], talkers[1], chance.one([...people])]),
  ...{ supervisor, mode: chance.one(['listen', 'whisper', 'barge']), waitSeconds: chance.one([1, 2]) },
});

/** The body of a request to a route, as this side would fill it; undefined where none is wanted. */
export const bodyFor = ({ path, body }: Route, known: Known, chance: Chance): unknown => {
  if (path.startsWith('/client/')) return body && callControl(known, chance);
  if (path === '/v1/pickup') return pickup(known, chance);
  // Whoever is not to be disturbed would be called in vain.
  if (path.endsWith('/presence')) return body && { presence: chance.one(['available', 'away']) };
  if (path === '/v1/explain') return question(known, chance);
  if (path === '/v1/supervisions') return body && supervision(chance);
  if (path === '/v1/steal') return { extension: talkers[1], picker: phoneless };
  if (!body) return undefined;
  const made = bodyOf(body, known, chance);
  if (path.endsWith('/pickup')) return { sendTo: ids.extension(chance.one([...people])) };
  // Both spellings of one right could contradict each other.
  const { writePhoneBook: _, ...rest } = made;
  return path.includes('_services') && rest.codes === undefined
    ? { ...rest, codes: [chance.one([...spareCodes])] }
    : rest;
};
