import type { FastifyRequest } from 'fastify';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import { no } from '../change.js';
import { mismatch } from '../etag.js';
import { badField, badRequest, type Problem, problemOf } from '../problem.js';
import { groupsOf, membersFor, usersIn, withGroups } from './groups.js';
import { type People, type Person, peopleOf } from './people.js';
import { shownUserWithGroups } from './shown-user.js';

/** The problem of an id that no user has. */
export const noUser = problemOf(404, 'there is no such user');

/** The document in which a user is in the pickup groups that the body names, and in no other. */
export const regrouped = (
  request: FastifyRequest,
  document: TenantDocument,
  id: number,
): Edited<TenantDocument, Problem> => {
  const people = peopleOf(document);
  const person = people.of(id);
  if (!person) return no(noUser);
  const shown = shownUserWithGroups(person, document, people);
  const { pickupGroupIds: wanted, ...others } = request.body as typeof shown;
  if (wanted.length > 0 && person.extensions.length === 0)
    return no(badField('pickupGroupIds', 'the user has no extension'));
  const problem = mismatch(request, document, shown) ?? changedField(others, shown) ?? unknownGroup(document, wanted);
  return problem ? no(problem) : { ok: true, document: withMembership(document, { person, people, wanted }) };
};

const changedField = (others: object, shown: object): Problem | undefined => {
  const now = shown as Record<string, unknown>;
  const changed = Object.entries(others).find(([name, value]) => JSON.stringify(value) !== JSON.stringify(now[name]));
  return changed && badField(changed[0], 'cannot be changed here');
};

const unknownGroup = (document: TenantDocument, wanted: readonly number[]): Problem | undefined => {
  const known = new Set(groupsOf(document).map(({ id }) => id));
  const faults = wanted.flatMap((id, index) =>
    known.has(id) ? [] : [{ field: `pickupGroupIds.${index}`, reason: 'there is no such pickup group' }],
  );
  return faults.length > 0 ? badRequest(faults) : undefined;
};

/** The document in which a person is in these groups and in no other. */
const withMembership = (
  document: TenantDocument,
  { person, people, wanted }: { person: Person; people: People; wanted: readonly number[] },
): TenantDocument =>
  withGroups(
    document,
    groupsOf(document).map((group) => {
      const others = usersIn(group, people).filter((each) => each !== person);
      const users = wanted.includes(group.id) ? [...others, person] : others;
      return { ...group, members: membersFor(group, users, people) };
    }),
  );
