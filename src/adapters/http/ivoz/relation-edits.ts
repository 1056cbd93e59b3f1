import type { FastifyRequest } from 'fastify';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import { no } from '../change.js';
import { mismatch } from '../etag.js';
import { badField, type Problem, problemOf } from '../problem.js';
import { groupsOf, membersFor, type Relation, relationsOf, usersIn, withGroups } from './groups.js';
import { peopleOf } from './people.js';
import { shownUser } from './shown-user.js';

/** The problem of an id that no relation has. */
export const noRelation = problemOf(404, 'there is no such user in a pickup group');

/** A relation as IvozProvider shows it. */
export const shownRelation = ({ id, group, person }: Relation) => ({
  id,
  pickUpGroup: { name: group.name, id: group.id },
  user: shownUser(person),
});

/** The document in which a user is in one more group. */
export const joined = (document: TenantDocument, groupId: number, userId: number): Edited<TenantDocument, Problem> => {
  const people = peopleOf(document);
  const groups = groupsOf(document);
  const group = groups.find(({ id }) => id === groupId);
  const person = people.of(userId);
  if (!group) return no(badField('pickUpGroup', 'there is no such pickup group'));
  if (!person) return no(badField('user', 'there is no such user'));
  const users = usersIn(group, people);
  if (users.includes(person)) return no(badField('user', 'is in this pickup group already'));
  if (person.extensions.length === 0) return no(badField('user', 'has no extension'));
  const members = membersFor(group, [...users, person], people);
  return {
    ok: true,
    document: withGroups(
      document,
      groups.map((each) => (each === group ? { ...group, members } : each)),
    ),
  };
};

/** The document in which a user is in one group less. */
export const parted = (
  request: FastifyRequest,
  document: TenantDocument,
  id: number,
): Edited<TenantDocument, Problem> => {
  const people = peopleOf(document);
  const relation = relationsOf(document, people).find((each) => each.id === id);
  if (!relation) return no(noRelation);
  const stale = mismatch(request, document, shownRelation(relation));
  if (stale) return no(stale);
  const groups = groupsOf(document).map((group) => {
    if (group.id !== relation.group.id) return group;
    return { ...group, members: group.members.filter((member) => people.owner(member) !== relation.person) };
  });
  return { ok: true, document: withGroups(document, groups) };
};
