import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { headLength } from './rtp-packet.js';

/** The only suite that these phones have (RFC 4568 section 6.2.1). */
export const suite = 'AES_CM_128_HMAC_SHA1_80';

const tagLength = 10;

/** A new master key and salt, as it is written into a description. */
export const newMasterKey = (): string => randomBytes(30).toString('base64');

/** What is derived from a master key and salt (RFC 3711 section 4.3.1). */
export const sessionKeys = (master: Buffer): { cipher: Buffer; salt: Buffer; auth: Buffer } => {
  const [key, salt] = [master.subarray(0, 16), master.subarray(16, 30)];
  const derive = (label: number, length: number): Buffer => {
    const block = Buffer.concat([salt, Buffer.alloc(2)]);
    block[7] = (block[7] ?? 0) ^ label;
    return createCipheriv('aes-128-ctr', key, block).update(Buffer.alloc(length));
  };
  return { cipher: derive(0, 16), auth: derive(1, 20), salt: derive(2, 14) };
};

/** Enciphers, or deciphers, what follows the head of a packet (RFC 3711 section 4.1.1). */
const turned = (keys: ReturnType<typeof sessionKeys>, packet: Buffer, rollovers: number): Buffer => {
  const block = Buffer.concat([keys.salt, Buffer.alloc(2)]);
  const other = Buffer.alloc(16);
  packet.copy(other, 4, 8, 12);
  other.writeUInt32BE(rollovers, 8);
  packet.copy(other, 12, 2, 4);
  for (let at = 0; at < 16; at += 1) block[at] = (block[at] ?? 0) ^ (other[at] ?? 0);
  const length = headLength(packet);
  const body = createCipheriv('aes-128-ctr', keys.cipher, block).update(packet.subarray(length));
  return Buffer.concat([packet.subarray(0, length), body]);
};

const tagOf = (keys: ReturnType<typeof sessionKeys>, packet: Buffer, rollovers: number): Buffer => {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(rollovers);
  return createHmac('sha1', keys.auth).update(packet).update(counter).digest().subarray(0, tagLength);
};

/** Protects packets with one's own key, in the order in which they are sent. */
export const sealing = (masterKey: string): ((packet: Buffer) => Buffer) => {
  const keys = sessionKeys(Buffer.from(masterKey, 'base64'));
  let [rollovers, last] = [0, -1];
  return (packet) => {
    const sequence = packet.readUInt16BE(2);
    if (last >= 0 && sequence < last && last - sequence > 0x8000) rollovers += 1;
    last = sequence;
    const sealed = turned(keys, packet, rollovers);
    return Buffer.concat([sealed, tagOf(keys, sealed, rollovers)]);
  };
};

/** How often the sequence numbers of a source have begun anew, for a packet that may be late (RFC 3711 section 3.3.1). */
const rolloversFor = (sequence: number, { last, rollovers }: { last: number; rollovers: number }): number => {
  if (last < 0x8000) return sequence - last > 0x8000 ? Math.max(0, rollovers - 1) : rollovers;
  return last - sequence > 0x8000 ? rollovers + 1 : rollovers;
};

/** Opens packets that the other side has protected with its key; undefined for what was not. */
export const opening = (masterKey: string): ((packet: Buffer) => Buffer | undefined) => {
  const keys = sessionKeys(Buffer.from(masterKey, 'base64'));
  const sources = new Map<number, { last: number; rollovers: number }>();
  return (packet) => {
    if (packet.length < 12 + tagLength || (packet[0] ?? 0) >> 6 !== 2) return undefined;
    const sealed = packet.subarray(0, -tagLength);
    const [sequence, source] = [sealed.readUInt16BE(2), sealed.readUInt32BE(8)];
    const known = sources.get(source) ?? { last: sequence, rollovers: 0 };
    const rollovers = rolloversFor(sequence, known);
    if (!tagOf(keys, sealed, rollovers).equals(packet.subarray(-tagLength))) return undefined;
    const isLater = rollovers > known.rollovers || sequence >= known.last;
    sources.set(source, isLater ? { last: sequence, rollovers } : known);
    return turned(keys, sealed, rollovers);
  };
};
