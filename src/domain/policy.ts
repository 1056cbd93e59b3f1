import type { GroupId } from './group.js';
import type { Extension } from './names.js';
import type { Tenant } from './office.js';
import type { Refusal } from './outcome.js';
import { colleaguesOf, directPickup, pickupGroups } from './rules/pickup-groups.js';
import type { Ask, Grant, Rule } from './rules/rule.js';

const rules: readonly Rule[] = [pickupGroups, directPickup];

/** The answer to one question of the policy. */
export type Decision = { ok: true; grant: Grant } | { ok: false; refusal: Refusal };

/** Asks the models in order; the first grant wins, silence of all refuses. The one policy of every path (DESIGN 3.4). */
export const decide = (ask: Ask): Decision => {
  for (const rule of rules) {
    const grant = rule(ask);
    if (grant) return { ok: true, grant };
  }
  return { ok: false, refusal: 'not-allowed' };
};

/** What a picker asks for: the call of one extension, or a call that rings in the own groups, or in one group. */
export type PickupTarget = { by: 'number'; extension: Extension } | { by: 'group'; group?: GroupId };

/** The extensions whose ringing calls this picker may have now, or why there are none. */
export type Reach = { ok: true; extensions: readonly Extension[] } | { ok: false; refusal: Refusal };

/** Whose ringing calls a picker may take by this request. */
export const reachOf = (tenant: Tenant, picker: Extension, target: PickupTarget): Reach =>
  target.by === 'number' ? reachByNumber(tenant, picker, target.extension) : reachByGroup(tenant, picker);

const reachByNumber = (tenant: Tenant, picker: Extension, extension: Extension): Reach => {
  if (!tenant.extensions.has(extension)) return { ok: false, refusal: 'unknown-extension' };
  const target = { kind: 'extension', number: extension } as const;
  const decision = decide({ tenant, picker, act: 'pickup', target, by: 'number' });
  return decision.ok ? { ok: true, extensions: [extension] } : decision;
};

const reachByGroup = (tenant: Tenant, picker: Extension): Reach => {
  const granted = colleaguesOf(tenant, picker);
  return granted.length > 0 ? { ok: true, extensions: granted } : { ok: false, refusal: 'no-group' };
};
