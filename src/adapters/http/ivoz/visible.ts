import type { Token } from '../../../domain/token.js';
import type { Group } from './groups.js';
import type { People, Person } from './people.js';

/** A PERSONAL token sees the groups that its extension is in; the others see all of the company. */
export const seesGroup = ({ role, extension }: Token, { members }: Group): boolean =>
  role !== 'PERSONAL' || (extension !== undefined && members.includes(extension));

/** A PERSONAL token sees its own user, and those it shares a group with. */
export const seesPerson = (
  token: Token,
  person: Person,
  { groups, people }: { groups: readonly Group[]; people: People },
): boolean => {
  if (token.role !== 'PERSONAL') return true;
  const isOwn = token.extension !== undefined && person.extensions.includes(token.extension);
  const shares = (group: Group) =>
    seesGroup(token, group) && group.members.some((member) => people.owner(member) === person);
  return isOwn || groups.some(shares);
};
