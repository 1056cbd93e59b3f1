import { shareOfTone } from './rtp.js';

const [rate, seconds] = [8_000, 20];

/** A tone as a WAV file: one channel, 16 bits, 20 seconds. */
export const waveOf = (hz: number): Buffer => {
  const samples = Int16Array.from(
    { length: rate * seconds },
    (_, at) => 8_000 * Math.sin((2 * Math.PI * hz * at) / rate),
  );
  const data = Buffer.from(samples.buffer);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
};

/** The share of a tone in the last 200 ms of a recording of one channel with 16 bits. */
export const recordedShareOf = (wave: Buffer, hz: number): number => shareOfTone(lastSamples(wave), hz);

const lastSamples = (wave: Buffer): Int16Array =>
  Int16Array.from({ length: rate / 5 }, (_, at) => {
    const place = wave.length - (wave.length % 2) - (at + 1) * 2;
    return place < 44 ? 0 : wave.readInt16LE(place);
  });
