import alawmulaw from 'alawmulaw';

const lawOf = { 0: alawmulaw.mulaw, 8: alawmulaw.alaw } as const;
const decoded = {
  0: Int16Array.from({ length: 256 }, (_, byte) => lawOf[0].decodeSample(byte)),
  8: Int16Array.from({ length: 256 }, (_, byte) => lawOf[8].decodeSample(byte)),
} as const;

/** The payload numbers of G.711: 0 is PCMU, 8 is PCMA (RFC 3551). */
export type LawNumber = 0 | 8;

/** The head of an RTP packet without extensions, as this phone writes it (RFC 3550 section 5.1). */
export interface RtpHead {
  readonly payload: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly source: number;
  readonly marker?: boolean;
}

/** A packet as it came. */
export interface RtpPacket extends RtpHead {
  readonly body: Buffer;
}

/** Writes a packet. */
export const writeRtp = (
  { payload, sequence, timestamp, source, marker = false }: RtpHead,
  body: Uint8Array,
): Buffer => {
  const head = Buffer.alloc(12);
  head[0] = 0x80;
  head[1] = (marker ? 0x80 : 0) | payload;
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(timestamp >>> 0, 4);
  head.writeUInt32BE(source, 8);
  return Buffer.concat([head, body]);
};

/** How long the head of a packet is, with the sources and the extension that it lists. */
export const headLength = (packet: Buffer): number => {
  const fixed = 12 + 4 * ((packet[0] ?? 0) & 0x0f);
  const isExtended = ((packet[0] ?? 0) & 0x10) !== 0 && packet.length >= fixed + 4;
  return isExtended ? fixed + 4 + 4 * packet.readUInt16BE(fixed + 2) : fixed;
};

/** Reads a packet; undefined if it is none. */
export const readRtp = (packet: Buffer): RtpPacket | undefined => {
  if (packet.length <= 12 || (packet[0] ?? 0) >> 6 !== 2 || headLength(packet) >= packet.length) return undefined;
  const padding = ((packet[0] ?? 0) & 0x20) !== 0 ? (packet.at(-1) ?? 0) : 0;
  return {
    payload: (packet[1] ?? 0) & 0x7f,
    marker: ((packet[1] ?? 0) & 0x80) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    source: packet.readUInt32BE(8),
    body: packet.subarray(headLength(packet), packet.length - padding),
  };
};

/** What a packet of G.711 sounds like. */
export const soundOf = ({ payload, body }: Pick<RtpPacket, 'payload' | 'body'>): Int16Array => {
  const table = decoded[payload === 8 ? 8 : 0];
  return Int16Array.from(body, (byte) => table[byte] ?? 0);
};

/** Sound as G.711. */
export const lawBytes = (payload: LawNumber, samples: Int16Array): Uint8Array => lawOf[payload].encode(samples);

const keys = '0123456789*#ABCD';

/** One report of a key that is pressed (RFC 4733 section 2.3); the duration is in samples. */
export const keyBytes = (key: string, duration: number, isEnd: boolean): Uint8Array => {
  const event = keys.indexOf(key);
  if (event < 0) throw new Error(`no phone has a key ${key}`);
  return Uint8Array.from([event, (isEnd ? 0x80 : 0) | 10, duration >> 8, duration & 0xff]);
};

/** The key that a report tells of. */
export const keyIn = ({ body }: RtpPacket): string | undefined => keys[body[0] ?? keys.length];
