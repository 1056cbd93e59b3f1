import type { Refusal } from './outcome.js';

/**
 * What a phone can be played. Each has a tone of ours; a wav file of the same name, where the operator keeps files, is
 * played in its place.
 */
export type SoundName =
  /** Somewhere else it rings; without an end. */
  | 'ringback'
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
  /** Why a pickup failed. */
  | `refused-${Refusal}`;
