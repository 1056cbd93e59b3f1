import type { TenantId } from '../domain/names.js';
import { installationTurn, type OfficeKeeping } from './office-keeping.js';
import type { OfficeOutline } from './office-store.js';
import { restore } from './restore-tenant.js';
import { takeIn, takeInInstallation } from './take-in.js';

/** Brings what the store has into the book. Every method rejects if the store cannot be reached. */
export interface StoreFollower {
  tenant(id: TenantId): Promise<void>;
  personal(id: TenantId): Promise<void>;
  installation(): Promise<void>;
  /** Looks for what differs; `all` reads even what seems to be the same. */
  reload(all: boolean): Promise<void>;
}

/** So many companies are read at a time: a large installation must not hold up a pickup. */
const together = 20;

/** Follows the store. */
export const followStore = (keeping: OfficeKeeping): StoreFollower => {
  const { store, book, turns } = keeping;
  const installation = () => turns(installationTurn, () => readInstallation(keeping));
  const tenant = (id: TenantId) =>
    turns(id, async () => {
      const found = await store.tenant(id);
      if (!found) return restore(keeping, id);
      if (namesUnknownBrand(found.document, book.installation.document.brands)) await installation();
      takeIn(keeping, found);
    });
  const reload = async (all: boolean) => {
    const outline = await store.outline();
    if (all || outline.installation !== book.installation.version) await installation();
    const ids = all ? allOf(keeping, outline) : changedIn(keeping, outline);
    for (let i = 0; i < ids.length; i += together) await Promise.all(ids.slice(i, i + together).map(tenant));
  };
  const personal = (id: TenantId) =>
    turns(id, async () => {
      const said = await store.personal(id);
      // A store that has come back empty knows nothing that could be taken over.
      const isLost = Object.keys(said).length === 0 && !(await store.tenant(id));
      if (isLost) await restore(keeping, id);
      else book.putPersonal(id, said);
    });
  return { tenant, personal, installation, reload };
};

const readInstallation = async (keeping: OfficeKeeping): Promise<void> => {
  const { store, book } = keeping;
  const found = await store.installation();
  if (found.version > 0) return takeInInstallation(keeping, found);
  // The store has lost it: whoever is first writes it again.
  const { version, document } = book.installation;
  if ((await store.saveInstallation({ version, document })) === 'saved') {
    book.putInstallation({ version: version + 1, document });
  }
};

/** A company may come with a brand that is newer than what this instance knows of brands. */
const namesUnknownBrand = (document: unknown, brands: object = {}): boolean => {
  const { brand } = (document ?? {}) as { brand?: unknown };
  return typeof brand === 'string' && !Object.hasOwn(brands, brand);
};

const allOf = ({ book }: OfficeKeeping, { tenants }: OfficeOutline): TenantId[] => [
  ...new Set([...book.ids, ...tenants.map(({ id }) => id)]),
];

/** Those whose version or personal settings are not those that were read last, and those that are missing. */
const changedIn = (keeping: OfficeKeeping, outline: OfficeOutline): TenantId[] => {
  const { book, seen } = keeping;
  const there = new Map(outline.tenants.map((tenant) => [tenant.id, tenant]));
  return allOf(keeping, outline).filter((id) => {
    const { version, personal } = there.get(id) ?? {};
    const isVersionKnown = version !== undefined && (version === seen.get(id) || version === book.tenant(id)?.version);
    if (!isVersionKnown) return true;
    return personal !== undefined && book.tenant(id) !== undefined && !book.isSaid(id, personal);
  });
};
