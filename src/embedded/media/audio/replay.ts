import { ahead } from './packet.js';

const window = 128;
const rollover = 65_536;

/** Which packets of one source have been seen, by their numbers without rollover (RFC 3711 sections 3.3.1 and 3.3.2). */
export interface Seen {
  /** The whole number that a packet most likely has. */
  guess(sequence: number): number;
  /** Nothing that came before, and not older than can be known. */
  isNew(index: number): boolean;
  note(index: number): void;
}

/** A source of which nothing has come yet. */
export const nothingSeen = (): Seen => {
  const marks = new Float64Array(window).fill(-1);
  let highest: number | undefined;
  return {
    guess: (sequence) => {
      if (highest === undefined) return sequence;
      const near = highest + ahead(sequence, highest % rollover);
      return near < 0 ? near + rollover : near;
    },
    isNew: (index) => (highest === undefined || index > highest - window) && marks[index % window] !== index,
    note: (index) => {
      marks[index % window] = index;
      highest = Math.max(highest ?? 0, index);
    },
  };
};
