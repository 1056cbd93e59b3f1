import type { Extension } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Party } from './ports.js';

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
