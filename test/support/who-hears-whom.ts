import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { ToneWatch } from './rtp-ear.js';

/** Somebody with an ear and a mouth: a phone. */
export interface Hearer {
  /** Says a tone (Hz) from now on. */
  talks(what: { tone: number | readonly number[] }): Promise<void>;
  /** The share that each tone has in what it heard last. */
  shares(tones: readonly number[]): readonly number[] | Promise<readonly number[]>;
}

/** A hearer whose ear can be watched all the time. */
interface Watchable extends Hearer {
  readonly rtp: { watch(hz: number): ToneWatch };
}

/** Who should hear whom: the names of those who are heard, for each who hears. Who is not named is not asked. */
export type Hearing<Name extends string> = Readonly<Partial<Record<Name, readonly Name[]>>>;

/** Who hears whom, as it was measured. */
export type Heard<Name extends string> = Readonly<Record<Name, readonly Name[]>>;

/** A watch over what must never be heard. */
export interface PrivacyWatch {
  /** Watches no more: the greatest share that the voice ever had in that ear. */
  stop(): number;
}

/** Phones each with a voice of its own, and what their ears make of them. */
export interface Room<Name extends string> {
  /** Their voices, in Hz. */
  readonly voices: Readonly<Record<Name, number>>;
  /**
   * Resolves with who hears whom when everybody named hears exactly those; fails with the table that was seen last, after
   * a deadline, or when nobody wants to know any more.
   */
  exactly(hearing: Hearing<Name>, deadline?: number, abandoned?: AbortSignal): Promise<Heard<Name>>;
  /** Who hears whom now, as a line for a reader. */
  table(): Promise<string>;
  /** Notes from now on whether one is ever heard by another. */
  watch(ear: Name, voice: Name): PrivacyWatch;
}

/** A voice is there from this share on; four who talk at once have a quarter each. */
const present = 0.1;

/** And it is not there up to this one: 17 dB below the others. */
const absent = 0.02;

/** How long it may take until it is so, in milliseconds. */
const patience = 15_000;

/**
 * Voices that no two phones share. They are far from each other's overtones and from the tones of keys, and further apart
 * than what a lost packet blurs.
 */
const voices = [523, 659, 811, 1019, 1277, 1531, 1787, 2069] as const;

const rowOf = (name: string, names: readonly string[], shares: readonly number[]): string => {
  const heard = names.flatMap((each, index) => {
    const share = shares[index] ?? 0;
    return share > absent ? [`${each} ${Math.round(share * 100)} %`] : [];
  });
  return `${name} hears ${heard.join(', ') || 'nobody'}`;
};

const isAs = (names: readonly string[], wanted: readonly string[], shares: readonly number[]): boolean =>
  names.every((name, index) => {
    const share = shares[index] ?? 0;
    return wanted.includes(name) ? share >= present : share <= absent;
  });

const heardIn = <Name extends string>(names: readonly Name[], ears: Map<Name, readonly number[]>): Heard<Name> => {
  const heardBy = (name: Name) => names.filter((_, index) => (ears.get(name)?.[index] ?? 0) > absent);
  return Object.fromEntries(names.map((name) => [name, heardBy(name)])) as unknown as Heard<Name>;
};

/** Gives each phone a voice, and lets it talk. */
export const hearing = async <Name extends string>(phones: Readonly<Record<Name, Hearer>>): Promise<Room<Name>> => {
  const names = Object.keys(phones) as Name[];
  const tones = names.map((_, index) => {
    const voice = voices[index];
    if (voice === undefined) throw new Error(`there are no more than ${voices.length} voices`);
    return voice;
  });
  const voiceOf = (name: Name): number => tones[names.indexOf(name)] ?? 0;
  for (const name of names) await phones[name].talks({ tone: voiceOf(name) });

  const hears = async () => {
    // What has come in while this process was busy with other things is heard first.
    await nextTurn();
    await nextTurn();
    return new Map(await Promise.all(names.map(async (name) => [name, await phones[name].shares(tones)] as const)));
  };
  const written = (ears: Map<Name, readonly number[]>) =>
    names.map((name) => rowOf(name, names, ears.get(name) ?? [])).join('; ');
  return {
    voices: Object.fromEntries(names.map((name) => [name, voiceOf(name)])) as Record<Name, number>,
    exactly: async (wanted, deadline = patience, abandoned = undefined) => {
      const asked = names.filter((name) => wanted[name] !== undefined);
      for (const until = performance.now() + deadline; ; await sleep(50)) {
        const ears = await hears();
        if (asked.every((name) => isAs(names, wanted[name] ?? [], ears.get(name) ?? []))) return heardIn(names, ears);
        if (abandoned?.aborted || performance.now() > until)
          throw new Error(
            `${asked.map((name) => `${name} should hear ${wanted[name]?.join(', ') || 'nobody'}`).join('; ')}, but ${written(ears)}`,
          );
      }
    },
    table: async () => written(await hears()),
    watch: (ear, voice) => {
      const phone = phones[ear];
      if (!('rtp' in phone)) throw new Error(`${ear} has no ear that can be watched`);
      return (phone as Watchable).rtp.watch(voiceOf(voice));
    },
  };
};
