import { outcomeOf, type PickupKind, type Refusal } from '../domain/outcome.js';
import type { Log, Meter } from './ports.js';

/** What became of a pickup: who wanted it how, why it was refused (undefined: the picker has the call), and since when. */
export interface PickupEnd {
  readonly kind: PickupKind;
  readonly refusal: Refusal | undefined;
  /** By `performance.now()`. */
  readonly began: number;
  /** Whose pickup of which call, for the log. */
  readonly facts: object;
}

/** One line and one count for every pickup, in the same words, whichever way it was asked for. */
export const tellPickup = (
  { meter, log }: { meter: Pick<Meter, 'pickupEnded'>; log: Log },
  { kind, refusal, began, facts }: PickupEnd,
): void => {
  const outcome = refusal === undefined ? 'answered' : outcomeOf(refusal);
  const seconds = (performance.now() - began) / 1000;
  meter.pickupEnded(kind, outcome, seconds);
  log.info({ ...facts, kind, outcome, ...(refusal && { refusal }), ms: Math.round(seconds * 1e4) / 10 }, 'pickup');
};
