import type { GroupId } from './group.js';
import type { Extension } from './names.js';
import type { Tenant } from './office.js';
import type { Refusal } from './outcome.js';
import { placeOf } from './ring-place.js';
import { keptAway } from './rules/callee.js';
import { grantOf } from './rules/grant.js';
import { rosterOf } from './rules/groups.js';
import { isOwn } from './rules/own.js';
import { hasOthers, type Reach, takeable, takeableInTurns, throughControlled } from './rules/reach.js';
import type { Ask, Grant } from './rules/rule.js';

/** What `reachOf` answers. */
export type { Reach };

/** The answer to one question of the policy. */
export type Decision = { ok: true; grant: Grant } | { ok: false; refusal: Refusal };

/**
 * The one policy of every path (DESIGN 3.4). An ask is granted if one model grants it and the callee does not keep it
 * away (docs/decisions/0007). Refusals: `unknown-extension`, `unknown-group`, `opted-out`, `private-call`, `no-group`
 * (pickup without a number by somebody who is in no group with others), else `not-allowed`.
 */
export const decide = (ask: Ask): Decision => {
  const refusal = unknown(ask) ?? keptAwayBy(ask);
  if (refusal) return { ok: false, refusal };
  const grant = grantOf(ask);
  if (!grant) return { ok: false, refusal: refusalOfSilence(ask) };
  return onWholeGroup(ask, grant);
};

/** Another company's extension is as unknown as one that nobody has. */
const unknown = ({ tenant, picker, target }: Ask): Refusal | undefined => {
  if (!tenant.extensions.has(picker)) return 'unknown-extension';
  if (target.kind === 'group') return tenant.groups.has(target.id) ? undefined : 'unknown-group';
  return tenant.extensions.has(target.number) ? undefined : 'unknown-extension';
};

const keptAwayBy = (ask: Ask): Refusal | undefined => {
  if (ask.target.kind === 'group' || isOwn(ask)) return undefined;
  const callee = ask.tenant.extensions.get(ask.target.number);
  return callee && keptAway(callee, ask.act);
};

const refusalOfSilence = ({ tenant, picker, act, target, by }: Ask): Refusal => {
  if (act !== 'pickup' || by !== 'group' || target.kind === 'group') return 'not-allowed';
  return hasOthers(tenant, picker) ? 'not-allowed' : 'no-group';
};

/** Who may take the calls of a group may do so as long as somebody in it lets him: an empty group matches nobody. */
const onWholeGroup = ({ tenant, picker, act, target }: Ask, grant: Grant): Decision => {
  if (act !== 'pickup' || target.kind !== 'group') return { ok: true, grant };
  const reach = takeable(tenant, picker, [rosterOf(tenant, target.id)]);
  return reach.ok ? { ok: true, grant } : reach;
};

/** What a picker asks for: the call of one extension, or a call that rings in the own groups, or in one group. */
export type PickupTarget = { by: 'number'; extension: Extension } | { by: 'group'; group?: GroupId };

/** Whose ringing calls a picker may take by this request; refused as `decide` refuses. */
export const reachOf = (tenant: Tenant, picker: Extension, target: PickupTarget): Reach => {
  const reach = reachIn(tenant, picker, target);
  return reach.ok && tenant.selection === 'newest' ? { ...reach, newest: true } : reach;
};

/** Where one call rings. */
interface RingingCall {
  readonly target: Extension;
  readonly ringsAt?: readonly Extension[];
  readonly groups?: readonly GroupId[];
}

/** By which of the places where this call rings a picker may take it, or why by none; `no-call` where it rings nowhere. */
export const reachOfCall = (
  tenant: Tenant,
  picker: Extension,
  { target, ringsAt = [target], groups = [] }: RingingCall,
): Reach => {
  const asked = [
    ...ringsAt.map((number) => ({ place: number, target: { kind: 'extension', number } as const })),
    ...groups.map((id) => ({ place: placeOf(id), target: { kind: 'group', id } as const })),
  ].map((each) => ({
    ...each,
    decision: decide({ tenant, picker, act: 'pickup', target: each.target, by: 'number' }),
  }));
  const extensions = asked.flatMap(({ place, decision }) => (decision.ok ? [place] : []));
  if (extensions.length > 0) return { ok: true, extensions };
  const refusals = asked.flatMap(({ decision }) => (decision.ok ? [] : [decision.refusal]));
  return { ok: false, refusal: refusals[0] ?? 'no-call' };
};

const reachIn = (tenant: Tenant, picker: Extension, target: PickupTarget): Reach => {
  if (target.by === 'number') return reachByNumber(tenant, picker, target.extension);
  if (target.group !== undefined) return reachInGroup(tenant, picker, target.group);
  if (!tenant.extensions.has(picker)) return { ok: false, refusal: 'unknown-extension' };
  return takeableInTurns(tenant, picker);
};

const reachByNumber = (tenant: Tenant, picker: Extension, extension: Extension): Reach => {
  const target = { kind: 'extension', number: extension } as const;
  const decision = decide({ tenant, picker, act: 'pickup', target, by: 'number' });
  if (decision.ok) return { ok: true, extensions: [extension] };
  const through = decision.refusal === 'not-allowed' ? throughControlled(tenant, picker, extension) : undefined;
  return through ?? decision;
};

const reachInGroup = (tenant: Tenant, picker: Extension, id: GroupId): Reach => {
  const decision = decide({ tenant, picker, act: 'pickup', target: { kind: 'group', id }, by: 'group' });
  return decision.ok ? takeable(tenant, picker, [rosterOf(tenant, id)]) : decision;
};
