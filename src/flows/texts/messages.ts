import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Party } from '../ports.js';

/** What became of a text at one phone. */
export interface Delivery {
  readonly extension: Extension;
  readonly phone: string;
  /** The phone's SIP status; 0 if there was none. */
  readonly status: number;
}

/** Texts to the phones of an extension (RFC 3428). */
export interface Messages {
  /** One result a phone; none if the extension is not registered. Rejects if the store cannot be reached. */
  send(tenant: Tenant, to: Extension, message: { from: Party; text: string }): Promise<Delivery[]>;
}

/** Texts of phones, sent on as they are. */
export interface Relays {
  /** As `send`: one result a phone. The headers go with the text. */
  relay(
    tenant: Tenant,
    to: Extension,
    message: { from: Party; text: string; passed: Readonly<Record<string, string>> },
  ): Promise<Delivery[]>;
}

/** A text may have so many characters. */
export const longestText = 1_000;

/** Line breaks and tabs become a space: phones show a message as one paragraph. */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** Other control characters, and halves of surrogate pairs, which have no UTF-8. */
const unprintable = /[\p{Cc}\p{Cs}]/gu;

/** A text as phones get it: printable characters only, one line; empty if nothing is left. */
export const plainText = (text: string): string => text.replace(breaks, ' ').replace(unprintable, '').trim();
