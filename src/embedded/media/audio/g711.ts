/** The two laws of G.711. */
export type Law = 'PCMU' | 'PCMA';

const { sign, mostLoud } = { sign: 0x80, mostLoud: 32635 };
/** Added before, taken away after, so that the segments of the mu-law are whole powers of two. */
const bias = 0x84;
/** Every other bit of the A-law is turned over on the wire. */
const alternate = 0x55;

/** The number of the highest bit that is set; -1 if there is none. */
const highestBit = (value: number): number => 31 - Math.clz32(value);

const muToLinear = (byte: number): number => {
  const turned = ~byte & 0xff;
  const size = ((((turned & 0x0f) << 3) + bias) << ((turned >> 4) & 0x07)) - bias;
  return turned & sign ? -size : size;
};

const aToLinear = (byte: number): number => {
  const turned = byte ^ alternate;
  const segment = (turned >> 4) & 0x07;
  const step = ((turned & 0x0f) << 4) + 8;
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return turned & sign ? size : -size;
};

const linearToMu = (sample: number): number => {
  const size = Math.min(Math.abs(sample), mostLoud) + bias;
  const segment = highestBit(size) - 7;
  return ~((sample < 0 ? sign : 0) | (segment << 4) | ((size >> (segment + 3)) & 0x0f)) & 0xff;
};

const linearToA = (sample: number): number => {
  const size = Math.min(Math.abs(sample), mostLoud);
  const segment = Math.max(0, highestBit(size) - 7);
  const step = (size >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return ((sample < 0 ? 0 : sign) | (segment << 4) | step) ^ alternate;
};

const tables = (toLinear: (byte: number) => number, toLaw: (sample: number) => number) => ({
  linear: Int16Array.from({ length: 256 }, (_, byte) => toLinear(byte)),
  /** By the sample's 16 bits, read without their sign. */
  law: Uint8Array.from({ length: 65536 }, (_, bits) => toLaw((bits << 16) >> 16)),
});

const lawTables = { PCMU: tables(muToLinear, linearToMu), PCMA: tables(aToLinear, linearToA) } as const;

/** A table of 256 samples: what each byte of the law sounds like. */
export const linearOf = (law: Law): Int16Array => lawTables[law].linear;

/** A table of 65536 bytes: how each sample, `& 0xffff`, is written in the law. */
export const writtenIn = (law: Law): Uint8Array => lawTables[law].law;
