import type { RaceBench, TogetherRun } from './race.js';
import * as races from './race-kinds.js';
import { manyLamps } from './race-lamps.js';
import { patience } from './race-patience.js';
import { runByProgram } from './race-program.js';
import { runReplaces } from './race-replaces.js';
import type { ZeroTable } from './race-table.js';
import { runWatched } from './race-watchers.js';

/** One run of the soak. */
export interface SoakRun {
  readonly name: string;
  /** How many, where nothing else is said. */
  readonly count: number;
  /** What the service holds before and after is compared. */
  readonly isGrowth: boolean;
  /** So many lanes and no others, on a bench of its own. */
  readonly lanes?: number;
  table(bench: RaceBench, count: number): Promise<ZeroTable>;
}

const sideBySide = (name: string, race: races.Race, count: number, isGrowth = false): SoakRun => ({
  name,
  count,
  isGrowth,
  table: (bench, times) => bench.runs({ name, race, count: times }),
});

/** A run whose races need all lanes at once. */
const together = (name: string, race: TogetherRun['race'], count: number): SoakRun => ({
  name,
  count,
  isGrowth: false,
  table: (bench, times) => bench.runsTogether({ name, race, count: times }),
});

const withTwins = async (bench: RaceBench, count: number): Promise<ZeroTable> => {
  for (const { twin } of bench.lanes) await twin.registers();
  const table = await bench.runs({ name: 'two-phones', race: races.twoPhonesAnswer, count });
  for (const { twin } of bench.lanes) await twin.unregisters();
  return table;
};

/** Everything that the soak runs, in this order. */
export const soakRuns: readonly SoakRun[] = [
  sideBySide('two-pickers', races.twoPickers, 2000),
  sideBySide('picker-answer', races.pickerAgainstAnswer, 1000),
  sideBySide('picker-cancel', races.pickerAgainstCancel, 1000),
  sideBySide('picker-decline', races.pickerAgainstDecline, 500),
  sideBySide('picker-changes-mind', races.pickerChangesMind, 1000),
  sideBySide('cancel-answer', races.cancelAgainstAnswer, 1000),
  sideBySide('answers-at-once', races.answersAtOnce, 1000),
  sideBySide('ghosts', races.ghost, 2000),
  {
    name: 'ghosts-slow-store',
    count: 500,
    isGrowth: false,
    table: (bench, count) =>
      bench.runs({ name: 'ghosts-slow-store', race: races.ghostBehind(bench.service.redis), count }),
  },
  sideBySide('same-call-id', races.sameCallId, 500),
  { name: 'two-phones', count: 500, isGrowth: false, table: withTwins },
  together('crowd', races.crowd, 100),
  together('one-for-each', races.oneForEach, 50),
  {
    name: 'by-program',
    count: 1000,
    isGrowth: false,
    table: (bench, count) => runByProgram(bench, 'by-program', count),
  },
  {
    name: 'watchers',
    count: 1000,
    isGrowth: false,
    table: (bench, count) => runWatched(bench, { name: 'watchers', count }),
  },
  {
    name: 'watchers-many',
    count: 1000,
    isGrowth: false,
    lanes: 20,
    table: (bench, count) => runWatched(bench, { name: 'watchers-many', count, lamps: manyLamps, quiet: 2_000 }),
  },
  {
    name: 'replaces-many',
    count: 5000,
    isGrowth: false,
    table: (bench, count) => runReplaces(bench, 'replaces-many', count),
  },
  sideBySide('picker-vanishes', races.pickerVanishes, 2),
  sideBySide('patience', patience, 8),
  sideBySide('calls', races.simpleCall, 10_000, true),
  sideBySide('pickups', races.simplePickup, 2000, true),
  {
    name: 'watched-calls',
    count: 10_000,
    isGrowth: true,
    table: (bench, count) => runWatched(bench, { name: 'watched-calls', count, race: races.simpleCall }),
  },
];
