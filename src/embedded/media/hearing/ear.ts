import type { Frame } from '../audio/frame.js';

/** Something that can be heard: the mouth of a phone, or a sound that is played. */
export interface Voice {
  /** What it says in this tick; undefined if nothing. */
  readonly frame: Frame | undefined;
}

/** How an eavesdropper takes part: not at all, heard by the other side, by the target, by both. */
export type EavesdropMode = 0 | 1 | 2 | 3;

/** A sound that is laid over what a phone hears (`heard`) or says (`said`), or put in its place. */
export interface Insert {
  /** Its turn among all that came to that phone. */
  readonly turn: number;
  readonly voice: Voice;
  readonly side: 'heard' | 'said';
  readonly isOver: boolean;
}

/** What a phone's channel is busy with, as far as hearing goes. */
export type Doing =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'playing'; readonly voice: Voice }
  | { readonly kind: 'conferring'; readonly others: readonly Ear[]; readonly sounds: readonly Voice[] }
  | {
      readonly kind: 'eavesdropping';
      readonly target: Ear;
      readonly mode: EavesdropMode;
      readonly hearsTarget: boolean;
      readonly hearsOther: boolean;
    };

/** A phone, as the graph of who hears whom sees it; as a voice it is the phone's mouth. */
export interface Ear extends Voice {
  /** Whom it is bridged with. */
  readonly partner: Ear | undefined;
  readonly doing: Doing;
  /** Who listens to it, in the order in which they began. */
  readonly eavesdroppers: readonly { readonly ear: Ear; readonly turn: number }[];
  readonly inserts: readonly Insert[];
  /** What it says is thrown away. */
  readonly isMuted: boolean;
  /** What it would hear is thrown away. */
  readonly isDeafened: boolean;
}
