import type { Extension } from '../domain/names.js';
import { domainOf, type Tenant } from '../domain/office.js';
import type { Party } from './ports.js';

/** An extension as the other party is shown it: by the name that the office gives it, never by what the phone says. */
export const extensionParty = (tenant: Tenant, number: Extension, isPrivate: boolean): Party => ({
  name: tenant.extensions.get(number)?.name ?? '',
  number,
  domain: domainOf(tenant),
  private: isPrivate,
});
