import { frameMs, frameSamples } from './frame.js';

const keys = '0123456789*#ABCD';
/** A key's last packet is sent three times (RFC 4733 section 2.5.1.4). */
const ends = 3;
/** Ticks between two keys. */
const pause = 3;
/** So that a duration fits into its 16 bits. */
const longestMs = 8000;
/** Keys that wait to be told; more are dropped. */
const most = 256;

/** One packet that tells of a key. */
export interface KeyPacket {
  readonly body: Buffer;
  /** The first of its key: it gives the time stamp of all. */
  readonly isFirst: boolean;
}

/** Keys that are to be told to a phone, one packet in 20 ms. */
export interface DigitMouth {
  add(digits: string, milliseconds: number): void;
  /** The packet of this tick; undefined if sound may go instead. */
  next(): KeyPacket | undefined;
}

const bodyOf = (code: number, isOver: boolean, duration: number): Buffer => {
  const body = Buffer.alloc(4);
  body.writeUInt8(code, 0);
  // 10 dB below the loudest, as most phones say.
  body.writeUInt8((isOver ? 0x80 : 0) | 10, 1);
  body.writeUInt16BE(duration, 2);
  return body;
};

/** Nothing to tell yet. */
export const digitMouth = (): DigitMouth => {
  const waiting: { code: number; ticks: number }[] = [];
  let tick = 0;
  return {
    add: (digits, milliseconds) => {
      const ticks = Math.max(1, Math.ceil(Math.min(milliseconds, longestMs) / frameMs));
      for (const digit of digits.toUpperCase()) {
        const code = keys.indexOf(digit);
        if (code >= 0 && waiting.length < most) waiting.push({ code, ticks });
      }
    },
    next: () => {
      const [key] = waiting;
      if (!key) return undefined;
      tick += 1;
      const { code, ticks } = key;
      if (tick <= ticks + ends) {
        return {
          isFirst: tick === 1,
          body: bodyOf(code, tick > ticks, Math.min(tick, ticks) * frameSamples),
        };
      }
      if (tick < ticks + ends + pause) return undefined;
      tick = 0;
      waiting.shift();
      return undefined;
    },
  };
};
