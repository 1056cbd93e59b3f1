import { randomInt } from 'node:crypto';
import { digitMouth, type KeyPacket } from './digits-told.js';
import { type Frame, frameSamples } from './frame.js';
import { writtenIn } from './g711.js';
import { headerBytes, writeHeader } from './packet.js';
import { packetizer } from './packetizer.js';
import type { Agreed } from './sdp.js';
import { sealer } from './srtp.js';

/** What goes to a phone. */
export interface Outgoing {
  apply(agreed: Agreed): void;
  /** One tick: a frame, or nothing; a key that is to be told goes before. */
  say(frame: Frame | undefined): void;
  digits(digits: string, milliseconds: number): void;
}

/** Samples in 10 ms, of which packets are made. */
const samplesPerMs = 8;

const isTold = ({ direction }: Agreed): boolean => direction === 'sendrecv' || direction === 'sendonly';

/** Where a packet stands among the others. */
interface Place {
  readonly payload: number;
  readonly timestamp: number;
  readonly marked: boolean;
}

/** Says nothing until something is agreed on. */
export const outgoing = (send: (packet: Buffer) => void): Outgoing => {
  const source = randomInt(2 ** 32);
  const keys = digitMouth();
  const packets = packetizer();
  let sequence = randomInt(2 ** 15);
  let timestamp = randomInt(2 ** 32);
  let keyStart = 0;
  let wasSilent = true;
  let agreed: Agreed | undefined;
  let seal: ((packet: Buffer) => Buffer) | undefined;

  const write = (body: Uint8Array, place: Place): void => {
    const packet = Buffer.allocUnsafe(headerBytes + body.length);
    writeHeader(packet, { ...place, sequence, source });
    packet.set(body, headerBytes);
    sequence = (sequence + 1) & 0xffff;
    send(seal ? seal(packet) : packet);
  };

  const tell = ({ body, isFirst }: KeyPacket, payload: number): void => {
    if (isFirst) keyStart = timestamp;
    write(body, { payload, timestamp: keyStart, marked: isFirst });
  };

  const speak = (frame: Frame, payload: number): void =>
    packets.add(frame, timestamp, (bytes, at) => {
      write(bytes, { payload, timestamp: at, marked: wasSilent });
      wasSilent = false;
    });

  const pause = (): void => {
    packets.clear();
    wasSilent = true;
  };

  return {
    digits: (digits, milliseconds) => {
      if (agreed?.telephoneEvent !== undefined) keys.add(digits, milliseconds);
    },
    apply: (now) => {
      if (!isSameKey(agreed, now)) seal = now.crypto && sealer({ suite: now.crypto.suite, key: now.crypto.ours });
      packets.shape(now.ptime * samplesPerMs, writtenIn(now.codec));
      agreed = now;
    },
    say: (frame) => {
      timestamp = (timestamp + frameSamples) >>> 0;
      if (!agreed || !isTold(agreed)) return pause();
      const key = agreed.telephoneEvent === undefined ? undefined : keys.next();
      if (key) tell(key, agreed.telephoneEvent ?? 0);
      if (key || !frame) return pause();
      speak(frame, agreed.payload);
    },
  };
};

const isSameKey = (before: Agreed | undefined, { crypto: now }: Agreed): boolean => {
  const then = before?.crypto;
  if (!then || !now) return before !== undefined && then === now;
  return then.suite === now.suite && then.ours.equals(now.ours);
};
