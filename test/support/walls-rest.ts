import { randomUUID } from 'node:crypto';
import type { Chance } from './race-chance.js';
import { storeAway, type Tally } from './walls-calls.js';
import type { Judge } from './walls-judge.js';
import { actPaths, bodyFor, isWrite, type Known, pathValue, type Route } from './walls-routes.js';
import { ids, patient } from './walls-sides.js';
import type { Tokens } from './walls-tokens.js';

/** A program of one side. */
export interface Program {
  readonly known: Known;
  readonly tokens: Tokens;
}

/** What a program needs to ask, and who reads what it is told. */
export interface RestTurn {
  readonly http: string;
  readonly judge: Judge;
  readonly own: Program;
  readonly theirs: Program;
  /** Whether this side may change its documents now. */
  readonly mayWrite: boolean;
  readonly chance: Chance;
  readonly tally: Tally;
}

interface Asked {
  readonly route: Route;
  readonly url: string;
  readonly token: string;
  readonly body?: unknown;
  /** Programs of both sides have the same idea of a key. */
  readonly key?: string;
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Sends a request and has the judge read the whole answer. */
const ask = async ({ http, judge, own }: RestTurn, { route, url, token, body, key }: Asked): Promise<Answered> => {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(http + url, {
    method: route.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(json !== undefined && { body: json }),
  });
  const text = await answer.text();
  const whole = `${[...answer.headers].map((header) => header.join(': ')).join('\n')}\n\n${text}`;
  const what = `REST ${answer.status} ${route.method} ${url}`;
  judge.hears({ side: own.known.side, what, text: whole, asked: `${decodeURIComponent(url)} ${json ?? ''}` });
  return { status: answer.status, text };
};

/** Remembers what lists show and what was made, so that later requests can name it. */
const learn = ({ own, judge }: RestTurn, { path, method }: Route, { status, text }: Answered): void => {
  if (status >= 300 || text === '') return;
  const { known } = own;
  const json = JSON.parse(text) as Record<string, unknown> | Record<string, unknown>[];
  if (method === 'GET' && Array.isArray(json))
    known.listed.set(
      path,
      json.map(({ id }) => String(id)),
    );
  if (Array.isArray(json)) return;
  if (method === 'GET' && path === '/pbx/group') {
    known.listed.set(
      path,
      (json.groups as { _id: string }[]).map(({ _id }) => _id).filter((id) => id !== ids.thieves),
    );
  }
  if (method === 'POST' && path === '/pbx/group') {
    known.groups.push(String(json._id));
    judge.owns(known.side, String(json._id));
  }
  if (status === 202 && path === '/v1/pickup') known.orders.push(String(json.id));
  if (status === 202 && actPaths.includes(`${path}/{id}`)) {
    known.acts.set(`${path}/{id}`, [...(known.acts.get(`${path}/{id}`) ?? []), String(json.id)]);
  }
  if (status === 202) judge.owns(known.side, String(json._id ?? json.id));
};

const tokenFor = ({ path }: Route, { tokens }: Program, chance: Chance): string => {
  if (path.includes('brand')) return tokens.RESELLER;
  return chance.one([
    tokens.OWNER,
    tokens.OWNER,
    tokens.MANAGER,
    tokens.VIEWER,
    tokens.RESELLER,
    chance.one(tokens.PERSONAL),
  ]);
};

const fill = (path: string, value: (name: string) => string): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(value(name)));

const ownRequest = (turn: RestTurn, route: Route, token: string): Asked => {
  const { own, chance } = turn;
  const url = fill(route.path, (name) => pathValue(own.known, chance, { path: route.path, name }));
  // A token of several customers says which one it means.
  const needsCustomer = route.query.includes('customer') && token === own.tokens.RESELLER;
  const body = bodyFor(route, own.known, chance);
  const isOrder = /^POST \/v1\/(pickup|supervisions|steal)$|^PUT \/uapi/.test(`${route.method} ${route.path}`);
  const key = isOrder && chance.happens(0.4) ? { key: `key ${Math.floor(chance.between(0, 500))}` } : {};
  const query = needsCustomer ? `?customer=${own.known.side.customer}` : '';
  return { route, token, url: `${url}${query}`, body, ...key };
};

/** Where a call can be named. */
const orderPaths: readonly string[] = ['/v1/pickup', '/v1/supervisions', '/v1/steal'];

/** What else an order needs that names a call. */
const namingOnly = ({ path }: Route): object => {
  if (path === '/v1/steal') return { extension: '101', picker: '105' };
  return path === '/v1/pickup' ? { sendTo: '105' } : { colleague: '101', supervisor: '105', mode: 'listen' };
};

/** Something of the other side that a request can name, and something that nobody has. */
interface Stolen {
  readonly theirs: string;
  readonly nobodys: string;
  /** The request with one or the other. */
  readonly with: (value: string) => Asked;
}

const newHex = (length: number): string => randomUUID().replaceAll('-', '').slice(0, length);

