import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import type { Routes } from '../api.js';
import { changeCompany, no } from '../change.js';
import { mismatch, sendTagged, tag } from '../etag.js';
import { badField, badRequest, type Problem, problemOf, refuse } from '../problem.js';
import { closed, line } from '../schema.js';
import { type Group, groupsOf, membersFor, nextId, shownGroup, withGroups } from './groups.js';
import { page, pageQuery } from './pages.js';
import { peopleOf } from './people.js';
import { idSchema, officeOf, pathOf, type Scope } from './scope.js';
import { seesGroup } from './visible.js';

const userIds = Type.Array(idSchema, { maxItems: 1_000 });
const shown = closed({ name: Type.String(), id: idSchema, userIds });
const newGroup = closed({ name: line(80, 1), userIds: Type.Optional(userIds) });
const changedGroup = closed({
  name: Type.Optional(line(80, 1)),
  userIds: Type.Optional(userIds),
  id: Type.Optional(idSchema),
});

const noGroup = problemOf(404, 'there is no such pickup group');

/** What a request says of a group. */
interface Wish {
  readonly name?: string;
  readonly userIds?: readonly number[];
  readonly id?: number;
}

/** Pickup groups, from the group's side. */
export const addGroupRoutes = (app: Routes, scope: Scope): void => {
  const { base } = scope;
  const right = 'change-groups' as const;
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
      const people = peopleOf(document);
      const visible = groupsOf(document).filter((group) => seesGroup(request.token, group));
      return sendTagged(
        request,
        reply,
        page(
          request,
          reply,
          visible.map((group) => shownGroup(group, people)),
        ),
      );
    },
  );

  app.get(
    `${base}/pick_up_groups/:id`,
    { schema: { params: one, summary: 'One pickup group', response } },
    async (request, reply) => {
      const { document } = officeOf(scope, request, request.params.company);
      const group = groupsOf(document).find(({ id }) => id === request.params.id);
      if (!group || !seesGroup(request.token, group)) throw refuse(404, noGroup.message);
      return sendTagged(request, reply, shownGroup(group, peopleOf(document)));
    },
  );

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

/** The group of a wish, made or changed; returns what a GET would show. */
const writeGroup = async (
  scope: Scope,
  request: FastifyRequest,
  { company, id, wish }: { company: string | undefined; id?: number; wish: Wish },
) => {
  const { tenant } = officeOf(scope, request, company);
  let written = id ?? 0;
  const edit = (document: TenantDocument): Edited<TenantDocument, Problem> => {
    const groups = groupsOf(document);
    const before = groups.find((group) => group.id === id);
    if (id !== undefined && !before) return no(noGroup);
    const stale = before && mismatch(request, document, shownGroup(before, peopleOf(document)));
    if (stale) return no(stale);
    const after = wished(document, before ?? { id: nextId(groups), name: '', members: [] }, wish);
    if (!after.ok) return after;
    written = after.document.id;
    const kept = before
      ? groups.map((group) => (group === before ? after.document : group))
      : [...groups, after.document];
    return { ok: true, document: withGroups(document, kept) };
  };
  await changeCompany(scope.api, tenant, { request, edit, fieldOf: fieldOfGroup });
  const { document } = officeOf(scope, request, company);
  const group = groupsOf(document).find((each) => each.id === written);
  if (!group) throw refuse(404, noGroup.message);
  return shownGroup(group, peopleOf(document));
};

/** What a wish makes of a group. */
const wished = (
  document: TenantDocument,
  before: Group,
  { name = before.name, userIds: ids, id }: Wish,
): Edited<Group, Problem> => {
  if (id !== undefined && id !== before.id) return no(badField('id', 'cannot be changed'));
  const isTaken = groupsOf(document).some((group) => group.name === name && group.id !== before.id);
  if (isTaken) return no(badField('name', 'is the name of another pickup group'));
  if (!ids) return { ok: true, document: { ...before, name } };

  const people = peopleOf(document);
  const faults = ids.flatMap((each, index) => {
    const person = people.of(each);
    if (person && person.extensions.length > 0) return [];
    return [{ field: `userIds.${index}`, reason: person ? 'has no extension' : 'there is no such user' }];
  });
  if (faults.length > 0) return no(badRequest(faults));
  const users = ids.flatMap((each) => people.of(each) ?? []);
  return { ok: true, document: { ...before, name, members: membersFor(before, users, people) } };
};

const removeGroup = async (
  scope: Scope,
  request: FastifyRequest,
  { company, id }: { company?: string; id: number },
): Promise<void> => {
  const { tenant } = officeOf(scope, request, company);
  const edit = (document: TenantDocument): Edited<TenantDocument, Problem> => {
    const groups = groupsOf(document);
    const group = groups.find((each) => each.id === id);
    if (!group) return no(noGroup);
    const stale = mismatch(request, document, shownGroup(group, peopleOf(document)));
    return stale
      ? no(stale)
      : {
          ok: true,
          document: withGroups(
            document,
            groups.filter((each) => each !== group),
          ),
        };
  };
  await changeCompany(scope.api, tenant, { request, edit });
};

/** The documents' own checks speak of members; here those are users. */
const fieldOfGroup = (path: readonly string[]): string => (path.includes('members') ? 'userIds' : 'name');
