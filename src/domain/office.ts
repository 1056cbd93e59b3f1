import type { Extension, TenantId } from './names.js';
import type { ServiceCodes } from './service-code.js';

/** A number that rings on phones, and whose it is. */
export interface ExtensionEntry {
  readonly number: Extension;
  /** The name that other phones show. */
  readonly name: string;
  /** What the phone proves its identity with, where the service checks digest itself. */
  readonly password?: string;
}

/** Pickup groups (IvozProvider): a name and its members. */
export interface PickupGroup {
  readonly name: string;
  readonly members: readonly Extension[];
}

/** One company: its numbers, its codes, its rules. */
export interface Tenant {
  readonly id: TenantId;
  readonly domains: readonly string[];
  readonly extensions: ReadonlyMap<Extension, ExtensionEntry>;
  readonly codes: ServiceCodes;
  readonly pickupGroups: readonly PickupGroup[];
  /** Seconds a call may ring before the caller hears that nobody answered. */
  readonly ringSeconds: number;
  /** Where numbers go that no extension has: a SIP URI without a user part; undefined answers 404. */
  readonly trunk?: string;
}

/** All tenants of one installation. */
export interface Office {
  readonly tenants: ReadonlyMap<TenantId, Tenant>;
  readonly defaultTenant: Tenant | undefined;
  /** What the office says of authentication; undefined leaves it to the environment. */
  readonly sipAuth?: 'digest' | 'none';
}

/** The tenant that a SIP domain belongs to; hosts are compared without regard to case (RFC 3261 section 19.1.4). */
export const tenantOfDomain = (office: Office, host: string): Tenant | undefined => {
  const wanted = host.toLowerCase();
  for (const tenant of office.tenants.values()) {
    if (tenant.domains.includes(wanted)) return tenant;
  }
  return undefined;
};

/** The SIP domain that stands in identities which the service asserts for this tenant. */
export const domainOf = (tenant: Tenant): string => tenant.domains[0] ?? `${tenant.id}.invalid`;
