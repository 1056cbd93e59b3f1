import { faultLines, judgeTenant } from './judge-document.js';
import type { OfficeKeeping } from './office-keeping.js';
import type { FoundInstallation, FoundTenant } from './office-store.js';

/** Puts a company that was found in force if it is faultless; otherwise the last good one stays, and the log says why. */
export const takeIn = ({ reader, book, seen, log }: OfficeKeeping, found: FoundTenant): void => {
  const { id, version, document: value, personal } = found;
  seen.set(id, version);
  const judged = judgeTenant(reader, { id, value, installation: book.installation.document });
  if (!judged.ok) {
    log.error({ tenant: id, version, faults: faultLines(judged.faults) }, 'stored tenant refused');
    return;
  }
  const isNew = book.tenant(id)?.version !== version;
  book.put({ id, version, document: judged.document, personal });
  if (isNew) log.info({ tenant: id, version }, 'tenant read from the store');
};

/** The same for what is not one company's. */
export const takeInInstallation = ({ reader, book, log }: OfficeKeeping, found: FoundInstallation): void => {
  const { version, document } = found;
  const read = reader.installation(document);
  if (read.ok) book.putInstallation({ version, document: read.document });
  else log.error({ version, faults: faultLines(read.faults) }, 'stored installation refused');
};
