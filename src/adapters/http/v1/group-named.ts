import { type GroupId, readGroupId } from '../../../domain/group.js';
import type { Tenant } from '../../../domain/office.js';

/** The group with this id or number; an id that nobody has is returned as it is, undefined if it is neither. */
export const groupNamed = ({ groups }: Tenant, text: string): GroupId | undefined => {
  const id = readGroupId(text);
  if (id !== undefined && groups.has(id)) return id;
  for (const group of groups.values()) if (group.number === text) return group.id;
  return id;
};
