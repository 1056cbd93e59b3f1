/** Verbs to count watchers with. */
export interface WatchMeter {
  /** Subscriptions of this instance that phones know of. */
  watcher(change: 1 | -1): void;
  /** A notice was taken, not taken, or has shown that nobody is there. */
  notified(outcome: NotifyOutcome): void;
  /** From the moment that this instance heard of a change to the moment that the watcher is told. */
  toldAfter(seconds: number): void;
}

/** What becomes of a NOTIFY; the label `outcome` of the metrics. */
export const notifyOutcomes = ['sent', 'failed', 'dropped'] as const;

/** One of {@link notifyOutcomes}. */
export type NotifyOutcome = (typeof notifyOutcomes)[number];
