import type { TenantId } from '../domain/names.js';
import type { InstallationDocument, OfficeDocument, TenantDocument } from '../domain/tenant-document.js';
import { faultLines, judgeTenant } from './judge-document.js';
import { installationTurn, mostTries, type OfficeKeeping } from './office-keeping.js';
import type { FoundInstallation, FoundTenant, Origin } from './office-store.js';
import { takeIn, takeInInstallation } from './take-in.js';

/** One company's section of the office file. */
interface Section {
  readonly id: TenantId;
  readonly document: TenantDocument;
  readonly seed: string;
}

/**
 * Brings the office file and the store together, once after each start: what the store lacks is written, what has
 * changed in the file since it was last taken over replaces the store's, otherwise the store's is in force: changes by
 * REST and imports survive a restart. Rejects if the store cannot be reached; it may then be done again.
 */
export const takeOver = async (keeping: OfficeKeeping, file: OfficeDocument): Promise<void> => {
  const { store, reader, turns } = keeping;
  const found = await store.load();
  await turns(installationTurn, () => takeOverInstallation(keeping, { file, found: found.installation }));

  const inStore = new Map(found.tenants.map((tenant) => [tenant.id, tenant]));
  const sections = (Object.entries(file.tenants) as [TenantId, TenantDocument][]).map(([id, document]) => {
    return { id, document, seed: reader.fingerprint(document) };
  });
  const changed = sections.filter(({ id, seed }) => inStore.get(id)?.seed !== seed);
  // What is in force already comes first, so that what is new is judged beside it.
  for (const tenant of found.tenants) if (!changed.some(({ id }) => id === tenant.id)) takeIn(keeping, tenant);
  for (const section of changed) {
    await turns(section.id, () => takeOverTenant(keeping, { section, found: inStore.get(section.id) }));
  }
};

const takeOverTenant = async (
  keeping: OfficeKeeping,
  { section, found }: { section: Section; found: FoundTenant | undefined },
): Promise<void> => {
  const { store, log } = keeping;
  let newest = found;
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (newest?.seed === section.seed) return takeIn(keeping, newest);
    if (await write(keeping, section, newest)) return;
    newest = await store.tenant(section.id);
  }
  log.error({ tenant: section.id }, 'section of the office file not taken over, others write all the time');
};

/** True if there is nothing more to do: it was written, or must not be. */
const write = async (keeping: OfficeKeeping, section: Section, found: FoundTenant | undefined): Promise<boolean> => {
  const { store, book, reader, log } = keeping;
  const { id, seed } = section;
  const around = { installation: book.installation.document, others: book.others(id) };
  // What was imported came from this very section: its changes since then stay.
  const value = found && found.imported === seed ? found.document : section.document;
  const judged = judgeTenant(reader, { id, value, ...around });
  if (!judged.ok) {
    log.error({ tenant: id, faults: faultLines(judged.faults) }, 'section of the office file not taken over');
    if (found) takeIn(keeping, found);
    else book.remove(id);
    return true;
  }
  const { document } = judged;
  const version = found?.version ?? 0;
  if ((await store.save({ id, version, document }, { seed })) === 'stale') return false;
  book.put({ id, version: version + 1, document, personal: found?.personal ?? {} });
  const gone = Object.keys(found?.personal ?? {}).filter((number) => !Object.hasOwn(document.extensions, number));
  if (gone.length > 0) await store.forgetPersonal(id, gone);
  const event = found ? 'tenant taken over from the office file' : 'tenant written to the store';
  log.info({ tenant: id, version: version + 1 }, event);
  return true;
};

const takeOverInstallation = async (
  keeping: OfficeKeeping,
  { file, found }: { file: OfficeDocument; found: FoundInstallation },
): Promise<void> => {
  const { store, reader, book, log } = keeping;
  const origin: Origin = { seed: reader.fingerprint(file.brands ?? {}) };
  let newest = found;
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (newest.version > 0) takeInInstallation(keeping, newest);
    if (newest.version > 0 && newest.seed === origin.seed) return;
    const { version } = newest;
    const document = withBrandsOf(file, version > 0 ? book.installation.document : {});
    if ((await store.saveInstallation({ version, document }, origin)) === 'saved') {
      book.putInstallation({ version: version + 1, document });
      return log.info({ version: version + 1 }, 'brands taken over from the office file');
    }
    newest = await store.installation();
  }
  log.error({}, 'brands of the office file not taken over, others write all the time');
};

/** The file's brands over the store's: brands that only the store knows may be other companies'. */
const withBrandsOf = ({ brands }: OfficeDocument, stored: InstallationDocument): InstallationDocument => ({
  brands: { ...stored.brands, ...brands },
});
