import { type Frame, frameSamples } from './frame.js';

/** Cuts frames into the packets that a phone wants. */
export interface Packetizer {
  /** Samples in each packet, and how they are written. */
  shape(samples: number, law: Uint8Array): void;
  /** Adds a frame that begins at this time stamp, and gives out the packets that are full, good until the next. */
  add(frame: Frame, timestamp: number, send: (bytes: Uint8Array, timestamp: number) => void): void;
  /** Silence comes: what is not full is dropped. */
  clear(): void;
}

/** Cuts into 20 ms of silence until it is told more. */
export const packetizer = (): Packetizer => {
  const bytes = new Uint8Array(16 * frameSamples);
  let [size, filled] = [frameSamples, 0];
  let written: Uint8Array = new Uint8Array(65_536);
  return {
    shape: (samples, law) => {
      [size, written, filled] = [samples, law, 0];
    },
    clear: () => {
      filled = 0;
    },
    add: (frame, timestamp, send) => {
      const first = timestamp - filled;
      for (let at = 0; at < frameSamples; at += 1) bytes[filled + at] = written[(frame[at] ?? 0) & 0xffff] ?? 0;
      filled += frameSamples;
      let start = 0;
      for (; filled - start >= size; start += size) send(bytes.subarray(start, start + size), (first + start) >>> 0);
      bytes.copyWithin(0, start, filled);
      filled -= start;
    },
  };
};
