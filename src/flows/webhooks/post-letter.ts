import type { Webhook } from '../../domain/tenant-webhook.js';

/** One event as it is posted. */
export interface Letter {
  /** The same at each try: a receiver that has it already leaves it at that. */
  readonly id: string;
  readonly body: string;
}

/** A webhook whose posts can be signed. */
export type SignedWebhook = Webhook & { readonly secret: string };

/** Tries once, within a deadline. Undefined if the receiver has it, otherwise why not; never rejects. */
export type PostLetter = (webhook: SignedWebhook, letter: Letter) => Promise<string | undefined>;
