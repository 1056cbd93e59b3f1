import { Type } from 'typebox';
import { mostAssociated } from '../../../domain/pickup-group.js';
import type { Routes } from '../api.js';
import { sendTagged, tag } from '../etag.js';
import { refuse } from '../problem.js';
import { closed, line } from '../schema.js';
import { noGroup, removeGroup, writeGroup } from './group-edits.js';
import { groupsOf, shownGroups } from './groups.js';
import { page, pageQuery } from './pages.js';
import { idSchema, officeOf, pathOf, type Scope } from './scope.js';
import { seesGroup } from './visible.js';

const userIds = Type.Array(idSchema, { maxItems: 1_000 });
const associatedIds = Type.Optional(
  Type.Array(idSchema, {
    maxItems: mostAssociated,
    uniqueItems: true,
    description: 'the groups whose calls members may have where nothing rings in their own, in this order; ours',
  }),
);
const shown = closed({ name: Type.String(), id: idSchema, userIds, associatedIds });
const newGroup = closed({ name: line(80, 1), userIds: Type.Optional(userIds), associatedIds });
const changedGroup = closed({
  name: Type.Optional(line(80, 1)),
  userIds: Type.Optional(userIds),
  associatedIds,
  id: Type.Optional(idSchema),
});

/** Pickup groups, from the group's side. */
export const addGroupRoutes = (app: Routes, scope: Scope): void => {
  addReading(app, scope);
  addWriting(app, scope);
};

const addReading = (app: Routes, scope: Scope): void => {
  const { base } = scope;
  const response = { 200: shown };
  const list = pathOf(scope, {});
  const one = pathOf(scope, { id: idSchema });

  app.get(
    `${base}/pick_up_groups`,
    {
      schema: {
        params: list,
        querystring: pageQuery,
        summary: 'The pickup groups',
        response: { 200: Type.Array(shown) },
      },
    },
    async (request, reply) => {
      const { document } = officeOf(scope, request, request.params.company);
      const visible = groupsOf(document).filter((group) => seesGroup(request.token, group));
      return sendTagged(request, reply, page(request, reply, visible.map(shownGroups(document))));
    },
  );

  app.get(
    `${base}/pick_up_groups/:id`,
    { schema: { params: one, summary: 'One pickup group', response } },
    async (request, reply) => {
      const { document } = officeOf(scope, request, request.params.company);
      const group = groupsOf(document).find(({ id }) => id === request.params.id);
      if (!group || !seesGroup(request.token, group)) throw refuse(404, noGroup.message);
      return sendTagged(request, reply, shownGroups(document)(group));
    },
  );
};

const addWriting = (app: Routes, scope: Scope): void => {
  const { base } = scope;
  const right = 'change-groups' as const;
  const response = { 200: shown };
  const list = pathOf(scope, {});
  const one = pathOf(scope, { id: idSchema });

  app.post(
    `${base}/pick_up_groups`,
    {
      config: { right },
      schema: { params: list, body: newGroup, summary: 'A new pickup group', response: { 201: shown } },
    },
    async (request, reply) => {
      const made = await writeGroup(scope, request, { company: request.params.company, wish: request.body });
      tag(reply, made);
      return reply.code(201).send(made);
    },
  );

  app.put(
    `${base}/pick_up_groups/:id`,
    {
      config: { right },
      schema: { params: one, body: changedGroup, summary: 'Changes what the body names', response },
    },
    async (request, reply) => {
      const { company, id } = request.params;
      const changed = await writeGroup(scope, request, { company, id, wish: request.body });
      tag(reply, changed);
      return changed;
    },
  );

  app.delete(
    `${base}/pick_up_groups/:id`,
    { config: { right }, schema: { params: one, summary: 'Takes a pickup group away' } },
    async (request, reply) => {
      await removeGroup(scope, request, request.params);
      return reply.code(204).send();
    },
  );
};
