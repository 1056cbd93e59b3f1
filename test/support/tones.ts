const rate = 8000;

/** Below this mean square a sound counts as silence, which has no tone. */
const silence = 100;

/** The share of the energy of `samples` that is a tone of `hz`: Goertzel's filter. Silence has no tone. */
export const shareOfTone = (samples: Int16Array, hz: number): number => {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [previous, beforeThat, energy] = [0, 0, 0];
  for (const sample of samples) {
    const next = sample + turn * previous - beforeThat;
    beforeThat = previous;
    previous = next;
    energy += sample * sample;
  }
  const power = previous * previous + beforeThat * beforeThat - turn * previous * beforeThat;
  const isSilent = energy < samples.length * silence;
  return isSilent ? 0 : (2 * power) / (samples.length * energy);
};

/** What a stretch of sound is made of: its mean square, and that of each tone in it. */
export interface Spectrum {
  readonly energy: number;
  readonly tones: readonly number[];
}

const windows = new Map<number, Float64Array>();

/** Hann's window: what begins or ends sharply at the edges does not look like other tones. */
const windowOf = (length: number): Float64Array => {
  const known = windows.get(length);
  if (known) return known;
  const made = Float64Array.from(
    { length },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / Math.max(1, length)),
  );
  windows.set(length, made);
  return made;
};

const toneIn = (samples: Int16Array, window: Float64Array, hz: number): number => {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [previous, beforeThat] = [0, 0];
  for (let at = 0; at < samples.length; at += 1) {
    const next = (samples[at] ?? 0) * (window[at] ?? 0) + turn * previous - beforeThat;
    beforeThat = previous;
    previous = next;
  }
  return previous * previous + beforeThat * beforeThat - turn * previous * beforeThat;
};

/** Measures tones (Hz) in a stretch of sound. */
export const spectrumOf = (samples: Int16Array, tones: readonly number[]): Spectrum => {
  const window = windowOf(samples.length);
  let [weight, energy] = [0, 0];
  for (let at = 0; at < samples.length; at += 1) {
    const share = window[at] ?? 0;
    weight += share;
    energy += share * (samples[at] ?? 0) ** 2;
  }
  const isSilent = weight === 0 || energy / weight < silence;
  if (isSilent) return { energy: 0, tones: tones.map(() => 0) };
  return {
    energy: energy / weight,
    tones: tones.map((hz) => (2 * toneIn(samples, window, hz)) / weight ** 2),
  };
};

/** The share that each tone has in sounds that are heard at the same time. */
export const sharesIn = (sounds: readonly Int16Array[], tones: readonly number[]): number[] => {
  const spectra = sounds.map((samples) => spectrumOf(samples, tones));
  const energy = spectra.reduce((sum, spectrum) => sum + spectrum.energy, 0);
  return tones.map((_, index) =>
    energy === 0 ? 0 : spectra.reduce((sum, spectrum) => sum + (spectrum.tones[index] ?? 0), 0) / energy,
  );
};
