import type { Refusal } from './outcome.js';
import type { ReplaceRefusal } from './replace-refusal.js';

/** What a phone can be played: a sound of ours, or one of a company's. */
export type Sound = SoundName | CompanySound;

/** A sound that a company has given an id: a wav file that the operator keeps, without `.wav`. A tone stands for one that is missing. */
export interface CompanySound {
  readonly name: string;
  readonly file: string;
}

/**
 * The sounds of ours. Each has a tone of ours; a wav file of the same name, where the operator keeps files, is
 * played in its place.
 */
export type SoundName =
  /** Somewhere else it rings; without an end. */
  | 'ringback'
  /** A group is called, and nobody rings yet: where the group's own sound cannot be played. */
  | 'welcome'
  /** Short, to parties whose call somebody listens to or enters. */
  | 'beep'
  /** The same, said in words where the operator has a file. */
  | 'supervised'
  /** A call can be taken: to who looks at it first. */
  | 'preview'
  /** Before the number of who calls, and before that of who was called. */
  | 'call-from'
  | 'call-to'
  /** In the place of a number that may not be told. */
  | 'anonymous'
  | `digit-${'0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'}`
  /** Why a pickup failed, or phones were not changed. */
  | `refused-${Refusal | ReplaceRefusal}`;
