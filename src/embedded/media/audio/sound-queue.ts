import { type Frame, frameSamples } from './frame.js';

/** Most bytes that one packet may have: 240 ms. */
export const mostBytes = 1920;

/** Sound that comes in pieces of any length and goes out in frames. */
export interface SoundQueue {
  /** Samples that wait. */
  readonly length: number;
  /** Adds what these bytes sound like, by the table of their law. */
  add(bytes: Uint8Array, linear: Int16Array): void;
  /** The next frame, good until the one after it; undefined if there is not enough. */
  take(): Frame | undefined;
  clear(): void;
}

/** An empty queue. */
export const soundQueue = (): SoundQueue => {
  const samples = new Int16Array(4 * mostBytes);
  const frame: Frame = new Int16Array(frameSamples);
  let [start, end] = [0, 0];
  return {
    get length() {
      return end - start;
    },
    clear: () => {
      [start, end] = [0, 0];
    },
    add: (bytes, linear) => {
      if (end + bytes.length > samples.length) {
        samples.copyWithin(0, start, end);
        [start, end] = [0, end - start];
      }
      for (let at = 0; at < bytes.length; at += 1) samples[end + at] = linear[bytes[at] ?? 0] ?? 0;
      end += bytes.length;
    },
    take: () => {
      if (end - start < frameSamples) return undefined;
      frame.set(samples.subarray(start, start + frameSamples));
      start += frameSamples;
      return frame;
    },
  };
};
