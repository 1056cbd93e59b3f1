import { randomInt } from 'node:crypto';

/** Chance that can be repeated: the same seed and turn give the same decisions. */
export interface Chance {
  /** A number from low up to high. */
  between(low: number, high: number): number;
  /** True so often out of one. */
  happens(probability: number): boolean;
  /** One of several. */
  one<T>(several: readonly [T, ...T[]]): T;
}

/** The seed of this process: `SEED` of the environment, or a new one. */
export const seed: number = Number(process.env.SEED ?? randomInt(1, 2 ** 31));

/**
 * The decisions of one turn. Turns run side by side and take their decisions in any order, so each has a source of its
 * own (mulberry32, started from the seed and the turn).
 */
export const chanceOf = (from: number, turn: number): Chance => {
  let state = (Math.imul(from, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca6b)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (low, high) => low + next() * (high - low),
    happens: (probability) => next() < probability,
    one: (several) => several[Math.floor(next() * several.length)] ?? several[0],
  };
};
