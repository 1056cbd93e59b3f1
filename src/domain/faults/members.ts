import type { Fault, TenantDocument } from '../tenant-document.js';

/**
 * Members and controllers that the company does not have. The numbers of the call control document are not among
 * them: UIS does not check their existence either.
 */
export const memberFaults = (document: TenantDocument): Fault[] => {
  const missing = (numbers: readonly string[] | undefined, path: readonly string[]): Fault[] =>
    (numbers ?? []).flatMap((number, index) =>
      Object.hasOwn(document.extensions, number)
        ? []
        : [{ path: [...path, String(index)], why: `there is no extension "${number}"` }],
    );
  const pickupGroups = Object.entries(document.pickupGroups ?? {}).flatMap(([name, group]) =>
    Array.isArray(group)
      ? missing(group, ['pickupGroups', name])
      : missing(group.members, ['pickupGroups', name, 'members']),
  );
  const groups = Object.entries(document.groups ?? {}).flatMap(([id, { members, controllers }]) => [
    ...missing(members, ['groups', id, 'members']),
    ...missing(controllers, ['groups', id, 'controllers']),
  ]);
  return [...pickupGroups, ...groups];
};
