import { type Source, sourceOf } from './samples.js';
import type { Recording } from './wav.js';

const rate = 8000;
/** What is above would come back as something else: just below half the rate. */
const highest = 3600;
/** Samples at 8 kHz to each side that make one: the edge is steep enough, and the work small. */
const reach = 16;

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** How much a sample counts that is so far away, in samples of the recording: a low pass under a window of Hann. */
const weight = (distance: number, from: number): number => {
  const width = (reach * from) / rate;
  if (Math.abs(distance) >= width) return 0;
  const passed = (2 * highest) / from;
  return passed * sinc(passed * distance) * (0.5 + 0.5 * Math.cos((Math.PI * distance) / width));
};

/** The weights of the samples around one, for each of the places between two samples at which one of ours can be. */
const kernelsOf = (from: number): { places: number; side: number; kernels: Float64Array[] } => {
  const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));
  const places = rate / divisor(rate, from);
  const side = Math.ceil((reach * from) / rate);
  const kernels = Array.from({ length: places }, (_, place) =>
    Float64Array.from({ length: 2 * side + 1 }, (_, at) => weight(at - side - place / places, from)),
  );
  return { places, side, kernels };
};

/** A recording as it sounds at 8 kHz, made while it is played. */
export const at8kHz = ({ rate: from, length, sample }: Recording): Source => {
  if (from === rate) return sourceOf(length, sample);
  const { places, side, kernels } = kernelsOf(from);
  const step = (from * places) / rate;
  return sourceOf(Math.ceil((length * rate) / from), (position) => {
    const place = position * step;
    const kernel = kernels[place % places] ?? kernels[0];
    const centre = Math.floor(place / places);
    let sum = 0;
    for (let at = 0; at <= 2 * side; at += 1) sum += (kernel?.[at] ?? 0) * sample(centre - side + at);
    return Math.round(sum);
  });
};
