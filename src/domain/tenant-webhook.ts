/** What of its calls a company's webhook can be told, by the names of the events. */
export const webhookEvents = ['waiting', 'ringing', 'picked-up', 'answered', 'ended'] as const;

/** One of {@link webhookEvents}. */
export type WebhookEvent = (typeof webhookEvents)[number];

/** Where a company has events of its calls posted to. */
export interface Webhook {
  readonly url: string;
  /** What each post is signed with; without it nothing is posted. */
  readonly secret?: string;
  readonly events: ReadonlySet<WebhookEvent>;
}

/** The same as it is written. */
export interface WebhookDocument {
  url: string;
  secret?: string;
  events?: WebhookEvent[];
}

/** A webhook of its document: one that names no events is told of calls that wait. */
export const webhookOf = ({ url, secret, events = ['waiting'] }: WebhookDocument): Webhook => ({
  url,
  ...(secret !== undefined && { secret }),
  events: new Set(events),
});
