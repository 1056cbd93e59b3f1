import type { Extension } from './names.js';
import type { Tenant } from './office.js';
import type { Refusal } from './outcome.js';
import { colleaguesOf, directPickup, pickupGroups } from './rules/pickup-groups.js';
import type { Ask, Grant, Rule } from './rules/rule.js';

const rules: readonly Rule[] = [pickupGroups, directPickup];

/** Asks the models in order; the first grant wins, silence of all refuses. The one policy of every path (DESIGN 3.4). */
export const grantFor = (ask: Ask): Grant | undefined => {
  for (const rule of rules) {
    const grant = rule(ask);
    if (grant) return grant;
  }
  return undefined;
};

/** What a picker asks for: the call of one extension, or the call that rings in the picker's own groups. */
export type PickupTarget = { by: 'number'; extension: Extension } | { by: 'group' };

/** The extensions whose ringing calls this picker may have now, or why there are none. */
export type Reach = { ok: true; extensions: readonly Extension[] } | { ok: false; refusal: Refusal };

/** Whose ringing calls a picker may take by this request. */
export const reachOf = (tenant: Tenant, picker: Extension, target: PickupTarget): Reach =>
  target.by === 'number' ? reachByNumber(tenant, picker, target.extension) : reachByGroup(tenant, picker);

const reachByNumber = (tenant: Tenant, picker: Extension, extension: Extension): Reach => {
  if (!tenant.extensions.has(extension)) return { ok: false, refusal: 'unknown-extension' };
  const granted = grantFor({ tenant, picker, act: 'pickup', target: extension, by: 'number' });
  return granted ? { ok: true, extensions: [extension] } : { ok: false, refusal: 'not-allowed' };
};

const reachByGroup = (tenant: Tenant, picker: Extension): Reach => {
  const granted = colleaguesOf(tenant, picker).filter((target) =>
    grantFor({ tenant, picker, act: 'pickup', target, by: 'group' }),
  );
  return granted.length > 0 ? { ok: true, extensions: granted } : { ok: false, refusal: 'no-group' };
};
