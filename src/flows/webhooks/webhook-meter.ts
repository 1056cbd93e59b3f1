/**
 * What became of an event: the webhook has it; a try failed and another follows; all tries failed, or the service stopped;
 * its place was needed for a newer one.
 */
export const postOutcomes = ['delivered', 'retried', 'lost', 'dropped'] as const;

/** One of {@link postOutcomes}. */
export type PostOutcome = (typeof postOutcomes)[number];

/** What is counted of webhooks. */
export interface WebhookMeter {
  posted(outcome: PostOutcome, events?: number): void;
  /** So many events more, or fewer, are on their way. */
  queued(change: number): void;
}
