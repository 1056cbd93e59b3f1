import type { TenantId } from '../domain/names.js';
import type { Office, Tenant } from '../domain/office.js';
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
  /** The documents of all companies but one. */
  others(id: TenantId): Map<string, TenantDocument>;
  put(tenant: StoredTenant): void;
  putPersonal(id: TenantId, personal: Personals): void;
  putInstallation(installation: StoredInstallation): void;
  remove(id: TenantId): void;
}

/** Opens an empty book. How phones prove who they are is said once and for all: no change of a document touches it. */
export const officeBook = (sipAuth: InstallationDocument['sipAuth']): OfficeBook => {
  const stored = new Map<TenantId, StoredTenant>();
  const made = new Map<TenantId, Tenant>();
  let installation: StoredInstallation = { version: 0, document: {} };
  let office: Office | undefined;

  const make = (tenant: StoredTenant) => {
    stored.set(tenant.id, tenant);
    made.set(tenant.id, tenantOf({ ...tenant, installation: installation.document }));
    office = undefined;
  };
  const assemble = (): Office => {
    const defaults = [...stored.values()].filter(({ document }) => document.default).map(({ id }) => id);
    return officeOf({ tenants: [...made.values()], defaultTenant: defaults.sort()[0], sipAuth });
  };
  return {
    get current() {
      office ??= assemble();
      return office;
    },
    get installation() {
      return installation;
    },
    get ids() {
      return [...stored.keys()];
    },
    tenant: (id) => stored.get(id),
    others: (id) =>
      new Map([...stored].filter(([other]) => other !== id).map(([other, { document }]) => [other, document])),
    put: make,
    putPersonal: (id, personal) => {
      const tenant = stored.get(id);
      if (tenant) make({ ...tenant, personal });
    },
    putInstallation: (changed) => {
      installation = changed;
      for (const tenant of stored.values()) if (tenant.document.brand !== undefined) make(tenant);
    },
    remove: (id) => {
      stored.delete(id);
      made.delete(id);
      office = undefined;
    },
  };
};
