import type { Extension, TenantId } from '../domain/names.js';
import type { Office, Presence, Tenant } from '../domain/office.js';
import { saidAt } from '../domain/personal.js';
import { officeOf, tenantOf } from '../domain/tenant.js';
import type { InstallationDocument, TenantDocument } from '../domain/tenant-document.js';
import type { Personals, StoredInstallation, StoredTenant } from './office-store.js';

/** The documents that are in force in this instance, and the office made of them. */
export interface OfficeBook {
  /** Made anew when something has changed since it was asked for. */
  readonly current: Office;
  readonly installation: StoredInstallation;
  readonly ids: readonly TenantId[];
  tenant(id: TenantId): StoredTenant | undefined;
  /** What the document says of an extension whose people say nothing. */
  usualPresence(id: TenantId, extension: Extension): Presence;
  /** The documents of all companies but one. */
  others(id: TenantId): Map<string, TenantDocument>;
  put(tenant: StoredTenant): void;
  putPersonal(id: TenantId, personal: Personals): void;
  /** Whether this is what counts already of what the people of a company say: how long it lasts may differ. */
  isSaid(id: TenantId, personal: Personals): boolean;
  putInstallation(installation: StoredInstallation): void;
  remove(id: TenantId): void;
  /** Told of every company that is put in force; there is one listener. */
  onPut(listener: (tenant: StoredTenant) => void): void;
}

/** Opens an empty book. How phones prove who they are is said once and for all: no change of a document touches it. */
export const officeBook = (sipAuth: InstallationDocument['sipAuth']): OfficeBook => {
  const stored = new Map<TenantId, StoredTenant>();
  const made = new Map<TenantId, Tenant>();
  let installation: StoredInstallation = { version: 0, document: {} };
  let office: Office | undefined;
  /** What counts of what people say in each company that was made of it, as text. */
  const said = new Map<TenantId, string>();
  let told: (tenant: StoredTenant) => void = () => undefined;

  const keep = (tenant: StoredTenant) => {
    stored.set(tenant.id, tenant);
    told(tenant);
  };
  const make = (tenant: StoredTenant) => {
    const personal = saidAt(tenant.personal, Date.now());
    made.set(tenant.id, tenantOf({ ...tenant, personal, installation: installation.document }));
    said.set(tenant.id, JSON.stringify(personal));
    office = undefined;
    keep(tenant);
  };
  const isSaid = (id: TenantId, personal: Personals) => said.get(id) === JSON.stringify(saidAt(personal, Date.now()));
  return {
    get current() {
      office ??= officeOf({ tenants: [...made.values()], defaultTenant: defaultOf(stored.values()), sipAuth });
      return office;
    },
    get installation() {
      return installation;
    },
    get ids() {
      return [...stored.keys()];
    },
    tenant: (id) => stored.get(id),
    usualPresence: (id, extension) => stored.get(id)?.document.extensions[extension]?.presence ?? 'available',
    others: (id) =>
      new Map([...stored].filter(([other]) => other !== id).map(([other, { document }]) => [other, document])),
    put: make,
    putPersonal: (id, personal) => {
      const tenant = stored.get(id);
      if (!tenant) return;
      if (isSaid(id, personal)) keep({ ...tenant, personal });
      else make({ ...tenant, personal });
    },
    isSaid,
    putInstallation: (changed) => {
      installation = changed;
      for (const tenant of stored.values()) if (tenant.document.brand !== undefined) make(tenant);
    },
    remove: (id) => {
      stored.delete(id);
      made.delete(id);
      said.delete(id);
      office = undefined;
    },
    onPut: (listener) => {
      told = listener;
    },
  };
};

/** Of several that say that they are the default, the first by name. */
const defaultOf = (tenants: Iterable<StoredTenant>): TenantId | undefined =>
  [...tenants]
    .filter(({ document }) => document.default)
    .map(({ id }) => id)
    .sort()[0];
