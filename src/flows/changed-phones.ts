import { acrossChange } from '../domain/changed-phones.js';
import type { Extension, TenantId } from '../domain/names.js';
import type { Office } from '../domain/office.js';

/** Something that is kept by the number that phones register by. */
export type ByNumber<Found> = (tenant: TenantId, number: Extension) => Found;

/** The same by the extension that has these phones at present: it may have changed them with another. */
export const byExtension =
  <Found>(office: () => Office, find: ByNumber<Found>): ByNumber<Found> =>
  (id, extension) => {
    const tenant = office().tenants.get(id);
    return find(id, tenant ? acrossChange(tenant, extension) : extension);
  };
