import type { TLocalizedValidationError } from 'typebox/error';
import type { TenantId } from '../../domain/names.js';
import type { Office, Tenant } from '../../domain/office.js';
import { tenantOf } from '../../domain/tenant.js';
import { faultOfOffice } from './office-faults.js';
import { type Fault, officeShape } from './office-schema.js';

/** Makes an office of a document, or says everything that is wrong with it. */
export const readOffice = (value: unknown): { ok: true; office: Office } | { ok: false; faults: Fault[] } => {
  if (!officeShape.Check(value)) return { ok: false, faults: shapeFaults(value) };
  const faults = faultOfOffice(value);
  if (faults.length > 0) return { ok: false, faults };

  const tenants = Object.entries(value.tenants).map(([id, tenant]) =>
    tenantOf({ id: id as TenantId, version: 1, document: tenant, personal: {}, installation: value }),
  );
  const isDefault = (tenant: Tenant) => value.tenants[tenant.id]?.default === true;
  return {
    ok: true,
    office: {
      tenants: new Map(tenants.map((tenant) => [tenant.id, tenant])),
      defaultTenant: tenants.find(isDefault),
      ...(value.sipAuth && { sipAuth: value.sipAuth }),
    },
  };
};

const shapeFaults = (value: unknown): Fault[] =>
  officeShape
    .Errors(value)
    // Says once more, and of the object, what each field that is not known says of itself.
    .filter(({ keyword }) => keyword !== 'additionalProperties')
    .map((error) => ({ path: error.instancePath.split('/').slice(1).map(unescaped), why: whyOf(error) }));

const whyOf = (error: TLocalizedValidationError): string => {
  if (error.keyword === 'boolean') return 'is not known';
  return error.keyword === 'enum' ? `must be one of ${error.params.allowedValues.join(', ')}` : error.message;
};

/** A JSON pointer's escapes (RFC 6901 section 4). */
const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
