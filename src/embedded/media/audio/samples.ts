import { type Frame, frameSamples } from './frame.js';

/** Sound that is played, 20 ms at a time. */
export interface Source {
  /** The next frame, good until the one after it; undefined: it is over. */
  next(): Frame | undefined;
}

/** A source of so many samples at 8 kHz (perhaps without an end), each by its number; the last frame is filled with silence. */
export const sourceOf = (length: number, sample: (at: number) => number): Source => {
  const frame: Frame = new Int16Array(frameSamples);
  let position = 0;
  return {
    next: () => {
      if (position >= length) return undefined;
      for (let at = 0; at < frameSamples; at += 1) {
        frame[at] = position + at < length ? Math.max(-32768, Math.min(32767, sample(position + at))) : 0;
      }
      position += frameSamples;
      return frame;
    },
  };
};

/** One source after another. */
export const inTurn = (sources: readonly Source[]): Source => {
  let current = 0;
  return {
    next: () => {
      for (; current < sources.length; current += 1) {
        const frame = sources[current]?.next();
        if (frame) return frame;
      }
      return undefined;
    },
  };
};