/** What of the other side fits into a slot of a path; undefined if nothing of theirs alone does. */
const loot = (theirs: Program, chance: Chance, slot: string): [theirs: string, nobodys: string] | undefined => {
  const { side, ear, orders, acts, groups } = theirs.known;
  const calls = [...ear.ringing.keys()];
  const call = chance.happens(0.5) ? calls.find((each) => ear.ringing.get(each) === patient) : calls.at(-1);
  const company = chance.one<[string, string]>([
    [side.tenant, 'nobody'],
    [side.customer, newHex(24)],
  ]);
  const found: Readonly<Record<string, [string | undefined, string]>> = {
    client_id: company,
    company,
    brand: [side.brand, 'nobody'],
    phoneCallId: [call?.replaceAll('-', ''), newHex(32)],
    '/v1/calls/{id}': [call, randomUUID()],
    '/v1/pickup/{id}': [orders.at(-1), randomUUID()],
    ...Object.fromEntries(actPaths.map((path) => [path, [acts.get(path)?.at(-1), randomUUID()]])),
    groupId: [groups.at(-1), newHex(24)],
    customer: [side.customer, newHex(24)],
    call: [call, randomUUID()],
  };
  const [value, nobodys] = found[slot] ?? [];
  return value === undefined || nobodys === undefined ? undefined : [value, nobodys];
};

/** The ways in which a request to this route can name something that only the other side has. */
const slotsOf = ({ path, query, body }: Route): string[] => [
  ...[...path.matchAll(/\{(client_id|company|brand|phoneCallId|groupId)\}/g)].map(([, name = '']) => name),
  ...(['/v1/calls/{id}', '/v1/pickup/{id}', ...actPaths].includes(path) ? [path] : []),
  ...(query.includes('customer') ? ['customer'] : []),
  ...(path === '/pbx/group' && body ? ['body.customer'] : []),
  ...(body && orderPaths.includes(path) ? ['call'] : []),
];

/** A request of this side that names something of the other; undefined if there is no way now. */
const steal = (turn: RestTurn, route: Route): Stolen | undefined => {
  const { own, theirs, chance } = turn;
  const [first, ...slots] = slotsOf(route);
  if (first === undefined) return undefined;
  const slot = chance.one([first, ...slots]);
  const found = loot(theirs, chance, slot.replace('body.', ''));
  if (!found) return undefined;
  const token = tokenFor(route, own, chance);
  const made = ownRequest(turn, route, route.path.includes('brand') ? own.tokens.RESELLER : token);
  const values = new Map<string, string>();
  const filled = (name: string): string => {
    const known = values.get(name) ?? pathValue(own.known, chance, { path: route.path, name });
    values.set(name, known);
    return known;
  };
  const request = (value: string): Asked => {
    if (slot === 'call') return { ...made, body: { ...namingOnly(route), call: value } };
    if (slot === 'body.customer') return { ...made, body: { ...(made.body as object), customer: value } };
    const url = fill(route.path, (name) => (name === slot || slot.endsWith(`{${name}}`) ? value : filled(name)));
    return { ...made, url: slot === 'customer' ? `${url}?customer=${value}` : url };
  };
  return { theirs: found[0], nobodys: found[1], with: request };
};

const alike = ({ status, text }: Answered, value: string): string => `${status} ${text.replaceAll(value, '…')}`;

/** Asks for something of the other side: the answer must be the one to something that nobody has. */
export const asksForTheirs = async (turn: RestTurn, route: Route): Promise<boolean> => {
  const stolen = steal(turn, route);
  if (!stolen) return false;
  const { own, tally } = turn;
  const name = `${route.method} ${route.path}`;
  const asked = stolen.with(stolen.theirs);
  const answered = await ask(turn, asked);
  tally.counts(`theirs ${name}`);
  const isNothing = answered.status === 204 && route.method === 'GET';
  if (answered.status < 400 && !isNothing) {
    tally.fault(
      `${own.known.side.tenant}: ${route.method} ${asked.url} ${JSON.stringify(asked.body)} got ${answered.status}`,
    );
  }
  const unknown = await ask(turn, stolen.with(stolen.nobodys));
  const [mine, nobodys] = [alike(answered, stolen.theirs), alike(unknown, stolen.nobodys)];
  const isAway = [answered.status, unknown.status].includes(storeAway);
  if (mine !== nobodys && !isAway)
    tally.fault(`${name} tells theirs from nobody's: ${mine.slice(0, 300)} / ${nobodys.slice(0, 300)}`);
  return true;
};

/** Asks for something of its own; who may not write now asks with a token that cannot. */
export const asksForOwn = async (turn: RestTurn, route: Route, token?: string): Promise<number> => {
  const { own, mayWrite, chance, tally } = turn;
  const isForbidden = isWrite(route) && !mayWrite;
  const usual = token ?? tokenFor(route, own, chance);
  const asked = ownRequest(turn, route, isForbidden ? own.tokens.VIEWER : usual);
  const answered = await ask(turn, asked);
  learn(turn, route, answered);
  const { status } = answered;
  tally.counts(`own ${Math.floor(status / 100)}xx ${route.method} ${route.path}`);
  if (status >= 500 && status !== storeAway)
    tally.fault(`${own.known.side.tenant}: ${route.method} ${asked.url} got ${answered.text}`);
  if (isForbidden && ![403, storeAway].includes(status))
    tally.fault(`${own.known.side.tenant}: a VIEWER's ${route.method} ${asked.url} got ${status}`);
  return status;
};

/** An id of one side's token with the secret of the other's is no token. */
export const showsMixedToken = async (turn: RestTurn, route: Route): Promise<void> => {
  const { own, theirs, tally } = turn;
  const [, id] = theirs.tokens.OWNER.split('_');
  const secret = own.tokens.OWNER.slice(own.tokens.OWNER.indexOf('_', 3) + 1);
  const asked = ownRequest(turn, route, own.tokens.OWNER);
  const { status } = await ask(turn, { ...asked, token: `cp_${id}_${secret}` });
  tally.counts(`mixed token ${status}`);
  if (![401, 429, storeAway].includes(status)) tally.fault(`a token mixed of both sides got ${status}`);
};
