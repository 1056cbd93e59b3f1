import type { GroupId } from './group.js';
import type { Extension } from './names.js';
import { type GroupPlace, placeOf, type RingPlace } from './ring-place.js';

/**
 * Which of several calls a picker gets who names none: the one that has rung longest, the one that has rung shortest, or
 * the oldest of the first own group in which one rings, in the order in which the company's document names them.
 */
export const selections = ['oldest', 'newest', 'priority'] as const;

/** One of {@link selections}. */
export type Selection = (typeof selections)[number];

/** Whose calls would do, and which of several is the best. */
export interface Wanted {
  /** Groups stand among them, for the calls that came through these. */
  readonly extensions: readonly RingPlace[];
  /** Whose calls would do where none of those before can be had, one list after another. */
  readonly further?: readonly (readonly RingPlace[])[];
  /** Only calls that came through one of these groups would do, if it is said. */
  readonly through?: readonly GroupPlace[];
  /** The youngest call is the best; otherwise the oldest. */
  readonly newest?: boolean;
}

/** The lists in their order. */
export const turnsOf = ({ extensions, further = [] }: Wanted): (readonly RingPlace[])[] => [extensions, ...further];

/** Everybody whose calls would do. */
export const everybodyIn = (wanted: Wanted): readonly RingPlace[] =>
  wanted.further ? turnsOf(wanted).flat() : wanted.extensions;

/** What must be known of a call to choose; times in milliseconds since 1970. */
interface Candidate {
  readonly id: string;
  readonly target: Extension;
  /** At whose phones a group's call rings. */
  readonly ringsAt?: readonly Extension[];
  /** Which groups it came through, where one of those phones is of somebody who lets himself be picked up. */
  readonly groups?: readonly GroupId[];
  readonly startedAt: number;
  readonly ringingAt?: number;
}

/** Those calls that would do, the best first: as claim.lua chooses. */
export const bestFirst = <Call extends Candidate>(calls: readonly Call[], wanted: Wanted): Call[] => {
  const turns = turnsOf(wanted).map((places) => new Set(places));
  const { through } = wanted;
  const isThrough = ({ groups = [] }: Call) => !through || groups.some((id) => through.includes(placeOf(id)));
  const turn = ({ target, ringsAt = [target], groups = [] }: Call): number =>
    turns.findIndex((places) => [...ringsAt, ...groups.map(placeOf)].some((place) => places.has(place)));
  const age = ({ ringingAt, startedAt }: Call): number => (wanted.newest ? -1 : 1) * (ringingAt ?? startedAt);
  return calls
    .filter((call) => isThrough(call) && turn(call) >= 0)
    .sort((a, b) => turn(a) - turn(b) || age(a) - age(b) || (a.id < b.id ? -1 : 1));
};
