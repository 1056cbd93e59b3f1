import type { Extension } from './names.js';
import type { Presence, Tenant } from './office.js';

/** What the people of an extension say of themselves; whoever has no extension here says nothing, and may be called. */
export const presenceOf = ({ extensions }: Tenant, number: Extension): Presence =>
  extensions.get(number)?.presence ?? 'available';

/** Whether an extension is to be left in peace: no call rings at it, whoever calls. */
export const wantsNoCalls = (tenant: Tenant, number: Extension): boolean =>
  presenceOf(tenant, number) === 'do-not-disturb';
