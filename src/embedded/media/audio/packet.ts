/** Bytes of a header without anything optional (RFC 3550 section 5.1). */
export const headerBytes = 12;

/** A packet of RTP that came in. */
export interface Packet {
  readonly payload: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly source: number;
  /** What it carries: a view of what came. */
  readonly body: Buffer;
}

/** Where the header ends, with all that is optional in it; undefined if this is no packet of RTP. */
export const bodyStart = (bytes: Buffer): number | undefined => {
  if (bytes.length < headerBytes) return undefined;
  const first = bytes.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  const contributors = headerBytes + 4 * (first & 0x0f);
  if (!(first & 0x10)) return contributors <= bytes.length ? contributors : undefined;
  if (contributors + 4 > bytes.length) return undefined;
  const start = contributors + 4 + 4 * bytes.readUInt16BE(contributors + 2);
  return start <= bytes.length ? start : undefined;
};

/** Reads a packet; undefined if it is none, or broken. */
export const readPacket = (bytes: Buffer): Packet | undefined => {
  const start = bodyStart(bytes);
  if (start === undefined) return undefined;
  const padding = bytes.readUInt8(0) & 0x20 ? bytes.readUInt8(bytes.length - 1) : 0;
  const isPadded = (bytes.readUInt8(0) & 0x20) !== 0;
  if (start + padding > bytes.length || (isPadded && padding === 0)) return undefined;
  return {
    payload: bytes.readUInt8(1) & 0x7f,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    source: bytes.readUInt32BE(8),
    body: bytes.subarray(start, bytes.length - padding),
  };
};

/** What a header of ours says. */
export interface Header {
  readonly payload: number;
  /** The first packet after silence, or of a key. */
  readonly marked: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly source: number;
}

/** Writes a header at the beginning of `bytes`. */
export const writeHeader = (bytes: Buffer, { payload, marked, sequence, timestamp, source }: Header): void => {
  bytes.writeUInt8(0x80, 0);
  bytes.writeUInt8((marked ? 0x80 : 0) | payload, 1);
  bytes.writeUInt16BE(sequence, 2);
  bytes.writeUInt32BE(timestamp, 4);
  bytes.writeUInt32BE(source, 8);
};

/** How far one number of 16 bits is behind another, the shorter way round: negative if it came before. */
export const ahead = (sequence: number, of: number): number => ((sequence - of) << 16) >> 16;
