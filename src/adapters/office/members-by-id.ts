import type { GroupDocument, OfficeDocument, TenantDocument } from '../../domain/tenant-document.js';
import { withIds } from './given-ids.js';

/**
 * The office with all extensions that groups (TelecomX) name by id named by number, as documents keep them. An id may be
 * one that its extension has not been given yet; what is no extension's id stays for others to judge.
 */
export const withMembersByNumber = (office: OfficeDocument): OfficeDocument => ({
  ...office,
  tenants: Object.fromEntries(Object.entries(office.tenants).map(([id, tenant]) => [id, inTenant(id, tenant)])),
});

const inTenant = (id: string, tenant: TenantDocument): TenantDocument => {
  const { groups, extensions } = tenant;
  if (!groups || !Object.values(groups).some(namesOthersThan(extensions))) return tenant;
  const numbers = new Map(
    Object.entries(withIds(id, tenant).extensions).map(([number, entry]) => [entry.id ?? '', number]),
  );
  const byNumber = (named: string): string =>
    Object.hasOwn(extensions, named) ? named : (numbers.get(named.toLowerCase()) ?? named);
  const changed = Object.entries(groups).map(([key, group]) => [key, mapNamed(group, byNumber)]);
  return { ...tenant, groups: Object.fromEntries(changed) };
};

const namesOthersThan =
  (extensions: TenantDocument['extensions']) =>
  ({ members = [], controllers = [] }: GroupDocument): boolean =>
    [...members, ...controllers].some((named) => !Object.hasOwn(extensions, named));

const mapNamed = (group: GroupDocument, change: (named: string) => string): GroupDocument => ({
  ...group,
  ...(group.members && { members: group.members.map(change) }),
  ...(group.controllers && { controllers: group.controllers.map(change) }),
});
