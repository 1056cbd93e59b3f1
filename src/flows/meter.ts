import type { PickupKind, PickupOutcome } from '../domain/outcome.js';

/** Acts on answered calls; the label `act` of the metrics. */
export type SupervisionAct = 'steal' | 'eavesdrop' | 'whisper' | 'barge';

/** Verbs to count with. */
export interface Meter {
  ringing(change: 1 | -1): void;
  earlyDialog(change: number): void;
  connected(change: 1 | -1): void;
  callEnded(result: CallResult): void;
  claimed(outcome: string, seconds: number): void;
  pickupEnded(kind: PickupKind, outcome: PickupOutcome, seconds: number): void;
  pickedUpAfter(kind: PickupKind, ringSeconds: number): void;
  /** A connected call talks through the media server from now on, or does so no more. */
  anchored(change: 1 | -1): void;
  /** Somebody takes part in a call of others, or has left. */
  listening(change: 1 | -1): void;
  /** An act on an answered call was done, or refused. */
  supervised(act: SupervisionAct, outcome: PickupOutcome): void;
}

/** How a call ended; the label `result` of the metrics. */
export type CallResult = 'answered' | 'picked_up' | 'cancelled' | 'busy' | 'timeout' | 'rejected' | 'error';
