import type { FastifyRequest } from 'fastify';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import { changeCompany, no } from '../change.js';
import { mismatch } from '../etag.js';
import { badField, badRequest, type Problem, problemOf, refuse } from '../problem.js';
import { type Group, groupsOf, membersFor, nextId, shownGroups, withGroups } from './groups.js';
import { peopleOf } from './people.js';
import { officeOf, type Scope } from './scope.js';

/** The problem of an id that no group has. */
export const noGroup = problemOf(404, 'there is no such pickup group');

/** What a request says of a group. */
interface Wish {
  readonly name?: string;
  readonly userIds?: readonly number[];
  readonly id?: number;
  /** The groups that it is associated with, in the order in which they are asked. */
  readonly associatedIds?: readonly number[];
}

/** The group of a wish, made or changed; returns what a GET would show. */
export const writeGroup = async (
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
    const stale = before && mismatch(request, document, shownGroups(document)(before));
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
  return shownGroups(document)(group);
};

/** What a wish makes of a group. */
const wished = (
  document: TenantDocument,
  before: Group,
  { name = before.name, userIds, id, associatedIds }: Wish,
): Edited<Group, Problem> => {
  if (id !== undefined && id !== before.id) return no(badField('id', 'cannot be changed'));
  const isTaken = groupsOf(document).some((group) => group.name === name && group.id !== before.id);
  if (isTaken) return no(badField('name', 'is the name of another pickup group'));
  const [members, associated] = [membersOf(document, before, userIds), namesOf(document, before, associatedIds)];
  const faults = [...members.faults, ...associated.faults];
  if (faults.length > 0) return no(badRequest(faults));
  return { ok: true, document: { ...before, name, members: members.all, associated: associated.all } };
};

/** What a list of ids stands for, and which of the ids stand for nothing. */
interface Found {
  readonly all: readonly string[];
  readonly faults: { field: string; reason: string }[];
}

const membersOf = (document: TenantDocument, before: Group, ids: Wish['userIds']): Found => {
  if (!ids) return { all: before.members, faults: [] };
  const people = peopleOf(document);
  const faults = ids.flatMap((each, index) => {
    const person = people.of(each);
    if (person && person.extensions.length > 0) return [];
    return [{ field: `userIds.${index}`, reason: person ? 'has no extension' : 'there is no such user' }];
  });
  const users = ids.flatMap((each) => people.of(each) ?? []);
  return { all: membersFor(before, users, people), faults };
};

const namesOf = (document: TenantDocument, before: Group, ids: Wish['associatedIds']): Found => {
  if (!ids) return { all: before.associated ?? [], faults: [] };
  const names = new Map(groupsOf(document).map(({ id, name }) => [id, name]));
  const faults = ids.flatMap((each, index) => {
    const reason = each === before.id ? 'is the group itself' : 'there is no such pickup group';
    return each !== before.id && names.has(each) ? [] : [{ field: `associatedIds.${index}`, reason }];
  });
  return { all: ids.flatMap((each) => names.get(each) ?? []), faults };
};

/** Takes a group away. */
export const removeGroup = async (
  scope: Scope,
  request: FastifyRequest,
  { company, id }: { company?: string; id: number },
): Promise<void> => {
  const { tenant } = officeOf(scope, request, company);
  const edit = (document: TenantDocument): Edited<TenantDocument, Problem> => {
    const groups = groupsOf(document);
    const group = groups.find((each) => each.id === id);
    if (!group) return no(noGroup);
    const stale = mismatch(request, document, shownGroups(document)(group));
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
