import type { Phone } from './phone.js';
import type { Peer } from './phone-transport.js';
import { type Chance, chanceOf, seed } from './race-chance.js';
import type { Fault, Verdict } from './race-contest.js';
import type { Race } from './race-kinds.js';
import { type Lane, officeOf, openLane } from './race-lane.js';
import { type Findings, newReferee } from './race-referee.js';
import { type ZeroTable, zeroTable } from './race-table.js';
import { type RunningService, service } from './service.js';

/** Who ends a bench when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** How a bench is set up. */
export interface BenchOptions {
  /** How many races run side by side; six unless said otherwise. */
  readonly lanes?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Puts something between a phone and the service; the phone is asked for once it has an address. */
  readonly between?: (server: Peer, phone: () => Peer) => Promise<Peer>;
  /** How often it is asked whether everything is over: more than once where messages get lost and are repeated. */
  readonly asks?: number;
}

/** One race, so many times. */
export interface Run {
  readonly name: string;
  readonly race: Race;
  readonly count: number;
  /** What is done when all races are over and before the books are closed; what went wrong then. */
  readonly last?: () => Promise<readonly Fault[]>;
}

/** One race on all lanes, so many times. */
export interface TogetherRun {
  readonly name: string;
  readonly race: (lanes: readonly Lane[], chance: Chance, turn: number) => Promise<readonly Verdict[]>;
  readonly count: number;
}

/** A running service with phones on lanes, and a referee who sees all of them. */
export interface RaceBench {
  readonly service: RunningService;
  readonly lanes: readonly Lane[];
  readonly seed: number;
  /** Runs races on all lanes side by side; resolves with the zero table once the service has had time to forget. */
  runs(run: Run): Promise<ZeroTable>;
  /** Runs races that need all lanes at once, one after the other. */
  runsTogether(run: TogetherRun): Promise<ZeroTable>;
}

/** Starts a service for races and plugs the phones in. */
export const raceBench = async (t: Stage, options: BenchOptions = {}): Promise<RaceBench> => {
  const { lanes: count = 6, env = {}, between, asks = 1 } = options;
  const running = await service(t, { office: officeOf(count), env });
  const referee = newReferee({ isLenient: between !== undefined });
  const phones: Phone[] = [];
  t.teardown(async () => {
    await Promise.all(phones.map((phone) => phone.close()));
  });
  const plug = {
    server: (phone: () => Peer) => between?.(running.sip, phone) ?? Promise.resolve(running.sip),
    plugged: (phone: Phone) => {
      phones.push(phone);
      referee.watch(phone);
    },
  };
  const lanes: Lane[] = [];
  for (let index = 0; index < count; index += 1) lanes.push(await openLane(plug, index));

  const told = new Set<string>();
  const table = async (name: string, verdicts: readonly Verdict[], faults: readonly Fault[] = []) => {
    // What one run has left behind is that run's, and not told again of the next.
    const { leftovers, findings } = await quiet(asks, async () => {
      const leftovers = (await running.leftovers()).filter((left) => !told.has(left));
      return { leftovers, findings: referee.findings() };
    });
    for (const left of leftovers) told.add(left);
    referee.forgets();
    return zeroTable({ name, seed, verdicts, faults, leftovers, findings });
  };
  return {
    service: running,
    lanes,
    seed,
    runs: async (run) => {
      const verdicts = await raced(lanes, run);
      return table(run.name, verdicts, await run.last?.());
    },
    runsTogether: async (run) => table(run.name, await racedTogether(lanes, run)),
  };
};

interface Rest {
  readonly leftovers: readonly string[];
  readonly findings: Findings;
}

/** Asks until nothing is left, or so many times. */
const quiet = async (asks: number, ask: () => Promise<Rest>): Promise<Rest> => {
  const rest = await ask();
  const { finals, unacknowledged, open } = rest.findings;
  const isQuiet = [rest.leftovers, finals, unacknowledged, open].every(({ length }) => length === 0);
  if (isQuiet || asks <= 1) return rest;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return quiet(asks - 1, ask);
};

/** After so many faulty races the others are not run: each waits long for what does not come. */
const enough = 5;

/** Each lane takes the next turn as soon as it is free. */
const raced = async (lanes: readonly Lane[], { race, count, name }: Run): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  let turn = 0;
  let faulty = 0;
  const drives = async (lane: Lane): Promise<void> => {
    while (turn < count && faulty < enough) {
      turn += 1;
      const own = turn;
      const verdict = await race(lane, chanceOf(seed, own)).catch((error: unknown) => failed(`${name} ${own}`, error));
      verdicts.push(verdict);
      if (verdict.faults.length > 0) faulty += 1;
    }
  };
  await Promise.all(lanes.map(drives));
  return verdicts;
};

const racedTogether = async (lanes: readonly Lane[], { race, count, name }: TogetherRun): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const chance = chanceOf(seed, turn);
    verdicts.push(...(await race(lanes, chance, turn).catch((error: unknown) => [failed(`${name} ${turn}`, error)])));
    if (verdicts.filter(({ faults }) => faults.length > 0).length >= enough) break;
  }
  return verdicts;
};

/** A race that did not come to its end is a fault, not the end of the others. */
const failed = (which: string, error: unknown): Verdict => ({
  outcome: 'refused',
  refusals: [],
  faults: [{ kind: 'errors', text: `${which}: ${error instanceof Error ? error.message : String(error)}` }],
});
