import type { RaceBench } from './race.js';
import { chanceOf } from './race-chance.js';
import type { Verdict } from './race-contest.js';
import * as races from './race-kinds.js';
import type { ZeroTable } from './race-table.js';

/** One run of the soak. */
export interface SoakRun {
  readonly name: string;
  /** How many, where nothing else is said. */
  readonly count: number;
  /** What the service holds before and after is compared. */
  readonly isGrowth: boolean;
  table(bench: RaceBench, count: number): Promise<ZeroTable>;
}

const sideBySide = (name: string, race: races.Race, count: number, isGrowth = false): SoakRun => ({
  name,
  count,
  isGrowth,
  table: (bench, times) => bench.runs({ name, race, count: times }),
});

/** A run whose races need all lanes at once. */
const together = (
  name: string,
  count: number,
  race: (bench: RaceBench, turn: number) => Promise<readonly Verdict[]>,
): SoakRun => ({
  name,
  count,
  isGrowth: false,
  table: async (bench, times) => {
    const verdicts: Verdict[] = [];
    for (let turn = 0; turn < times; turn += 1) verdicts.push(...(await race(bench, turn)));
    return bench.table(name, verdicts);
  },
});

const crowd = async ({ lanes, seed }: RaceBench, turn: number): Promise<Verdict[]> => {
  const lane = lanes[turn % lanes.length];
  return lane ? [await races.crowd(lanes)(lane, chanceOf(seed, turn))] : [];
};

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
  sideBySide('ghosts', races.ghost, 2000),
  sideBySide('same-call-id', races.sameCallId, 500),
  { name: 'two-phones', count: 500, isGrowth: false, table: withTwins },
  together('crowd', 100, crowd),
  together('one-for-each', 50, ({ lanes, seed }, turn) => races.oneForEach(lanes, chanceOf(seed, turn))),
  sideBySide('picker-vanishes', races.pickerVanishes, 2),
  sideBySide('calls', races.simpleCall, 10_000, true),
  sideBySide('pickups', races.simplePickup, 2000, true),
];
