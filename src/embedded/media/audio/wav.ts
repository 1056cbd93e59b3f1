import { linearOf } from './g711.js';

/** A recording: its samples, at its own rate, in one channel. */
export interface Recording {
  readonly rate: number;
  readonly length: number;
  /** The sample of this number; silence before the first and after the last. */
  sample(at: number): number;
}

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

const [pcm, aLaw, muLaw, extensible] = [1, 6, 7, 0xfffe];

const readFormat = (chunk: Buffer): Format | undefined => {
  if (chunk.length < 16) return undefined;
  const code = chunk.readUInt16LE(0);
  const isExtended = code === extensible && chunk.length >= 26;
  return {
    code: isExtended ? chunk.readUInt16LE(24) : code,
    channels: chunk.readUInt16LE(2),
    rate: chunk.readUInt32LE(4),
    bits: chunk.readUInt16LE(14),
  };
};

/** The pieces of a RIFF file by their names, the first of each; a last one that is cut off is as long as it is. */
const chunksIn = (file: Buffer): Map<string, Buffer> => {
  const found = new Map<string, Buffer>();
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    if (!found.has(name)) found.set(name, file.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  return found;
};

const readerOf = ({ code, bits }: Format, data: Buffer): ((at: number) => number) | undefined => {
  if (code === pcm && bits === 16) return (at) => data.readInt16LE(2 * at);
  if (bits !== 8 || (code !== aLaw && code !== muLaw)) return undefined;
  const linear = linearOf(code === aLaw ? 'PCMA' : 'PCMU');
  return (at) => linear[data.readUInt8(at)] ?? 0;
};

/** Reads a wav file: 16 bits or one of G.711's laws, one channel or two, 8 to 48 kHz; undefined for any other. */
export const readWav = (file: Buffer): Recording | undefined => {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  const chunks = chunksIn(file);
  const format = readFormat(chunks.get('fmt ') ?? Buffer.alloc(0));
  const data = chunks.get('data');
  const read = format && data && readerOf(format, data);
  if (!read || format.rate < 8000 || format.rate > 48_000) return undefined;
  const { channels, rate, bits } = format;
  if (channels !== 1 && channels !== 2) return undefined;
  const length = Math.floor(data.length / (channels * (bits / 8)));
  const sample = channels === 1 ? read : (at: number) => (read(2 * at) + read(2 * at + 1)) / 2;
  return { rate, length, sample: (at) => (at < 0 || at >= length ? 0 : sample(at)) };
};
