import type { CallId, Extension, TenantId } from '../domain/names.js';
import type { PickupKind } from '../domain/outcome.js';
import type { ListenMode } from './media.js';

/** What happened to a call, for whoever listens. An anonymous caller's name and number are empty. */
export type News = {
  readonly call: CallId;
  readonly target: Extension;
  /** The caller's extension; empty for a caller from outside. */
  readonly caller: string;
  readonly callerName: string;
  readonly callerNumber: string;
  readonly isPrivate: boolean;
} & (
  | { readonly event: 'ringing' }
  /** By whom, and how. It was `from`'s: where that is not said, `target`'s. */
  | {
      readonly event: 'picked-up';
      readonly picker: Extension;
      readonly method: PickupKind;
      readonly from?: Extension;
    }
  | { readonly event: 'answered' }
  | { readonly event: 'ended'; readonly result: string }
  | ({ readonly event: SupervisionEvent } & SupervisionNewsParts)
);

/** What happens to a supervision. */
export type SupervisionEvent = 'supervision-began' | 'supervision-changed' | 'supervision-ended';

/** Who takes part in a call of others, on whose side, and how. */
export interface SupervisionNewsParts {
  readonly supervision: string;
  readonly supervisor: Extension;
  readonly colleague: Extension;
  readonly mode: ListenMode;
}

/** News with its place in the company's stream. */
export interface NumberedNews {
  /** Grows with each; a listener that comes back asks for what came after it. */
  readonly id: string;
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  readonly news: News;
}

/** The news of each company, from all instances. */
export interface NewsStream {
  /** What came after this id, oldest first, as far back as is kept. Rejects if the store cannot be reached. */
  since(tenant: TenantId, id: string): Promise<NumberedNews[]>;
  /** Tells from now on, each once and in order; returns how to stop. */
  listen(tenant: TenantId, listener: (news: NumberedNews) => void): () => void;
}
