import { refusals } from '../../domain/outcome.js';
import { ownReplaceRefusals } from '../../domain/replace-refusal.js';
import type { Sound, SoundName } from '../../domain/sound.js';
import { type Refused, refusedTones } from './refused-tones.js';

/** One piece of a tone: milliseconds of sound and of silence after it, and its frequencies in Hz (FreeSWITCH's TGML). */
const tone = (on: number, off: number, ...hz: readonly number[]): string => `%(${[on, off, ...hz].join(',')})`;

const rows = [697, 770, 852, 941] as const;
const columns = [1209, 1336, 1477] as const;

type Digit = Extract<SoundName, `digit-${string}`>;

/** A digit sounds like its key: the pair of its row and its column (ITU-T Q.23). */
const key = (row: number, column: number): string => tone(140, 60, rows[row] ?? 0, columns[column] ?? 0);

const digits: Readonly<Record<Digit, string>> = {
  'digit-1': key(0, 0),
  'digit-2': key(0, 1),
  'digit-3': key(0, 2),
  'digit-4': key(1, 0),
  'digit-5': key(1, 1),
  'digit-6': key(1, 2),
  'digit-7': key(2, 0),
  'digit-8': key(2, 1),
  'digit-9': key(2, 2),
  'digit-0': key(3, 1),
};

type RefusedSound = `refused-${Refused}`;

const named = (refusal: Refused): [RefusedSound, string] => [`refused-${refusal}`, refusedTones[refusal]];

const refused = Object.fromEntries([...refusals, ...ownReplaceRefusals].map(named)) as Record<RefusedSound, string>;

/** Ends only when something else happens. */
const endless = ';loops=-1';

/** The tone that stands for each sound. */
const tones: Readonly<Record<SoundName, string>> = {
  ...digits,
  ...refused,
  ringback: tone(1000, 4000, 425) + endless,
  welcome: tone(200, 0, 660) + tone(300, 300, 880),
  // Soft: it lies over what two people say to each other.
  beep: `v=-20;${tone(120, 0, 1400)}`,
  supervised: `v=-20;${tone(120, 120, 1400)}${tone(120, 120, 1400)}${tone(240, 0, 1400)}`,
  preview: tone(150, 100, 620) + tone(150, 1600, 780) + endless,
  'call-from': tone(100, 0, 520) + tone(150, 150, 780),
  'call-to': tone(100, 0, 780) + tone(150, 150, 520),
  anonymous: tone(250, 80, 330) + tone(250, 120, 330),
};

/**
 * What the media server may play for a sound, best first: the operator's wav file, where there is a folder for them, and
 * a tone of ours. The folder is one of the media server's machine.
 */
export const playables = (sound: Sound, folder?: string): readonly string[] => {
  const [file, tone] = typeof sound === 'string' ? [sound, tones[sound]] : [sound.file, tones.welcome];
  const own = `tone_stream://${tone}`;
  return folder === undefined ? [own] : [`${folder.replace(/\/+$/, '')}/${file}.wav`, own];
};

/** Every sound that there is: the names of the wav files that an operator may put in their place. */
export const soundNames = Object.keys(tones) as readonly SoundName[];
