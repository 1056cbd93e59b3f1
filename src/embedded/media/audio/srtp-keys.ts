import { createCipheriv } from 'node:crypto';
import type { MasterKey } from './suite.js';

/** The keys of one direction, made of its master key. */
export interface SessionKeys {
  readonly cipher: Buffer;
  readonly authentication: Buffer;
  readonly salt: Buffer;
}

const derive = (master: MasterKey, label: number, length: number): Buffer => {
  const start = Buffer.alloc(16);
  master.copy(start, 0, 16, 30);
  start.writeUInt8(start.readUInt8(7) ^ label, 7);
  return createCipheriv('aes-128-ctr', master.subarray(0, 16), start).update(Buffer.alloc(length));
};

/** RFC 3711 section 4.3.1, with a key derivation rate of zero: the keys last for as long as the session. */
export const sessionKeys = (master: MasterKey): SessionKeys => ({
  cipher: derive(master, 0, 16),
  authentication: derive(master, 1, 20),
  salt: derive(master, 2, 14),
});

/** Turns the body of a packet over with the stream of its key: the same both ways (section 4.1.1). */
export const turnOver = (keys: SessionKeys, body: Buffer, at: { source: number; index: number }): Buffer => {
  const start = Buffer.alloc(16);
  keys.salt.copy(start);
  start.writeUInt32BE((start.readUInt32BE(4) ^ at.source) >>> 0, 4);
  start.writeUInt32BE((start.readUInt32BE(8) ^ Math.floor(at.index / 65_536)) >>> 0, 8);
  start.writeUInt16BE(start.readUInt16BE(12) ^ (at.index & 0xffff), 12);
  return createCipheriv('aes-128-ctr', keys.cipher, start).update(body);
};
