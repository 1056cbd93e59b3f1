import { sharesIn, spectrumOf } from './tones.js';

const rate = 8000;

/** How much of what was heard last is looked at where nothing else is said, in milliseconds. */
const usual = 400;

/** Who has said nothing for so long is silent, in milliseconds. */
const staleAfter = 600;

/** A watch looks at stretches of 100 ms: all that is heard, once. */
const stretch = rate / 10;

interface Heard {
  readonly at: number;
  readonly timestamp: number;
  readonly samples: Int16Array;
}

/** Notes how loud a tone becomes in an ear, compared to all that is heard in the same tenth of a second. */
export interface ToneWatch {
  /** The greatest share so far. */
  readonly most: number;
  /** Watches no more; the greatest share. */
  stop(): number;
}

class Watching {
  most = 0;
  readonly #tone: number;
  readonly #stretches = new Map<string, { next: number; filled: number; readonly samples: Int16Array }>();

  constructor(tone: number) {
    this.#tone = tone;
  }

  hear(source: string, { timestamp, samples }: Heard): void {
    const own = this.#stretches.get(source) ?? { next: timestamp, filled: 0, samples: new Int16Array(stretch) };
    this.#stretches.set(source, own);
    // What has a hole sounds like every tone.
    if (own.next !== timestamp) own.filled = 0;
    own.next = (timestamp + samples.length) >>> 0;
    for (const sample of samples) {
      own.samples[own.filled] = sample;
      own.filled += 1;
      if (own.filled < stretch) continue;
      own.filled = 0;
      const { energy, tones } = spectrumOf(own.samples, [this.#tone]);
      if (energy > 0) this.most = Math.max(this.most, (tones[0] ?? 0) / energy);
    }
  }
}

/** The distance of two time stamps, which begin again at 0 after 2^32 (RFC 3550 section 5.1). */
const ahead = (timestamp: number, of: number): number => (timestamp - of) | 0;

/** What comes in at a phone, each source by itself and in the order in which it was said. */
export class Ear {
  readonly #sources = new Map<string, Heard[]>();
  readonly #watches = new Set<Watching>();

  /** Something was said by a source. */
  hear(source: string, said: { readonly timestamp: number; readonly samples: Int16Array }): void {
    const heard = { at: performance.now(), ...said };
    const before = this.#sources.get(source) ?? [];
    const last = before.at(-1);
    // A jump in time is another beginning.
    if (last && Math.abs(ahead(heard.timestamp, last.timestamp)) > rate) before.length = 0;
    before.push(heard);
    if (last && ahead(heard.timestamp, last.timestamp) < 0)
      before.sort((one, other) => ahead(one.timestamp, other.timestamp));
    if (before.length > 100) before.splice(0, 50);
    this.#sources.set(source, before);
    for (const watching of this.#watches) watching.hear(source, heard);
  }

  /** Forgets what was heard. */
  forget(): void {
    this.#sources.clear();
  }

  /** The shares of tones (Hz) in what was heard in the last milliseconds, by all that can still be heard. */
  shares(tones: readonly number[], milliseconds = usual): number[] {
    const sounds = [...this.#sources].flatMap(([source, heard]) => this.#last(source, heard, milliseconds));
    return sharesIn(sounds, tones);
  }

  /** Watches a tone from now on. */
  watch(tone: number): ToneWatch {
    const watching = new Watching(tone);
    this.#watches.add(watching);
    return {
      get most() {
        return watching.most;
      },
      stop: () => {
        this.#watches.delete(watching);
        return watching.most;
      },
    };
  }

  /** The end of what a source said, or nothing if there is too little of it to judge. */
  #last(source: string, heard: readonly Heard[], milliseconds: number): Int16Array[] {
    const now = performance.now();
    const fresh = heard.filter(({ at }) => now - at < Math.max(staleAfter, milliseconds));
    const last = fresh.at(-1);
    if (!last) this.#sources.delete(source);
    const length = (milliseconds * rate) / 1000;
    if (!last) return [];
    const end = last.timestamp + last.samples.length;
    const recent = fresh.filter(({ timestamp }) => ahead(end, timestamp) <= length);
    if (recent.reduce((sum, { samples }) => sum + samples.length, 0) < length / 2) return [];
    // Each packet at its own time: a lost one leaves a hole, and the tones around it stay in step.
    const sound = new Int16Array(length);
    for (const { timestamp, samples } of recent) sound.set(samples, length - ahead(end, timestamp));
    return [sound];
  }
}
