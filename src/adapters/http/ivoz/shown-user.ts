import type { TenantDocument } from '../../../domain/tenant-document.js';
import { groupsOf, usersIn } from './groups.js';
import type { People, Person } from './people.js';

/** A user as IvozProvider's lists show one, with those of its fields that this service knows. */
export const shownUser = ({ id, name, extensions }: Person) => {
  const [first = '', ...rest] = name.split(' ');
  const [number] = extensions;
  return {
    name: first,
    lastname: rest.join(' '),
    active: true,
    id,
    extension: number !== undefined && /^[1-9]\d{0,8}$/.test(number) ? Number(number) : null,
    extensions: [...extensions],
  };
};

/** A user by itself: with the pickup groups, which can be changed from this side too. */
export const shownUserWithGroups = (person: Person, document: TenantDocument, people: People) => ({
  ...shownUser(person),
  pickupGroupIds: groupsOf(document)
    .filter((group) => usersIn(group, people).some(({ id }) => id === person.id))
    .map(({ id }) => id),
});
