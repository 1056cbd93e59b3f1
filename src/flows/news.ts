import type { CallHistory } from '../domain/call-history.js';
import type { GroupId } from '../domain/group.js';
import type { CallId, Extension, TenantId } from '../domain/names.js';
import type { Presence } from '../domain/office.js';
import type { PickupKind } from '../domain/outcome.js';
import type { ListenMode } from './media.js';

/** What happened in a company, for whoever listens. */
export type News = CallNews | ExtensionNews;

/** What happened to a call. An anonymous caller's name and number are empty. */
export type CallNews = {
  readonly call: CallId;
  readonly target: Extension;
  /** The caller's extension; empty for a caller from outside. */
  readonly caller: string;
  readonly callerName: string;
  readonly callerNumber: string;
  /** At whose phones a group's call rings, or rang last; undefined of any other call. */
  readonly ringsAt?: readonly Extension[];
  /** At whose phones it has rung so far. */
  readonly rung?: readonly Extension[];
  /** Through which groups it came. */
  readonly groups?: readonly GroupId[];
  readonly isPrivate: boolean;
} /** The first phone rings; of a group's call, the first of another extension too. */ & (
  | { readonly event: 'ringing' }
  /** By whom, and how. It was `from`'s: where that is not said, `target`'s. */
  | {
      readonly event: 'picked-up';
      readonly picker: Extension;
      readonly method: PickupKind;
      readonly from?: Extension;
    }
  /** A group's members are told that the call has rung for so many seconds; of the caller no more than the group shows. */
  | { readonly event: 'waiting'; readonly group: string; readonly seconds: number }
  | { readonly event: 'answered' }
  | { readonly event: 'ended'; readonly result: string; readonly history?: CallHistory }
  | ({ readonly event: SupervisionEvent } & SupervisionNewsParts)
);

/** What happened to an extension, whatever its calls do. */
export type ExtensionNews =
  | {
      readonly event: 'phones-changed';
      /** Who asked for it. */
      readonly extension: Extension;
      readonly other: Extension;
      readonly became: 'changed' | 'changed-back';
    }
  /** Another presence counts. `by` said so, where that is another extension. */
  | {
      readonly event: 'presence';
      readonly extension: Extension;
      readonly presence: Presence;
      readonly how: PresenceHow;
      readonly by?: Extension;
    };

/** How a presence came about: dialled, set by a program, published by a phone, or what was published has lapsed. */
export type PresenceHow = 'code' | 'api' | 'publish' | 'lapse';

/** True if it is news of an extension and of no call. */
export const isOfExtension = (news: News): news is ExtensionNews => !('call' in news);

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
