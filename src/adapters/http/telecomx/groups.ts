import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type GroupId, readGroupId } from '../../../domain/group.js';
import type { Tenant } from '../../../domain/office.js';
import { tenantOf } from '../../../domain/tenant.js';
import type { GroupDocument, TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import type { Api } from '../api.js';
import { changeCompany, no } from '../change.js';
import { mismatch } from '../etag.js';
import { badField, type Problem, problemOf } from '../problem.js';
import type { Place } from './find-group.js';
import { changedGroup, disagreement } from './group-body.js';
import { type Expansion, groupJson } from './group-json.js';
import type { GroupBody } from './shapes.js';

type Ports = Pick<Api, 'offices'>;
type Result = Edited<TenantDocument, Problem>;

const gone = problemOf(404, 'there is no such group');

/** Makes a group of what the body says; a name is all that it needs. One that comes from elsewhere keeps its id. */
export const createGroup = async (
  api: Ports,
  { tenant, request, body }: { tenant: Tenant; request: FastifyRequest; body: GroupBody & { name: string } },
): Promise<Place> => {
  const id = readGroupId(body._id ?? '') ?? (randomBytes(12).toString('hex') as GroupId);
  const edit = (document: TenantDocument): Result => {
    const { [id]: owner } = document.groups ?? {};
    const taken = owner && badField('_id', `is the id of the group "${owner.name}" already`);
    const problem = taken ?? disagreement(body, { customer: tenant.customer, id });
    return problem
      ? no(problem)
      : withGroup(document, id, changedGroup({ document, id, group: { name: body.name } }, body));
  };
  return placeOf(await changeCompany(api, tenant, { request, edit, fieldOf: fieldOf(id) }), id);
};

/** Changes those fields of a group that the body names. */
export const changeGroup = async (
  api: Ports,
  { tenant, group: { id } }: Place,
  { request, body }: { request: FastifyRequest; body: GroupBody },
): Promise<Place> => {
  const edit = (document: TenantDocument): Result => {
    const before = document.groups?.[id];
    if (!before) return no(gone);
    const problem =
      disagreement(body, { customer: tenant.customer, id }) ?? staleness(api, { request, tenant, document }, id);
    return problem ? no(problem) : withGroup(document, id, changedGroup({ document, id, group: before }, body));
  };
  return placeOf(await changeCompany(api, tenant, { request, edit, fieldOf: fieldOf(id) }), id);
};

/** Takes a group away, unless calls of another group go on to it, or it is a member of another. */
export const deleteGroup = async (
  api: Ports,
  { tenant, group: { id } }: Place,
  request: FastifyRequest,
): Promise<void> => {
  const edit = (document: TenantDocument): Result => {
    const { [id]: deleted, ...groups } = document.groups ?? {};
    if (!deleted) return no(gone);
    const pointing = Object.values(groups).find(({ timeoutGoto }) => timeoutGoto === id);
    if (pointing)
      return no(badField('groupId', `cannot be deleted: the timeoutGoto of "${pointing.name}" points to it`));
    const holding = Object.values(groups).find(({ members }) => members?.includes(id));
    if (holding) return no(badField('groupId', `cannot be deleted: it is a member of "${holding.name}"`));
    const problem = staleness(api, { request, tenant, document }, id);
    return problem ? no(problem) : { ok: true, document: { ...document, groups } };
  };
  await changeCompany(api, tenant, { request, edit, fieldOf: fieldOf(id) });
};

/** Where a mistake is, in the words of the body: `members.3`. What is wrong with the group as a whole is its id. */
export const fieldOf =
  (id: string) =>
  (path: readonly string[]): string =>
    path.slice(path.indexOf(id) + 1).join('.') || '_id';

const withGroup = (document: TenantDocument, id: GroupId, edited: Edited<GroupDocument, Problem>): Result => {
  if (!edited.ok) return edited;
  const { [id]: _before, ...others } = document.groups ?? {};
  const { number } = edited.document;
  const namesake = Object.values(others).find((other) => number !== undefined && other.number === number);
  // The documents' own check finds it too, but may lay it at the other group's door.
  if (namesake) return no(badField('number', `is the number of the group "${namesake.name}" already`));
  return { ok: true, document: { ...document, groups: { ...document.groups, [id]: edited.document } } };
};

const placeOf = (tenant: Tenant, id: GroupId): Place => {
  const group = tenant.groups.get(id);
  // Deleted again by somebody else before we could show it.
  if (!group) throw Object.assign(new Error(gone.message), { problem: gone });
  return { tenant, group };
};

interface Write {
  readonly request: FastifyRequest;
  readonly tenant: Tenant;
  readonly document: TenantDocument;
}

const expansions: readonly Expansion[] = [
  {},
  { expandExtension: true },
  { expandGoto: true },
  { expandExtension: true, expandGoto: true },
];

/** A writer may have seen the group in any of its expansions: each is as good for If-Match. */
const staleness = ({ offices }: Ports, { request, tenant, document }: Write, id: GroupId): Problem | undefined => {
  if (request.headers['if-match'] === undefined) return mismatch(request, tenant, undefined);
  const { version } = tenant;
  const now = tenantOf({ id: tenant.id, version, document, personal: {}, installation: offices.installation() });
  const group = now.groups.get(id);
  const problems = expansions.map((each) => mismatch(request, tenant, group && groupJson(now, group, each)));
  return problems.includes(undefined) ? undefined : problems[0];
};
