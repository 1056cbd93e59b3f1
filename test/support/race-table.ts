import type { Fault, FaultKind, Verdict } from './race-contest.js';
import type { Findings } from './race-referee.js';

/** What one run of races came to. */
export interface RaceResult {
  readonly name: string;
  readonly seed: number;
  readonly verdicts: readonly Verdict[];
  /** What went wrong that belongs to no single race. */
  readonly faults?: readonly Fault[];
  readonly findings: Findings;
  /** What the service should have forgotten and has not. */
  readonly leftovers: readonly string[];
  /** The channels of the media server were counted too. */
  readonly countsChannels?: boolean;
}

/** The zero table of one run (reliability.md section 4): every number must be 0. */
export interface ZeroTable {
  /** One line for the reader: counts, and the number of every column. */
  readonly line: string;
  /** What is not zero, each with its reason; empty when all is well. */
  readonly notZero: readonly string[];
}

/** At most so many reasons are told of one column. */
const mostReasons = 5;

/** And so many letters of each: a log line may carry a whole stack. */
const mostLetters = 600;

/** The gauges of the service that have a column of their own; the others are about calls. */
const gaugeColumns = [
  ['dialogs', /^drachtio_/],
  ['endpoints', /^media_endpoints /],
  ['anchored', /^anchored_calls /],
  ['listeners', /^listeners /],
  ['channels', /^channels /],
] as const;

const gaugesIn = (gauges: readonly string[], countsChannels: boolean): [string, readonly string[]][] => [
  ['gauges', gauges.filter((gauge) => !gaugeColumns.some(([, names]) => names.test(gauge)))],
  ...gaugeColumns
    .filter(([column]) => column !== 'channels' || countsChannels)
    .map(([column, names]): [string, readonly string[]] => [column, gauges.filter((gauge) => names.test(gauge))]),
];

const columns = (result: RaceResult): [string, readonly string[]][] => {
  const { verdicts, faults: more = [], findings, leftovers, countsChannels = false } = result;
  const faults = [...verdicts.flatMap((verdict) => verdict.faults), ...more];
  const of = (kind: FaultKind) => faults.filter((fault: Fault) => fault.kind === kind).map(({ text }) => text);
  const isKey = (left: string) => left.startsWith('key ');
  const isGauge = (left: string) => / is -?\d+$/.test(left) && !isKey(left);
  return [
    ['two-winners', of('winners')],
    ['talk-to-two', of('talks')],
    ['media', of('media')],
    ['privacy', of('privacy')],
    ['errors', of('errors')],
    ['watchers', of('watchers')],
    ['finals', findings.finals],
    ['un-acked', findings.unacknowledged],
    ['open-legs', findings.open],
    ...gaugesIn(leftovers.filter(isGauge), countsChannels),
    ['keys', leftovers.filter(isKey)],
    ['surprises', leftovers.filter((left) => !isKey(left) && !isGauge(left))],
  ];
};

/** How often each value occurs, as `picked 12, cancelled 3`. */
const tally = (values: readonly (string | number)[]): string => {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([value, count]) => `${value} ${count}`)
    .join(', ');
};

/** Draws up the zero table of one run. */
export const zeroTable = (result: RaceResult): ZeroTable => {
  const { name, seed, verdicts } = result;
  const all = columns(result);
  const outcomes = tally(verdicts.map(({ outcome }) => outcome));
  const refusals = tally(verdicts.flatMap((verdict) => verdict.refusals));
  const numbers = all.map(([column, reasons]) => `${column} ${reasons.length}`).join('  ');
  return {
    line: `${name.padEnd(24)} ${`${verdicts.length}`.padStart(6)}  ${numbers}  | ${outcomes}${refusals && `; refused ${refusals}`} | SEED=${seed}`,
    notZero: all.flatMap(([column, reasons]) =>
      reasons.slice(0, mostReasons).map((reason) => `${column}: ${reason.slice(0, mostLetters)}`),
    ),
  };
};
