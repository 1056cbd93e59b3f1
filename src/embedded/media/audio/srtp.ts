import { createHmac, timingSafeEqual } from 'node:crypto';
import { bodyStart, headerBytes } from './packet.js';
import { nothingSeen, type Seen } from './replay.js';
import { type SessionKeys, sessionKeys, turnOver } from './srtp-keys.js';
import { type MasterKey, type SuiteName, tagBytes } from './suite.js';

/** How one direction is protected. */
export interface Protection {
  readonly suite: SuiteName;
  readonly key: MasterKey;
  /** Bytes in each packet that name the key, before its tag. */
  readonly indexBytes?: number;
}

const tagOf = (keys: SessionKeys, packet: Buffer, { index, suite }: { index: number; suite: SuiteName }): Buffer => {
  const rollovers = Buffer.alloc(4);
  rollovers.writeUInt32BE(Math.floor(index / 65_536) >>> 0);
  const whole = createHmac('sha1', keys.authentication).update(packet).update(rollovers).digest();
  return whole.subarray(0, tagBytes[suite]);
};

/** Protects packets of one source, in the order of their numbers (RFC 3711 section 3.3). */
export const sealer = ({ suite, key }: Protection): ((packet: Buffer) => Buffer) => {
  const keys = sessionKeys(key);
  const seen = nothingSeen();
  return (packet) => {
    const index = seen.guess(packet.readUInt16BE(2));
    seen.note(index);
    const body = turnOver(keys, packet.subarray(headerBytes), { source: packet.readUInt32BE(8), index });
    const sealed = Buffer.concat([packet.subarray(0, headerBytes), body]);
    return Buffer.concat([sealed, tagOf(keys, sealed, { index, suite })]);
  };
};

/** Sources of which is known what came: a phone has one, a few more after changes. */
const mostSources = 8;

/** Takes the protection off; undefined for what is not authentic, or came before. */
export const opener = ({ suite, key, indexBytes = 0 }: Protection): ((sealed: Buffer) => Buffer | undefined) => {
  const keys = sessionKeys(key);
  const sources = new Map<number, Seen>();
  return (sealed) => {
    const end = sealed.length - tagBytes[suite] - indexBytes;
    const packet = sealed.subarray(0, Math.max(0, end));
    const start = bodyStart(packet);
    if (start === undefined) return undefined;
    const source = packet.readUInt32BE(8);
    const seen = sources.get(source) ?? nothingSeen();
    const index = seen.guess(packet.readUInt16BE(2));
    const tag = sealed.subarray(sealed.length - tagBytes[suite]);
    if (!seen.isNew(index) || !timingSafeEqual(tag, tagOf(keys, packet, { index, suite }))) return undefined;
    seen.note(index);
    sources.set(source, seen);
    const [oldest] = sources.keys();
    if (sources.size > mostSources && oldest !== undefined) sources.delete(oldest);
    return Buffer.concat([packet.subarray(0, start), turnOver(keys, packet.subarray(start), { source, index })]);
  };
};
