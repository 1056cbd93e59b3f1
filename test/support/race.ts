import type { Phone } from './phone.js';
import type { Peer } from './phone-transport.js';
import { openBooks } from './race-books.js';
import { seed } from './race-chance.js';
import type { Fault } from './race-contest.js';
import { type Lane, officeOf, openLane } from './race-lane.js';
import { newReferee } from './race-referee.js';
import type { ZeroTable } from './race-table.js';
import { raced, racedTogether, type Turns, type TurnsTogether } from './race-turns.js';
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
  /** How many channels the media server has, where it is nobody else's. */
  readonly channels?: () => Promise<number>;
}

/** One race, so many times. */
export interface Run extends Turns<Lane> {
  /** What is done when all races are over and before the books are closed; what went wrong then. */
  readonly last?: () => Promise<readonly Fault[]>;
}

/** One race on all lanes, so many times. */
export type TogetherRun = TurnsTogether<Lane>;

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
  const { lanes: count = 6, env = {}, between, ...witnesses } = options;
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

  const table = openBooks({ ...witnesses, service: running, referee });
  return {
    service: running,
    lanes,
    seed,
    runs: async (run) => {
      const verdicts = await raced(lanes, run);
      return table({ name: run.name, verdicts, faults: await run.last?.() });
    },
    runsTogether: async (run) => table({ name: run.name, verdicts: await racedTogether(lanes, run) }),
  };
};
