import type { FastifyRequest } from 'fastify';
import type { Extension } from '../../../domain/names.js';
import { type Decision, decide } from '../../../domain/policy.js';
import type { Act, Target } from '../../../domain/rules/rule.js';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import { mayDo } from '../../../domain/token.js';
import type { Api } from '../api.js';
import { changeCompany, no } from '../change.js';
import { badField, problemOf, thrown } from '../problem.js';
import { actsAs, type Place } from './find-group.js';
import { fieldOf } from './groups.js';
import { problemOfRefusal } from './refusals.js';

/**
 * Throws unless the request's token may do the act. Who acts for an extension (PERSONAL) may do what the policy grants
 * that extension; MANAGER and above could make themselves controllers, so they may without.
 */
export const demandAct = (
  { token }: FastifyRequest,
  { tenant }: Place,
  { act, target }: { act: Act; target: Target },
): void => {
  if (mayDo(token.role, 'change-groups')) return;
  const picker = actsAs(token);
  const decision: Decision = picker
    ? decide({ tenant, picker, act, target, by: 'number' })
    : { ok: false, refusal: 'not-allowed' };
  if (!decision.ok) throw thrown(problemOfRefusal(decision.refusal));
};

/** An extension as the target of an act. */
export const onExtension = (number: Extension): Target => ({ kind: 'extension', number });

/**
 * Throws unless the token may change who is a member of the group. A controller may add and remove by the flag of the
 * very group; into a group that he does not control he may bring whom he controls elsewhere ("any member to any group").
 * So nobody gains power over a stranger by making him a member, unless the group itself was made for that.
 */
export const demandMembership = (request: FastifyRequest, place: Place, member: Extension): void => {
  const { id, controllers } = place.group;
  const picker = actsAs(request.token);
  const controls = picker !== undefined && controllers.includes(picker);
  const target: Target = controls ? { kind: 'group', id } : onExtension(member);
  demandAct(request, place, { act: 'queue-member', target });
};

/** Makes an extension a member of a group, or no member: other changes to the group meanwhile are not lost. */
export const setMembership = async (
  api: Pick<Api, 'offices'>,
  { tenant, group: { id, listed } }: Place,
  { request, member, isMember }: { request: FastifyRequest; member: Extension; isMember: boolean },
): Promise<void> => {
  if (!isMember && !listed.includes(member)) {
    throw thrown(badField('extensionId', 'is a member by a group that is in this one'));
  }
  const edit = (document: TenantDocument) => {
    const group = document.groups?.[id];
    if (!group) return no(problemOf(404, 'there is no such group'));
    const others = (group.members ?? []).filter((number) => number !== member);
    const had = others.length < (group.members ?? []).length;
    if (had === isMember) return { ok: true as const, document };
    const members = isMember ? [...others, member] : others;
    return {
      ok: true as const,
      document: { ...document, groups: { ...document.groups, [id]: { ...group, members } } },
    };
  };
  await changeCompany(api, tenant, { request, edit, fieldOf: fieldOf(id) });
};
