import type { TenantId } from '../../domain/names.js';
import type { Office } from '../../domain/office.js';
import { officeOf, tenantOf } from '../../domain/tenant.js';
import type { Fault, OfficeDocument } from '../../domain/tenant-document.js';
import { faultsOfOffice } from '../../domain/tenant-faults.js';
import { withIds } from './given-ids.js';
import { withMembersByNumber } from './members-by-id.js';
import { officeShape } from './office-schema.js';
import { withPastedGroups } from './pasted-groups.js';
import { shapeFaults } from './shape-faults.js';

/** A faultless document, or everything that is wrong with it. */
export const readOfficeDocument = (
  value: unknown,
): { ok: true; document: OfficeDocument } | { ok: false; faults: Fault[] } => {
  const { office, faults } = withPastedGroups(value);
  if (!officeShape.Check(office)) return { ok: false, faults: [...faults, ...shapeFaults(officeShape, office)] };
  const document = withMembersByNumber(office);
  const all = [...faults, ...faultsOfOffice(document)];
  return all.length > 0 ? { ok: false, faults: all } : { ok: true, document };
};

/** The office of a faultless document, as it is before anything was changed. */
export const officeOfDocument = (document: OfficeDocument): Office => {
  const ids = Object.keys(document.tenants) as TenantId[];
  const tenants = ids.flatMap((id) => {
    const written = document.tenants[id];
    if (!written) return [];
    return [tenantOf({ id, version: 1, document: withIds(id, written), personal: {}, installation: document })];
  });
  const defaultTenant = ids.find((id) => document.tenants[id]?.default);
  return officeOf({ tenants, defaultTenant, sipAuth: document.sipAuth });
};
