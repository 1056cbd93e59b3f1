import { type DigitEar, type DigitListener, digitEar } from './digits-heard.js';
import type { Frame } from './frame.js';
import { linearOf } from './g711.js';
import { type JitterBuffer, jitterBuffer } from './jitter.js';
import { type Packet, readPacket } from './packet.js';
import { type Address, unknownPeer } from './peer.js';
import type { Agreed } from './sdp.js';
import { opener } from './srtp.js';

/** What comes from a phone. */
export interface Incoming {
  /** Where the phone is to be sent to. */
  readonly address: Address | undefined;
  /** Packets that were the phone's. */
  readonly received: number;
  apply(agreed: Agreed): void;
  receive(bytes: Buffer, from: { address: string; port: number }): void;
  take(): Frame | undefined;
  clear(): void;
}

const noBytes = new Uint8Array(0);

interface Ears {
  readonly sound: JitterBuffer;
  readonly digits: DigitEar;
}

const listen = ({ sound, digits }: Ears, agreed: Agreed, { payload, sequence, timestamp, body }: Packet): boolean => {
  if (payload === agreed.payload) sound.put(sequence, body, linearOf(agreed.codec));
  else if (payload === agreed.telephoneEvent) {
    sound.put(sequence, noBytes, linearOf(agreed.codec));
    digits.hear(body, timestamp);
  } else return false;
  return true;
};

const isHeard = ({ direction }: Agreed): boolean => direction === 'sendrecv' || direction === 'recvonly';

/** Hears nothing until something is agreed on. Tells of keys. */
export const incoming = (tell: DigitListener): Incoming => {
  const peer = unknownPeer();
  const ears: Ears = { sound: jitterBuffer(), digits: digitEar(tell) };
  let agreed: Agreed | undefined;
  let open: (bytes: Buffer) => Buffer | undefined = (bytes) => bytes;
  let source: number | undefined;
  let received = 0;

  const clear = (): void => {
    ears.sound.clear();
    ears.digits.clear();
  };

  const begin = (packet: Packet): void => {
    // Another source is another beginning: its numbers and times have nothing to do with those before.
    if (source !== packet.source) clear();
    source = packet.source;
  };

  return {
    clear,
    get address() {
      return peer.address;
    },
    get received() {
      return received;
    },
    take: () => ears.sound.take(),
    apply: (now) => {
      if (!isSameKey(agreed, now)) open = openerOf(now);
      if (!isHeard(now)) clear();
      peer.expect(now.remote);
      agreed = now;
    },
    receive: (bytes, { address, port }) => {
      if (!agreed || !isHeard(agreed)) return;
      const plain = open(bytes);
      const packet = plain && readPacket(plain);
      if (!packet || !peer.accepts(address, port)) return;
      begin(packet);
      if (listen(ears, agreed, packet)) received += 1;
    },
  };
};

const isSameKey = (before: Agreed | undefined, { crypto: now }: Agreed): boolean => {
  const then = before?.crypto;
  if (!then || !now) return before !== undefined && then === now;
  return then.suite === now.suite && then.theirs.equals(now.theirs) && then.theirIndexBytes === now.theirIndexBytes;
};

const openerOf = ({ crypto }: Agreed) => {
  if (!crypto) return (bytes: Buffer) => bytes;
  return opener({ suite: crypto.suite, key: crypto.theirs, indexBytes: crypto.theirIndexBytes });
};
