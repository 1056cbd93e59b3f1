import type { TenantId } from '../domain/names.js';
import type { DocumentReader } from './document-reader.js';
import type { OfficeBook } from './office-book.js';
import type { OfficeStore } from './office-store.js';
import type { Log } from './ports.js';
import type { Turns } from './turns.js';

/** What all who read or change the offices of this instance share. */
export interface OfficeKeeping {
  readonly store: OfficeStore;
  readonly reader: DocumentReader;
  readonly book: OfficeBook;
  /** The version of each company that was looked at last, even if it was refused. */
  readonly seen: Map<TenantId, number>;
  /** One reader or writer at a time for each company, so that what was read later is never overwritten by what was read earlier. */
  readonly turns: Turns;
  readonly log: Log;
}

/** The turn of what is not one company's; no company can have this name. */
export const installationTurn = '*';

/** So often a change is tried again when somebody else has written meanwhile. */
export const mostTries = 10;
