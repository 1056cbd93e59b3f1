import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Routes } from '../api.js';
import { changeCompany } from '../change.js';
import { sendTagged, tag } from '../etag.js';
import { refuse } from '../problem.js';
import { closed, nullable } from '../schema.js';
import { groupsOf } from './groups.js';
import { page, pageQuery } from './pages.js';
import { type Person, peopleOf } from './people.js';
import { idSchema, officeOf, pathOf, type Scope } from './scope.js';
import { shownUser, shownUserWithGroups } from './shown-user.js';
import { noUser, regrouped } from './user-edits.js';
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
