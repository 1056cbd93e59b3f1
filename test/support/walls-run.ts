import { type Chance, chanceOf } from './race-chance.js';
import type { Tally } from './walls-calls.js';
import * as phones from './walls-calls.js';
import { frozen, readsKeys, readsLog } from './walls-keep.js';
import { asksForOwn, asksForTheirs, type Program, type RestTurn, showsMixedToken } from './walls-rest.js';
import { isWrite, type Route } from './walls-routes.js';
import { type Side, secretsOf, sides } from './walls-sides.js';
import { ringsOn, type Stand, type Team } from './walls-team.js';
import { type Ear, listen } from './walls-tokens.js';
import { watches, watchesTheirs } from './walls-watchers.js';

/** One side at work: its phones, its programs, and who listens to its events. */
export interface Player {
  readonly team: Team;
  readonly program: Program;
  readonly ears: readonly Ear[];
}

/** Both sides and what they play on. */
export interface Field {
  readonly stand: Stand;
  readonly players: readonly [Player, Player];
  readonly routes: readonly [Route, ...Route[]];
  readonly tally: Tally;
  /** Calls that go on by themselves. */
  readonly going: Map<Player, Set<Promise<void>>>;
}

/** So many operations between two looks at the documents; then the other side may write. */
const inRound = 50;

/** And so many rounds between two looks at the store and at the calls that must survive. */
const inBlock = 5;

/** Operations side by side. */
const workers = 10;

/** Calls of one side that last at once. */
const mostCalls = 8;

interface Move {
  readonly player: Player;
  readonly other: Player;
  readonly mayWrite: boolean;
  readonly chance: Chance;
}

const phoneTurn = ({ stand, tally }: Field, { player, other, chance }: Move): phones.Turn => ({
  ...{ stand, tally, chance, team: player.team, theirs: other.team, ringing: player.program.known.ear.ringing },
});

const restTurn = ({ stand, tally }: Field, { player, other, mayWrite, chance }: Move): RestTurn => ({
  ...{ http: stand.service.http, judge: stand.judge, tally, chance, mayWrite },
  ...{ own: player.program, theirs: other.program },
});

/** Begins a call that ends by itself, unless there are enough. */
const beginsCall = async (field: Field, move: Move): Promise<void> => {
  const going = field.going.get(move.player) ?? new Set();
  field.going.set(move.player, going);
  if (going.size >= mostCalls) return phones.registers(phoneTurn(field, move));
  const call: Promise<void> = phones
    .calls(phoneTurn(field, move))
    .catch((error) => field.tally.fault(`a call: ${error}`))
    .finally(() => going.delete(call));
  going.add(call);
};

type Operation = (field: Field, move: Move) => Promise<unknown>;

const byPhone =
  (operation: (turn: phones.Turn) => Promise<unknown>): Operation =>
  (field, move) =>
    operation(phoneTurn(field, move));

const asksAnything: Operation = (field, move) => asksForOwn(restTurn(field, move), move.chance.one(field.routes));

const asksTheirs: Operation = async (field, move) => {
  // Not every route can name something that only the other side has.
  for (let tries = 0; tries < 20; tries += 1) {
    if (await asksForTheirs(restTurn(field, move), move.chance.one(field.routes))) return;
  }
};

const says: Operation = (field, move) =>
  move.mayWrite ? phones.saysOfItself(phoneTurn(field, move)) : phones.registers(phoneTurn(field, move));

/** What is done, and how often among a hundred operations. */
const operations: readonly (readonly [often: number, operation: Operation])[] = [
  [28, asksAnything],
  [16, asksTheirs],
  [16, beginsCall],
  [12, byPhone(phones.picksByCode)],
  [4, byPhone(phones.picksByKey)],
  [6, byPhone(phones.picksTheirs)],
  [2, says],
  [2, byPhone(phones.registers)],
  [3, byPhone(phones.knocks)],
  [5, byPhone(watches)],
  [3, byPhone(watchesTheirs)],
  [3, byPhone(phones.comesByEdge)],
];

const drawn = (chance: Chance): Operation => {
  let left = chance.between(0, 100);
  for (const [often, operation] of operations) {
    left -= often;
    if (left < 0) return operation;
  }
  return asksAnything;
};

/** Some operations of both sides, of which one may write: the other's documents stay as they are, byte for byte. */
const round = async (field: Field, { from, count, writer }: { from: number; count: number; writer: 0 | 1 }) => {
  const { stand, tally, players } = field;
  const reader = players[writer === 0 ? 1 : 0];
  const { redis } = stand.service;
  const before = await frozen(redis, reader.team.side);
  let next = from;
  const works = async (): Promise<void> => {
    while (next < from + count) {
      const turn = next;
      next += 1;
      const chance = chanceOf(stand.seed, turn);
      const [player, other] = chance.happens(0.5) ? players : ([players[1], players[0]] as const);
      const move: Move = { player, other, mayWrite: player !== reader, chance };
      await drawn(chance)(field, move).catch((error: unknown) => tally.fault(`operation ${turn}: ${error}`));
    }
  };
  await Promise.all(Array.from({ length: workers }, works));
  const after = await frozen(redis, reader.team.side);
  if (after !== before) tally.fault(`${reader.team.side.tenant} was changed in round ${from}: ${before} -> ${after}`);
};

