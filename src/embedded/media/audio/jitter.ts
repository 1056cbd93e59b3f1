import { type Frame, frameSamples } from './frame.js';
import { packetOrder } from './packet-order.js';
import { mostBytes, soundQueue } from './sound-queue.js';

/** What came from a phone, put in order, and given out 20 ms at a time. */
export interface JitterBuffer {
  /** One packet: its bytes and what each of them sounds like. One without sound (a key) only keeps the order. */
  put(sequence: number, bytes: Uint8Array, linear: Int16Array): void;
  /** The next 20 ms, good until the next are asked for; undefined if they have not come, or are lost. */
  take(): Frame | undefined;
  /** Forgets everything. */
  clear(): void;
}

/** So much waits before anything is given out, for packets that overtake each other: 40 ms. */
const start = 2 * frameSamples;
/** More than this, and one packet, never waits: 100 ms. */
const most = 5 * frameSamples;
/** Ticks without anything after which it starts anew. */
const patience = 5;
/** Ticks in which all the time more than enough was waiting, after which 20 ms are dropped: two seconds. */
const calm = 100;

/** Says, once in a while, that for all of the while at least `start` samples were waiting too many. */
const surplus = (): ((waiting: number) => boolean) => {
  let [ticks, least] = [0, Number.POSITIVE_INFINITY];
  return (waiting) => {
    least = Math.min(least, waiting);
    ticks += 1;
    if (ticks < calm) return false;
    const isTooMuch = least >= start;
    [ticks, least] = [0, Number.POSITIVE_INFINITY];
    return isTooMuch;
  };
};

/** An empty buffer. */
export const jitterBuffer = (): JitterBuffer => {
  const packets = packetOrder();
  const sound = soundQueue();
  const isSurplus = surplus();
  let [isPlaying, misses] = [false, 0];

  const waiting = () => packets.samples + sound.length;

  const shorten = (to: number): void => {
    while (packets.held > 0 && waiting() > to) packets.pass();
  };

  const stop = (): void => {
    // What is left of the last packet would be heard before the next thing that is said.
    sound.clear();
    isPlaying = false;
  };

  /** A packet that is missing while later ones are here is lost; if none is here, they may only be late. */
  const miss = (): void => {
    misses += 1;
    if (packets.held > 0) packets.pass();
    else if (misses >= patience) stop();
  };

  const isReady = (): boolean => {
    if (isPlaying) return true;
    if (packets.samples < start) return false;
    [isPlaying, misses] = [true, 0];
    return true;
  };

  return {
    clear: () => {
      packets.clear();
      stop();
    },
    put: (sequence, bytes, linear) => {
      if (bytes.length > mostBytes) return;
      packets.put({ sequence, bytes, linear }, !isPlaying);
      if (waiting() > most + bytes.length) shorten(start);
    },
    take: () => {
      if (!isReady()) return undefined;
      while (sound.length < frameSamples) {
        const packet = packets.pull();
        if (!packet) {
          miss();
          return undefined;
        }
        sound.add(packet.bytes, packet.linear);
      }
      misses = 0;
      if (isSurplus(waiting() - frameSamples)) packets.pass();
      return sound.take();
    },
  };
};
