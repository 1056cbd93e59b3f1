import type { RaceBench, TogetherRun } from './race.js';
import type { GroupBench } from './race-group-bench.js';
import { runGroupCalls } from './race-group-calls.js';
import { runPresenceFlaps } from './race-group-flaps.js';
import * as races from './race-kinds.js';
import { manyLamps } from './race-lamps.js';
import type { MediaBench } from './race-media.js';
import * as anchoring from './race-media-anchor.js';
import { runKilled } from './race-media-killed.js';
import { runAnchoredPickups } from './race-media-pickups.js';
import { whisperPrivacy } from './race-media-privacy.js';
import type { MediaRoom } from './race-media-room.js';
import { patience } from './race-patience.js';
import { runPreviewed } from './race-preview.js';
import { runByProgram } from './race-program.js';
import { type ReplaceBench, runReplacePhones } from './race-replace.js';
import { runReplaces } from './race-replaces.js';
import type { ZeroTable } from './race-table.js';
import type { Turns } from './race-turns.js';
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
  /** The service has a media server to itself, whose channels are counted. */
  readonly hasMedia?: boolean;
  table(bench: RaceBench, count: number): Promise<ZeroTable>;
}

/** One run of the soak in rooms with a media server. */
export interface RoomRun {
  readonly name: string;
  /** How many, where nothing else is said. */
  readonly count: number;
  /** How many side by side. */
  readonly rooms: number;
  table(bench: MediaBench, count: number): Promise<ZeroTable>;
}

/** One run of the soak with calls to groups, on two instances. */
export interface GroupSoakRun {
  readonly name: string;
  /** How many, where nothing else is said. */
  readonly count: number;
  /** What the instances hold before and after is compared. */
  readonly isGrowth: boolean;
  table(bench: GroupBench, count: number): Promise<ZeroTable>;
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

const inRooms = (name: string, race: Turns<MediaRoom>['race'], rooms = 8): RoomRun => ({
  name,
  count: 200,
  rooms,
  table: (bench, times) => bench.runs({ name, race, count: times }),
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
  {
    name: 'anchored-pickups',
    count: 500,
    isGrowth: false,
    hasMedia: true,
    table: (bench, count) => runAnchoredPickups(bench, 'anchored-pickups', count),
  },
  {
    name: 'previews',
    count: 500,
    isGrowth: false,
    hasMedia: true,
    table: (bench, count) => runPreviewed(bench, 'previews', count),
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

/** What the soak runs in rooms with a media server; those that wait for a transaction's end wait side by side. */
export const roomRuns: readonly RoomRun[] = [
  inRooms('whisper-privacy', whisperPrivacy),
  inRooms('anchor-refused', anchoring.anchorRefused),
  inRooms('anchor-glare', anchoring.anchorGlare),
  inRooms('anchor-hangup', anchoring.anchorHangup),
  {
    name: 'anchor-killed',
    count: 200,
    rooms: 8,
    table: (bench, count) => runKilled(bench, 'anchor-killed', count),
  },
  inRooms('anchor-timeout', anchoring.anchorTimeout, 40),
];

/** What the soak runs with calls to groups; each hunt takes seconds, so many floors are called side by side. */
export const groupRuns: readonly GroupSoakRun[] = [
  {
    name: 'group-calls',
    count: 1000,
    isGrowth: false,
    table: (bench, count) => runGroupCalls(bench, { name: 'group-calls', count }),
  },
  {
    name: 'presence-flaps',
    count: 200,
    isGrowth: false,
    table: (bench, count) => runPresenceFlaps(bench, 'presence-flaps', count),
  },
  {
    name: 'group-growth',
    count: 1000,
    isGrowth: true,
    table: (bench, count) => runGroupCalls(bench, { name: 'group-growth', count }),
  },
];

/** On so many floors. */
export const groupFloors = 12;

/** What the soak runs while people change phones. */
export const replaceRuns = [
  {
    name: 'replace-phones',
    count: 200,
    isGrowth: false,
    table: (bench: ReplaceBench, count: number) => runReplacePhones(bench, 'replace-phones', count),
  },
] as const;
