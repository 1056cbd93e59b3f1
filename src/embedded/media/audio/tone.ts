import { type Source, sourceOf } from './samples.js';

/** One `%(on,off,f1,f2,…)`: in samples, and the amplitude of each of its tones. */
interface Beep {
  readonly on: number;
  readonly length: number;
  readonly tones: readonly number[];
  readonly amplitude: number;
}

const samplesPerMs = 8;
const rate = 8000;
const usualVolume = -7;
/** The level of the loudest sine, in dBm0, as FreeSWITCH counts it. */
const loudest = 3.14 + 3.02;
const longestMs = 3_600_000;
const mostTones = 18;

const amplitudeOf = (volume: number, tones: number): number =>
  (10 ** ((volume - loudest) / 20) * 32767 * Math.SQRT2) / tones;

const readBeep = (text: string, volume: number): Beep | undefined => {
  const numbers = text.split(',').map((part) => (/^\s*\d+(\.\d+)?\s*$/.test(part) ? Number(part) : Number.NaN));
  const [on = Number.NaN, off = Number.NaN, ...tones] = numbers;
  const isWhole = numbers.every((number) => number >= 0) && on <= longestMs && off <= longestMs;
  if (!isWhole || tones.length === 0 || tones.length > mostTones || on + off < 1) return undefined;
  const [lit, dark] = [Math.floor(on) * samplesPerMs, Math.floor(off) * samplesPerMs];
  return { on: lit, length: lit + dark, tones, amplitude: amplitudeOf(volume, tones.length) };
};

/** Reads parts that are divided by semicolons: a volume holds for what comes after it. */
const readPattern = (spec: string): Beep[] | undefined => {
  let volume = usualVolume;
  const beeps: Beep[] = [];
  for (const part of spec.split(';').map((each) => each.trim())) {
    const asked = /^v=(-?\d+(\.\d+)?)$/.exec(part)?.[1];
    if (asked !== undefined) volume = Number(asked) >= -63 && Number(asked) <= 0 ? Number(asked) : volume;
    else if (!/^(%\([^()]*\)\s*)*$/.test(part)) return undefined;
    for (const [, text = ''] of part.matchAll(/%\(([^()]*)\)/g)) {
      const beep = readBeep(text, volume);
      if (!beep) return undefined;
      beeps.push(beep);
    }
  }
  return beeps.length > 0 ? beeps : undefined;
};

const sampleOf = ({ on, tones, amplitude }: Beep, at: number): number => {
  if (at >= on) return 0;
  let sum = 0;
  for (const hz of tones) sum += Math.sin((2 * Math.PI * hz * at) / rate);
  return amplitude * sum;
};

/**
 * The tones of a `tone_stream://`: `%(on,off,f1,f2,…)` in milliseconds and Hz, `v=` for the volume in dB, divided by
 * semicolons; at the end `;loops=` says how often, -1 for ever. Undefined if it is something else.
 */
export const toneSource = (spec: string): Source | undefined => {
  const [, pattern = '', said] = /^(.*?)(?:;loops=(-?\d{1,9}))?$/is.exec(spec) ?? [];
  const beeps = readPattern(pattern);
  if (!beeps) return undefined;
  const round = beeps.reduce((sum, { length }) => sum + length, 0);
  const loops = Number(said ?? 1);
  const rounds = loops < 0 ? Number.POSITIVE_INFINITY : Math.max(1, loops);
  return sourceOf(round * rounds, (position) => {
    let at = position % round;
    for (const beep of beeps) {
      if (at < beep.length) return sampleOf(beep, at);
      at -= beep.length;
    }
    return 0;
  });
};

/** The nothing of a `silence_stream://`: its milliseconds, without an end if they are negative; the noise that may follow them is left out. */
export const silenceSource = (spec: string): Source | undefined => {
  const said = /^(-?\d{1,9})(,\d+)?$/.exec(spec)?.[1];
  const ms = Number(said ?? 0);
  if (ms === 0) return undefined;
  return sourceOf(ms < 0 ? Number.POSITIVE_INFINITY : ms * samplesPerMs, () => 0);
};
