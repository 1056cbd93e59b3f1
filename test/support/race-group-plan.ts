import type { Chance } from './race-chance.js';
import type { GroupName } from './race-group-office.js';

/** What a phone does with a call: rings until it is told otherwise, or says something after so many milliseconds. */
export type Manner =
  | { readonly kind: 'silent' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'answers'; readonly after: number }
  | { readonly kind: 'declines'; readonly after: number; readonly status: number };

/** Who tries to pick up. */
export type Hand = 'controller' | 'colleague' | 'member' | 'stranger';

/** How. */
export type Way = 'group' | 'alone' | 'number' | 'key' | 'program' | 'program-group';

/** One pickup: so many milliseconds after the first phone was called. */
export interface PlannedPickup {
  readonly hand: Hand;
  readonly way: Way;
  readonly at: number;
}

/** One call to a group. */
export interface PlannedCall {
  readonly group: GroupName;
  /** Milliseconds after the race began; the first one begins it. */
  readonly begins: number;
  /** Milliseconds after the first phone was called. */
  readonly abandons?: number;
  /** What becomes of it if nobody has it when everybody has tried. */
  readonly ending: 'picked' | 'abandoned' | 'hunted-out';
}

/** Everything of one race that is decided beforehand, so that its seed repeats it. */
export interface Plan {
  readonly calls: readonly PlannedCall[];
  readonly pickups: readonly PlannedPickup[];
  /** Of the members' phones, and of whoever else is called. */
  readonly manners: readonly Manner[];
  /** So many milliseconds they talk before somebody hangs up. */
  readonly talks: number;
}

const entries = [
  'all',
  'all',
  'all',
  'turns',
  'turns',
  'chance',
  'ever',
  'far',
  'out',
  'by',
  'nest',
  'nest',
  'round',
] as const;

/** How many phones may have a manner of their own. */
const phones = 8;

/**
 * A moment of a hunt in milliseconds: near the first ring, around the switch from one turn to the next (ringTime is 1 s
 * everywhere), or any other.
 */
const momentOf = (chance: Chance): number => {
  if (chance.happens(0.35)) return chance.between(0, 60);
  if (chance.happens(0.7)) return 1000 * chance.one([1, 1, 2]) + chance.between(-25, 25);
  return chance.between(0, 1800);
};

const mannerOf = (chance: Chance): Manner => {
  const after = momentOf(chance);
  const kind = chance.one(['silent', 'silent', 'silent', 'silent', 'busy', 'declines', 'answers'] as const);
  return kind === 'declines' ? { kind, after, status: chance.one([486, 480, 603, 404]) } : { kind, after };
};

const waysOf: Readonly<Record<Hand, readonly [Way, ...Way[]]>> = {
  controller: ['group', 'group', 'alone', 'number', 'key', 'program', 'program-group'],
  colleague: ['alone', 'number', 'key', 'program'],
  member: ['alone', 'number', 'key'],
  stranger: ['group', 'alone', 'number', 'key'],
};

const pickupsOf = (chance: Chance): PlannedPickup[] => {
  const together = chance.happens(0.5) ? momentOf(chance) : undefined;
  const hands = { controller: 0.7, colleague: 0.5, member: 0.3, stranger: 0.15 };
  return (Object.keys(hands) as Hand[])
    .filter((hand) => chance.happens(hands[hand]))
    .map((hand) => ({ hand, way: chance.one(waysOf[hand]), at: together ?? momentOf(chance) }));
};

const callOf = (chance: Chance, begins: number): PlannedCall => {
  const group = chance.one(entries);
  const abandons = chance.happens(0.15) ? momentOf(chance) : undefined;
  const isEndless = ['ever', 'far', 'nest', 'round'].includes(group);
  const isLong = !isEndless && chance.happens(0.1);
  const ending = isLong ? 'hunted-out' : chance.one(['picked', 'picked', 'abandoned'] as const);
  return { group, begins, ending, ...(abandons !== undefined && { abandons }) };
};

/** Decides about one race. */
export const planOf = (chance: Chance): Plan => {
  const first = callOf(chance, 0);
  const second = callOf(chance, momentOf(chance));
  // Who has picked up the one is not there for the other.
  const calls = chance.happens(0.25) ? [first, { ...second, ending: 'abandoned' as const }] : [first];
  return {
    calls,
    pickups: pickupsOf(chance),
    manners: Array.from({ length: phones }, () => mannerOf(chance)),
    talks: chance.happens(0.15) ? 1200 : 0,
  };
};