/** So many random operations; a seed repeats them as far as the phones' moments allow. */
export const operate = async (field: Field, count: number): Promise<void> => {
  const { stand, tally, players } = field;
  for (let from = 0, rounds = 1; from < count; from += inRound, rounds += 1) {
    await round(field, { from, count: Math.min(inRound, count - from), writer: rounds % 2 === 0 ? 0 : 1 });
    if (rounds % inBlock !== 0) continue;
    await readsKeys(stand.service.redis, stand.judge);
    await Promise.all(players.map(({ team }) => phones.survives(team, tally, ringsOn)));
  }
};

/** The token that may do most on a route. */
const bestToken = ({ path }: Route, { tokens }: Program): string =>
  path.includes('brand') ? tokens.RESELLER : tokens.OWNER;

/** Enough for a call to ring where it is needed. */
const mostTries = 120;

/** The routes that list what this one names, in its path or in its body. */
const listsFor = ({ routes }: Field, { path }: Route): Route[] =>
  routes.filter(
    (each) =>
      each.method === 'GET' &&
      ((path.startsWith(`${each.path}/{`) && !/\{(userId|extension)\}$/.test(each.path)) ||
        (/\/(pick_up_rel_users|users)/.test(path) && each.path === '/ivoz/pick_up_groups')),
  );

/**
 * The route that makes room for this one: what it names may be gone, and then there is one to make it; or there are all
 * that there can be, and then there is one to take one away.
 */
const roomFor = ({ routes }: Field, { method, path }: Route): Route | undefined => {
  const collection = path.replace(/\/\{\w+\}$/, '');
  if (collection !== path) {
    const made = routes.find((each) => each.method === 'POST' && each.path === collection);
    return made ?? routes.find((each) => each.method === 'PUT' && each.path === path && isWrite(each));
  }
  if (method !== 'POST') return undefined;
  return routes.find((each) => each.method === 'DELETE' && each.path.startsWith(`${path}/{`));
};

const asksUntilGood = async (field: Field, move: Move, route: Route): Promise<void> => {
  const token = bestToken(route, move.player.program);
  const [lists, room] = [listsFor(field, route), roomFor(field, route)];
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (tries % 5 === 0) for (const list of lists) await asksForOwn(restTurn(field, move), list, token);
    const status = await asksForOwn(restTurn(field, move), route, token);
    if (status < 300) return;
    // It may need a call that rings, or room that others have taken: in time there is some.
    if (tries > 10) await new Promise((resolve) => setTimeout(resolve, 25));
    if (tries % 5 === 4 && room) await asksForOwn(restTurn(field, move), room, token);
    if (tries % 10 === 9) await asksForOwn(restTurn(field, move), move.chance.one(field.routes), token);
  }
  field.tally.fault(`${move.player.team.side.tenant}: ${route.method} ${route.path} was never answered well`);
};

/** Every route, for each side: with its own things until it is answered well, then with things of the other. */
export const everyRoute = async (field: Field): Promise<void> => {
  const moves = field.players.map((player, index): Move => {
    const other = field.players[index === 0 ? 1 : 0];
    return { player, other, mayWrite: true, chance: chanceOf(field.stand.seed, 2_000_000 + index) };
  });
  let isOver = false;
  const keepsCalling = async (move: Move): Promise<void> => {
    while (!isOver) {
      await beginsCall(field, move);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  };
  const calling = moves.map(keepsCalling);
  for (const route of field.routes) await Promise.all(moves.map((move) => asksUntilGood(field, move, route)));
  for (const move of moves) {
    const before = await frozen(field.stand.service.redis, move.other.team.side);
    for (const route of field.routes) await asksForTheirs(restTurn(field, move), route);
    const after = await frozen(field.stand.service.redis, move.other.team.side);
    if (after !== before) field.tally.fault(`${move.other.team.side.tenant} was changed: ${before} -> ${after}`);
    for (let time = 0; time < 3; time += 1) await showsMixedToken(restTurn(field, move), move.chance.one(field.routes));
  }
  isOver = true;
  await Promise.all(calling);
};

/** Ends all calls, reads the past of both streams, the store and the log once more. */
export const endAll = async (field: Field): Promise<void> => {
  const { stand, players, tally, going } = field;
  await Promise.all([...going.values()].flatMap((calls) => [...calls]));
  await Promise.all(players.map(({ team }) => phones.survives(team, tally, ringsOn)));
  for (const { team, program, ears } of players) {
    await Promise.all([team.rung.call.cancels(), team.talk.call.hangsUp(), team.talk.leg.isHungUp()]);
    const past = { side: team.side, token: program.tokens.OWNER, lastEventId: '0' };
    const again = await listen(stand.service, stand.judge, past);
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (again.events === 0) tally.fault(`${team.side.tenant}: its stream has no past`);
    for (const ear of [...ears, again]) ear.close();
  }
  await readsKeys(stand.service.redis, stand.judge);
  const metrics = await (await fetch(`${stand.service.http}/metrics`)).text();
  for (const secret of sides.flatMap(secretsOf)) if (metrics.includes(secret)) tally.fault(`/metrics has ${secret}`);
  if (readsLog(stand.service.log, stand.judge, sideOfToken(players)) === 0)
    tally.fault('the log says nothing of either side');
};

const sideOfToken =
  (players: Field['players']) =>
  (id: string): Side | undefined => {
    const texts = ({ tokens }: Program) => Object.values(tokens).flat() as string[];
    const index = players.findIndex(({ program }) => texts(program).some((text) => text.startsWith(`cp_${id}_`)));
    return sides[index];
  };
