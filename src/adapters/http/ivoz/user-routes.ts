import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import type { Routes } from '../api.js';
import { changeCompany, no } from '../change.js';
import { mismatch, sendTagged, tag } from '../etag.js';
import { badField, badRequest, type Problem, problemOf, refuse } from '../problem.js';
import { closed, nullable } from '../schema.js';
import { groupsOf, membersFor, usersIn, withGroups } from './groups.js';
import { page, pageQuery } from './pages.js';
import { type People, type Person, peopleOf } from './people.js';
import { idSchema, officeOf, pathOf, type Scope } from './scope.js';
import { shownUser, shownUserWithGroups } from './shown-user.js';
import { seesPerson } from './visible.js';

const pickupGroupIds = Type.Array(idSchema, { maxItems: 1_000 });

const fields = {
  name: Type.String(),
  lastname: Type.String(),
  active: Type.Boolean(),
  id: idSchema,
  extension: nullable(Type.Integer({ description: 'the first extension, where that is a number' })),
  extensions: Type.Array(Type.String(), { description: 'all extensions; ours' }),
};

const optional = Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, Type.Optional(schema)])) as {
  [Name in keyof typeof fields]: Type.TOptional<(typeof fields)[Name]>;
};

/** What a GET has shown may be sent back; only the groups may differ. */
const changedUser = closed({ ...optional, pickupGroupIds });
const detailed = closed({ ...fields, pickupGroupIds });

const noUser = problemOf(404, 'there is no such user');

/** Users, and the pickup groups of each. */
export const addUserRoutes = (app: Routes, scope: Scope): void => {
  const { base } = scope;
  const one = pathOf(scope, { id: idSchema });

  app.get(
    `${base}/users`,
    {
      schema: {
        params: pathOf(scope, {}),
        querystring: pageQuery,
        summary: 'The users',
        response: { 200: Type.Array(closed(fields)) },
      },
    },
    async (request, reply) => {
      const { document } = officeOf(scope, request, request.params.company);
      const seen = visiblePeople(request, document);
      return sendTagged(request, reply, page(request, reply, seen.map(shownUser)));
    },
  );

  app.get(
    `${base}/users/:id`,
    { schema: { params: one, summary: 'One user, with the pickup groups', response: { 200: detailed } } },
    async (request, reply) => {
      const { document } = officeOf(scope, request, request.params.company);
      const person = visiblePeople(request, document).find(({ id }) => id === request.params.id);
      if (!person) throw refuse(404, noUser.message);
      return sendTagged(request, reply, shownUserWithGroups(person, document, peopleOf(document)));
    },
  );

  app.put(
    `${base}/users/:id`,
    {
      config: { right: 'change-groups' },
      schema: {
        params: one,
        body: changedUser,
        summary: "Changes a user's pickup groups",
        response: { 200: detailed },
      },
    },
    async (request, reply) => {
      const { company, id } = request.params;
      const { tenant } = officeOf(scope, request, company);
      await changeCompany(scope.api, tenant, { request, edit: (document) => regrouped(request, document, id) });
      const { document } = officeOf(scope, request, company);
      const people = peopleOf(document);
      const person = people.of(id);
      if (!person) throw refuse(404, noUser.message);
      const shown = shownUserWithGroups(person, document, people);
      tag(reply, shown);
      return shown;
    },
  );
};

const visiblePeople = ({ token }: FastifyRequest, document: TenantDocument): Person[] => {
  const people = peopleOf(document);
  const groups = groupsOf(document);
  return people.all.filter((person) => seesPerson(token, person, { groups, people }));
};

const regrouped = (request: FastifyRequest, document: TenantDocument, id: number): Edited<TenantDocument, Problem> => {
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
