import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';

// It stops at eight otherwise, and every mistake is to be told at once.
Settings.Set({ maxErrors: 200 });

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

/** Tells whether a value has the shape of an office, and where it has not. */
export const officeShape = Compile(OfficeDocument);
