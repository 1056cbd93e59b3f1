import type { TenantId } from '../domain/names.js';
import type { Fault, InstallationDocument, OfficeDocument, TenantDocument } from '../domain/tenant-document.js';
import { faultsOfInstallation, faultsOfTenant } from '../domain/tenant-faults.js';
import type { DocumentReader } from './document-reader.js';
import { mostTries } from './office-keeping.js';
import type { FoundInstallation, FoundTenant, OfficeStore } from './office-store.js';

/** What importing needs. */
export interface ImportDeps {
  readonly store: OfficeStore;
  readonly reader: DocumentReader;
}

/** What became of one company, or of the brands. */
export interface Imported {
  /** The company; undefined are the brands. */
  readonly tenant?: TenantId;
  readonly became: 'written' | 'unchanged' | 'stale';
  /** The version that it has now, or would have. */
  readonly version: number;
  readonly document: TenantDocument | InstallationDocument;
}

/** What became of an import; with faults nothing was written. */
export type ImportResult = { ok: true; imported: Imported[] } | { ok: false; faults: Fault[] };

/**
 * Writes every company of a faultless document over what the store has, after all of them were judged beside those
 * that only the store has. Passwords that it does not say stay as they are. Rejects if the store cannot be reached.
 */
export const importOffice = async (
  deps: ImportDeps,
  file: OfficeDocument,
  { isRehearsal }: { isRehearsal: boolean },
): Promise<ImportResult> => {
  const { store, reader } = deps;
  const found = await store.load();
  const installation = { brands: { ...brandsIn(reader, found.installation), ...file.brands } };
  const inStore = new Map(found.tenants.map((tenant) => [tenant.id, tenant]));
  const faults = faultsBeside(deps, { file, installation, inStore });
  if (faults.length > 0) return { ok: false, faults };

  const imported: Imported[] = [];
  if (file.brands) imported.push(await importBrands(deps, { file, found: found.installation, isRehearsal }));
  for (const [id, section] of sectionsOf(file)) {
    imported.push(await importTenant(deps, { id, section, found: inStore.get(id), isRehearsal }));
  }
  return { ok: true, imported };
};

const sectionsOf = (file: OfficeDocument) => Object.entries(file.tenants) as [TenantId, TenantDocument][];

const brandsIn = (reader: DocumentReader, { document }: FoundInstallation): InstallationDocument['brands'] => {
  const read = reader.installation(document);
  return read.ok ? read.document.brands : {};
};

interface Surroundings {
  readonly file: OfficeDocument;
  readonly installation: InstallationDocument;
  readonly inStore: ReadonlyMap<TenantId, FoundTenant>;
}

/** The file is faultless in itself; what only the store has must agree with it as well. */
const faultsBeside = ({ reader }: ImportDeps, { file, installation, inStore }: Surroundings): Fault[] => {
  const others = new Map<string, TenantDocument>();
  for (const { id, document } of inStore.values()) {
    const read = Object.hasOwn(file.tenants, id) ? undefined : reader.tenant(document);
    if (read?.ok) others.set(id, read.document);
  }
  const judged = [...sectionsOf(file), ...[...others].filter(([, { brand }]) => brand !== undefined)];
  const ofTenants = judged.flatMap(([id, document]) => {
    const neighbours = new Map([...others].filter(([other]) => other !== id));
    return faultsOfTenant({ id, document, installation, others: neighbours }).map(({ path, why }) => {
      return { path: ['tenants', id, ...path], why };
    });
  });
  return [...faultsOfInstallation(installation), ...ofTenants];
};

interface TenantImport {
  readonly id: TenantId;
  readonly section: TenantDocument;
  readonly found: FoundTenant | undefined;
  readonly isRehearsal: boolean;
}

const importTenant = async (
  { store, reader }: ImportDeps,
  { id, section, found, isRehearsal }: TenantImport,
): Promise<Imported> => {
  const imported = reader.fingerprint(section);
  let newest = found;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const document = reader.withIds(id, withPasswordsOf(section, newest?.document));
    const version = newest?.version ?? 0;
    const isSame = newest !== undefined && reader.fingerprint(Object(newest.document)) === reader.fingerprint(document);
    if (isSame) return { tenant: id, became: 'unchanged', version, document };
    if (isRehearsal || (await store.save({ id, version, document }, { imported })) === 'saved') {
      const gone = Object.keys(newest?.personal ?? {}).filter((number) => !Object.hasOwn(document.extensions, number));
      if (gone.length > 0 && !isRehearsal) await store.forgetPersonal(id, gone);
      return { tenant: id, became: 'written', version: version + 1, document };
    }
    newest = await store.tenant(id);
  }
  return { tenant: id, became: 'stale', version: newest?.version ?? 0, document: section };
};

interface BrandsImport {
  readonly file: OfficeDocument;
  readonly found: FoundInstallation;
  readonly isRehearsal: boolean;
}

const importBrands = async (
  { store, reader }: ImportDeps,
  { file, found, isRehearsal }: BrandsImport,
): Promise<Imported> => {
  const imported = reader.fingerprint(file.brands ?? {});
  let newest = found;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { version } = newest;
    const document = { brands: { ...brandsIn(reader, newest), ...file.brands } };
    const isSame = version > 0 && reader.fingerprint(Object(newest.document)) === reader.fingerprint(document);
    if (isSame) return { became: 'unchanged', version, document };
    if (isRehearsal || (await store.saveInstallation({ version, document }, { imported })) === 'saved') {
      return { became: 'written', version: version + 1, document };
    }
    newest = await store.installation();
  }
  return { became: 'stale', version: newest.version, document: {} };
};

/** An export without passwords can be changed and imported again without taking passwords, PINs and the secret away. */
const withPasswordsOf = (section: TenantDocument, stored: unknown): TenantDocument => {
  const { extensions: before = {}, webhook } = (stored ?? {}) as Partial<TenantDocument>;
  const secret = webhook?.secret !== undefined && { secret: webhook.secret };
  const extensions = Object.entries(section.extensions).map(([number, entry]) => {
    const { password, replacePin } = (Object.hasOwn(before, number) ? before[number] : undefined) ?? {};
    const kept = { ...(password !== undefined && { password }), ...(replacePin !== undefined && { replacePin }) };
    return [number, { ...entry, ...kept, ...entry }];
  });
  return {
    ...section,
    extensions: Object.fromEntries(extensions),
    ...(section.webhook && { webhook: { ...secret, ...section.webhook } }),
  };
};
