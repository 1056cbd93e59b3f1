import type { Extension, TenantId } from '../../domain/names.js';
import type { ExtensionEntry, Tenant } from '../../domain/office.js';
import { defaultServiceCodes, type ServiceCodes } from '../../domain/service-code.js';
import type { OfficeDocument, TenantDocument } from './office-schema.js';

/** Seconds a call rings where the tenant does not say. */
const defaultRingSeconds = 60;

/** The service codes of a tenant: its own over its brand's over the defaults, service by service. */
export const codesOf = (tenant: TenantDocument, office: OfficeDocument): ServiceCodes => ({
  ...defaultServiceCodes,
  ...(tenant.brand !== undefined ? office.brands?.[tenant.brand]?.codes : undefined),
  ...tenant.codes,
});

/** One tenant of a document that was found without fault. */
export const tenantOf = (id: string, tenant: TenantDocument, office: OfficeDocument): Tenant => ({
  id: id as TenantId,
  domains: (tenant.domains ?? []).map((domain) => domain.toLowerCase()),
  extensions: new Map(Object.entries(tenant.extensions).map(([number, entry]) => entryOf(number as Extension, entry))),
  codes: codesOf(tenant, office),
  pickupGroups: Object.entries(tenant.pickupGroups ?? {}).map(([name, members]) => ({
    name,
    members: members as Extension[],
  })),
  ringSeconds: tenant.ringSeconds ?? defaultRingSeconds,
  ...(tenant.trunk !== undefined && { trunk: tenant.trunk }),
});

const entryOf = (
  number: Extension,
  { name = number, password }: TenantDocument['extensions'][string],
): [Extension, ExtensionEntry] => [number, { number, name, ...(password !== undefined && { password }) }];
