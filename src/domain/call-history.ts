import type { Extension } from './names.js';
import type { PickupKind } from './outcome.js';

/** Somebody took a call of another's phone. */
export interface CallTaking {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly picker: Extension;
  readonly from: Extension;
  readonly method: PickupKind;
  /** The group whose rule let the picker do it; undefined where a rule about nobody in particular did. */
  readonly group?: string;
}

/** What happened to a call from its beginning to its end; times are milliseconds since 1970, by its owner's clock. */
export interface CallHistory {
  /** Whom the caller wanted, whoever had the call in the end. */
  readonly target: Extension;
  /** The number of the group that was called. */
  readonly group?: Extension;
  readonly began: number;
  /** When the first phone rang. */
  readonly ringing?: number;
  readonly answered?: number;
  readonly answeredBy?: Extension;
  /** By whom it was picked up while it rang. */
  readonly taken?: CallTaking;
  /** By whom it was taken over afterwards, in order. */
  readonly moves: readonly CallTaking[];
  readonly ended: number;
}

/** Seconds from the first ring to the answer, or to the end if there was none; undefined if no phone rang. */
export const ringSeconds = ({ ringing, answered, ended }: CallHistory): number | undefined =>
  ringing === undefined ? undefined : seconds(ringing, answered ?? ended);

/** Seconds from the answer to the end; undefined if nobody answered. */
export const talkSeconds = ({ answered, ended }: CallHistory): number | undefined =>
  answered === undefined ? undefined : seconds(answered, ended);

/** A clock that was set back meanwhile makes no negative time. */
const seconds = (from: number, until: number): number => Math.max(0, until - from) / 1000;
