import type { Phone } from './phone.js';
import { seed } from './race-chance.js';
import { newReferee } from './race-referee.js';
import { service } from './service.js';
import { newJudge } from './walls-judge.js';
import { readsChannels } from './walls-keep.js';
import { type Route, routesOf } from './walls-routes.js';
import { endAll, everyRoute, type Field, operate, type Player } from './walls-run.js';
import { edges, officeOf, type Side, sides } from './walls-sides.js';
import { openTeam, plug, type Stand } from './walls-team.js';
import { listen, tokensOf } from './walls-tokens.js';

/** Who ends the walls when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** Two companies in one service, and what they do to each other. */
export interface Walls {
  readonly routes: readonly Route[];
  /** Goes through every route: with things of one's own until it is answered well, and with things of the other's. */
  everyRoute(): Promise<void>;
  /** So many random operations of both sides on all doors. */
  operate(count: number): Promise<void>;
  /** Ends all calls and reads everything once more. */
  ends(): Promise<void>;
  /** How often each thing happened. */
  readonly counts: ReadonlyMap<string, number>;
  /** What may not be: crossings, changes of the other's documents, calls that were harmed. */
  faults(): string[];
  /** How many texts were read for marks of the other side. */
  readonly read: number;
  /** What should be gone and is not, in the service and at the phones. */
  leftovers(): Promise<string[]>;
}

/** Starts the service with both companies, plugs the phones in, makes the tokens. */
export const openWalls = async (t: Stage): Promise<Walls> => {
  const [judge, referee] = [newJudge(), newReferee({ isLenient: false })];
  const trunks: Phone[] = [];
  for (const side of sides) {
    trunks.push(await plug({ judge, referee }, { side, number: 'trunk', host: side.trunkHost, autoAnswer: true }));
  }
  const [first = 0, second = 0] = trunks.map(({ address }) => address.port);
  const running = await service(t, { office: officeOf([first, second]), env: { SIP_TRUSTED_EDGES: edges } });
  const stand: Stand = { service: running, judge, referee, seed };
  const players = [await open(stand, sides[0]), await open(stand, sides[1])] as const;
  const stopReading = await readsChannels(running.redis, judge);
  const all = [...players.flatMap(({ team }) => [...team.phones.values(), team.edge, team.prober]), ...trunks];
  t.teardown(async () => {
    stopReading();
    for (const ear of players.flatMap(({ ears }) => ears)) ear.close();
    await Promise.all(all.map((phone) => phone.close()));
  });
  return wallsOf(stand, players, { routes: await routesOf(running.http), all });
};

const open = async (stand: Stand, side: Side): Promise<Player> => {
  const { service: running, judge } = stand;
  const tokens = await tokensOf(running, side);
  const ear = await listen(running, judge, { side, token: tokens.OWNER });
  const personal = await listen(running, judge, { side, token: tokens.PERSONAL[0] });
  const known = { side, ear, listed: new Map(), orders: [], acts: new Map(), groups: [] };
  return { team: await openTeam(stand, side), program: { known, tokens }, ears: [ear, personal] };
};

interface Rest {
  readonly routes: readonly Route[];
  readonly all: readonly Phone[];
}

const wallsOf = (stand: Stand, players: Field['players'], { routes, all }: Rest): Walls => {
  const { judge, referee, service: running } = stand;
  const counts = new Map<string, number>();
  const faults: string[] = [];
  const tally = {
    counts: (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    fault: (what: string) => void (faults.length < 20 && faults.push(what)),
  };
  const [first, ...others] = routes;
  if (!first) throw new Error('the service has routes');
  const field: Field = { stand, players, routes: [first, ...others], tally, going: new Map() };
  return {
    routes,
    counts,
    everyRoute: () => everyRoute(field),
    operate: (count) => operate(field, count),
    ends: () => endAll(field),
    faults: () => [...faults, ...judge.crossings()],
    get read() {
      return judge.read;
    },
    leftovers: async () => {
      const left = await running.leftovers();
      const { finals, unacknowledged, open: unended } = referee.findings();
      return [...left, ...finals, ...unacknowledged, ...unended, ...all.flatMap((phone) => phone.unfinished())];
    },
  };
};
