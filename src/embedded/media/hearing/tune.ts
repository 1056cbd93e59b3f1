import type { Frame } from '../audio/frame.js';
import type { Source } from '../audio/source.js';
import type { Voice } from './ear.js';

/** A sound that is being played. */
export interface Tune extends Voice {
  /** How many frames were heard of it. */
  readonly played: number;
  /** Goes on to the next frame; false when it is over. */
  next(): boolean;
}

/** Plays a source. */
export function makeTune(source: Source): Tune {
  let frame: Frame | undefined;
  let played = 0;
  return {
    get frame() {
      return frame;
    },
    get played() {
      return played;
    },
    next: () => {
      frame = source.next();
      if (frame) played += 1;
      return frame !== undefined;
    },
  };
}
