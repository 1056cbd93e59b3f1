import type { Extension, TenantId } from '../domain/names.js';
import type { Presence } from '../domain/office.js';
import { saidOver } from '../domain/personal.js';
import type { OfficeDocument } from '../domain/tenant-document.js';
import { makeChangeInstallation, makeChangeTenant } from './change-office.js';
import type { DocumentReader } from './document-reader.js';
import { followStore } from './follow-store.js';
import { keepInStep } from './keep-in-step.js';
import { makeLapses } from './lapse-presence.js';
import { type OfficeBook, officeBook } from './office-book.js';
import type { OfficeKeeping } from './office-keeping.js';
import type { OfficeStore } from './office-store.js';
import type { Offices, Said } from './offices.js';
import type { Log } from './ports.js';
import { makeTurns } from './turns.js';

/** What keeping the offices needs. */
export interface KeepOfficesDeps {
  readonly store: OfficeStore;
  readonly reader: DocumentReader;
  /** The faultless office file; it is in force at once, and says alone how phones prove who they are. */
  readonly file: OfficeDocument;
  readonly log: Log;
}

/** The offices of a running instance. */
export interface KeptOffices extends Offices {
  /** Settles when the store has been asked for the first time, whether it could be reached or not. */
  readonly asked: Promise<void>;
  /** Reads anew what the people of a company say of themselves. Rejects if the store cannot be reached. */
  readPersonal(tenant: TenantId): Promise<void>;
  /** What the document says of an extension whose people say nothing. */
  usualPresence(tenant: TenantId, extension: Extension): Presence;
  stop(): void;
}

/** Keeps the offices of this instance in step with the store. While the store is away the last ones stay in force. */
export const keepOffices = ({ store, reader, file, log }: KeepOfficesDeps): KeptOffices => {
  const book = bookOf(file, reader);
  const keeping: OfficeKeeping = { store, reader, book, seen: new Map(), turns: makeTurns(), log };
  const follower = followStore(keeping);
  const lapses = makeLapses({ ...keeping, readPersonal: follower.personal });
  book.onPut(lapses.seen);
  const step = keepInStep(keeping, follower, file);
  return {
    asked: step.asked,
    readPersonal: follower.personal,
    usualPresence: book.usualPresence,
    stop: () => {
      step.stop();
      lapses.stop();
    },
    get current() {
      return book.current;
    },
    document: (tenant) => book.tenant(tenant)?.document,
    installation: () => ({ ...book.installation.document, ...(file.sipAuth && { sipAuth: file.sipAuth }) }),
    change: makeChangeTenant(keeping),
    changeInstallation: makeChangeInstallation(keeping),
    setPersonal: ({ id }, extension, said) => setPersonal(keeping, { id, extension, said }),
  };
};

/** What is in force before the store has been asked. */
const bookOf = (file: OfficeDocument, reader: DocumentReader): OfficeBook => {
  const book = officeBook(file.sipAuth);
  book.putInstallation({ version: 0, document: file.brands ? { brands: file.brands } : {} });
  for (const [id, document] of Object.entries(file.tenants)) {
    book.put({ id: id as TenantId, version: 0, document: reader.withIds(id as TenantId, document), personal: {} });
  }
  return book;
};

interface SaidNow {
  readonly id: TenantId;
  readonly extension: Extension;
  readonly said: Said;
}

const setPersonal = (
  { store, book, turns, log }: OfficeKeeping,
  { id, extension, said: { how, by, ...personal } }: SaidNow,
): Promise<boolean> =>
  turns(id, async () => {
    const otherwise = book.usualPresence(id, extension);
    const saying = how && { how, otherwise, ...(by !== undefined && { by }) };
    try {
      await store.setPersonal(id, extension, { ...personal, ...(saying && { saying }) });
    } catch (error) {
      log.warn({ tenant: id, extension, error: String(error) }, 'store away, nothing noted');
      return false;
    }
    const before = book.tenant(id)?.personal ?? {};
    book.putPersonal(id, { ...before, [extension]: saidOver(before[extension] ?? {}, personal) });
    return true;
  });
