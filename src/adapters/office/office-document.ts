import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Office, Tenant } from '../../domain/office.js';
import { faultOfOffice } from './office-faults.js';
import { tenantOf } from './tenant-document.js';

/** A mistake in an office document: where, and why it is one. */
export interface Fault {
  readonly path: readonly string[];
  readonly why: string;
}

const Codes = Type.Record(Type.String(), Type.Array(Type.String(), { maxItems: 16 }));

const Extension = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 80 })),
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  },
  { additionalProperties: false },
);

const TenantDocument = Type.Object(
  {
    domains: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Za-z0-9.-]{1,253}$' }), { maxItems: 32 })),
    default: Type.Optional(Type.Boolean()),
    brand: Type.Optional(Type.String()),
    ringSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 180 })),
    trunk: Type.Optional(Type.String({ pattern: '^sips?:[A-Za-z0-9.\\-:\\[\\]]+(;transport=(udp|tcp))?$' })),
    codes: Type.Optional(Codes),
    extensions: Type.Record(Type.String(), Extension),
    pickupGroups: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String(), { maxItems: 1000 }))),
  },
  { additionalProperties: false },
);

const OfficeDocument = Type.Object(
  {
    sipAuth: Type.Optional(Type.Enum(['digest', 'none'])),
    brands: Type.Optional(
      Type.Record(Type.String(), Type.Object({ codes: Type.Optional(Codes) }, { additionalProperties: false })),
    ),
    tenants: Type.Record(Type.String(), TenantDocument),
  },
  { additionalProperties: false },
);

/** An office as it is written. */
export type OfficeDocument = Type.Static<typeof OfficeDocument>;

/** One tenant as it is written. */
export type TenantDocument = Type.Static<typeof TenantDocument>;

const shape = Compile(OfficeDocument);

/** Makes an office of a document, or says everything that is wrong with it. */
export const readOffice = (value: unknown): { ok: true; office: Office } | { ok: false; faults: Fault[] } => {
  if (!shape.Check(value)) return { ok: false, faults: shapeFaults(value) };
  const faults = faultOfOffice(value);
  if (faults.length > 0) return { ok: false, faults };

  const tenants = Object.entries(value.tenants).map(([id, tenant]) => tenantOf(id, tenant, value));
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
  shape.Errors(value).map((error) => {
    const path = error.instancePath.split('/').slice(1).map(unescape);
    const extra = 'additionalProperties' in error.params ? error.params.additionalProperties : undefined;
    const field = Array.isArray(extra) && typeof extra[0] === 'string' ? [...path, extra[0]] : path;
    return { path: field, why: field === path ? error.message : 'is not known' };
  });

/** A JSON pointer's escapes (RFC 6901 section 4). */
const unescape = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
