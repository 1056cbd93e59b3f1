import { seed } from './race-chance.js';
import { comesTrue, type Fault, type Verdict } from './race-contest.js';
import type { Findings, Referee } from './race-referee.js';
import { type ZeroTable, zeroTable } from './race-table.js';
import type { RunningService } from './service.js';

/** Who knows what is left when races are over. */
export interface Witnesses {
  readonly service: Pick<RunningService, 'leftovers'>;
  readonly referee: Referee;
  /** How many channels the media server has, where it is nobody else's. */
  readonly channels?: () => Promise<number>;
  /** How often it is asked whether everything is over: more than once where messages get lost and are repeated. */
  readonly asks?: number;
}

/** What a run came to, before it is known what it left behind. */
export interface Ran {
  readonly name: string;
  readonly verdicts: readonly Verdict[];
  /** What went wrong that belongs to no single race. */
  readonly faults?: readonly Fault[];
}

interface Rest {
  readonly leftovers: readonly string[];
  readonly findings: Findings;
}

/** Draws up zero tables; what one run has left behind is that run's, and not told again of the next. */
export const openBooks = ({ service, referee, channels, asks = 1 }: Witnesses): ((ran: Ran) => Promise<ZeroTable>) => {
  const told = new Set<string>();
  const isNew = (left: string) => !told.has(left);
  return async (ran) => {
    const { leftovers, findings } = await quiet(asks, async () => ({
      leftovers: (await service.leftovers()).filter(isNew),
      findings: referee.findings(),
    }));
    const left = [...leftovers, ...(channels ? (await channelsLeft(channels)).filter(isNew) : [])];
    for (const each of left) told.add(each);
    referee.forgets();
    return zeroTable({ ...ran, seed, findings, leftovers: left, countsChannels: channels !== undefined });
  };
};

/** A media server may take a moment to forget, as the service may. */
const channelsLeft = async (channels: () => Promise<number>): Promise<string[]> => {
  let last = Number.NaN;
  const isQuiet = await comesTrue(async () => {
    last = await channels();
    return last === 0;
  }, 5_000);
  return isQuiet ? [] : [`channels is ${last}`];
};

/** Asks until nothing is left, or so many times. */
const quiet = async (asks: number, ask: () => Promise<Rest>): Promise<Rest> => {
  const rest = await ask();
  const { finals, unacknowledged, open } = rest.findings;
  const isQuiet = [rest.leftovers, finals, unacknowledged, open].every(({ length }) => length === 0);
  if (isQuiet || asks <= 1) return rest;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return quiet(asks - 1, ask);
};
