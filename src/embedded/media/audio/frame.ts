/** Samples in a frame: 20 ms at 8 kHz. */
export const frameSamples = 160;

/** Milliseconds in a frame. */
export const frameMs = 20;

/** 20 ms of linear sound, always {@link frameSamples} samples. Whoever is given one reads it and does not write. */
export type Frame = Int16Array;

/** Nothing to be heard. */
export const silence: Frame = new Int16Array(frameSamples);

/** What is heard of several at once: their sum, clipped to 16 bits. One alone is given back as it is; none is silence. */
export const mix = (...frames: readonly (Frame | undefined)[]): Frame => {
  const voices = frames.filter((frame) => frame !== undefined);
  const [only = silence] = voices;
  if (voices.length < 2) return only;
  const sum = new Int16Array(frameSamples);
  for (let at = 0; at < frameSamples; at += 1) {
    let sample = 0;
    for (const voice of voices) sample += voice[at] ?? 0;
    sum[at] = sample > 32767 ? 32767 : sample < -32768 ? -32768 : sample;
  }
  return sum;
};
