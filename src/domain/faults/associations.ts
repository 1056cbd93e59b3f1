import type { Fault, TenantDocument } from '../tenant-document.js';

/** Pickup groups that are associated with themselves, or with one that there is not. */
export const associationFaults = ({ pickupGroups = {} }: TenantDocument): Fault[] =>
  Object.entries(pickupGroups).flatMap(([name, group]) =>
    (Array.isArray(group) ? [] : (group.associated ?? [])).flatMap((other, index) => {
      const unknown = Object.hasOwn(pickupGroups, other) ? undefined : `there is no pickup group "${other}"`;
      const why = other === name ? 'is the group itself' : unknown;
      return why === undefined ? [] : [{ path: ['pickupGroups', name, 'associated', String(index)], why }];
    }),
  );
