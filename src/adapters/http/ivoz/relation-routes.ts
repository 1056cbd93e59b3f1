import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Routes } from '../api.js';
import { changeCompany } from '../change.js';
import { sendTagged, tag } from '../etag.js';
import { refuse } from '../problem.js';
import { closed } from '../schema.js';
import { type Relation, relationsOf } from './groups.js';
import { page, pageQuery } from './pages.js';
import { peopleOf } from './people.js';
import { joined, noRelation, parted, shownRelation } from './relation-edits.js';
import { idSchema, officeOf, pathOf, type Scope } from './scope.js';
import { seesGroup } from './visible.js';

const shown = Type.Object({
  id: idSchema,
  pickUpGroup: closed({ name: Type.String(), id: idSchema }),
  user: Type.Object({ id: idSchema }),
});

/** That a user is in a pickup group: made and taken away, never changed, as in IvozProvider. */
export const addRelationRoutes = (app: Routes, scope: Scope): void => {
  addWriting(app, scope);
  const { base } = scope;
  const list = pathOf(scope, {});
  const one = pathOf(scope, { id: idSchema });

  app.get(
    `${base}/pick_up_rel_users`,
    {
      schema: {
        params: list,
        querystring: pageQuery,
        summary: 'Who is in which group',
        response: { 200: Type.Array(shown) },
      },
    },
    async (request, reply) => {
      const { document } = officeOf(scope, request, request.params.company);
      const seen = visibleRelations(request, document);
      return sendTagged(request, reply, page(request, reply, seen.map(shownRelation)));
    },
  );

  app.get(
    `${base}/pick_up_rel_users/:id`,
    { schema: { params: one, summary: 'One user in one group', response: { 200: shown } } },
    async (request, reply) => {
      const { document } = officeOf(scope, request, request.params.company);
      const relation = visibleRelations(request, document).find(({ id }) => id === request.params.id);
      if (!relation) throw refuse(404, noRelation.message);
      return sendTagged(request, reply, shownRelation(relation));
    },
  );
};

const addWriting = (app: Routes, scope: Scope): void => {
  const { base } = scope;
  const right = 'change-groups' as const;
  const list = pathOf(scope, {});
  const one = pathOf(scope, { id: idSchema });

  app.post(
    `${base}/pick_up_rel_users`,
    {
      config: { right },
      schema: {
        params: list,
        body: closed({ pickUpGroup: idSchema, user: idSchema }),
        summary: 'Puts a user into a group',
        response: { 201: shown },
      },
    },
    async (request, reply) => {
      const { tenant } = officeOf(scope, request, request.params.company);
      const { pickUpGroup, user } = request.body;
      const edit = (document: TenantDocument) => joined(document, pickUpGroup, user);
      await changeCompany(scope.api, tenant, { request, edit, fieldOf: () => 'pickUpGroup' });
      const { document } = officeOf(scope, request, request.params.company);
      const made = relationsOf(document, peopleOf(document)).find(
        ({ group, person }) => group.id === pickUpGroup && person.id === user,
      );
      if (!made) throw refuse(404, noRelation.message);
      const answer = shownRelation(made);
      tag(reply, answer);
      return reply.code(201).send(answer);
    },
  );

  app.delete(
    `${base}/pick_up_rel_users/:id`,
    { config: { right }, schema: { params: one, summary: 'Takes a user out of a group' } },
    async (request, reply) => {
      const { company, id } = request.params;
      const { tenant } = officeOf(scope, request, company);
      await changeCompany(scope.api, tenant, { request, edit: (document) => parted(request, document, id) });
      return reply.code(204).send();
    },
  );
};

const visibleRelations = ({ token }: FastifyRequest, document: TenantDocument): Relation[] =>
  relationsOf(document, peopleOf(document)).filter(({ group }) => seesGroup(token, group));
