import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';
import type { PickupContext, UserId } from '../user.js';
import type { Rule } from './rule.js';

/** VoipNow, context `user`, and every wider one: calls of the other extensions of one's own user. */
export const ownUser: Rule = ({ tenant, picker, target }) => {
  if (target.kind !== 'extension') return undefined;
  const { user, context } = contextOf(tenant, picker);
  if (context === 'phone' || user === undefined) return undefined;
  return tenant.extensions.get(target.number)?.user === user ? { model: 'phone-calls', rule: 'user' } : undefined;
};

/** VoipNow, contexts `organization` and `global` (which ends at the company's wall, so it is the same): all by number. */
export const wideContext: Rule = ({ tenant, picker, act, target, by }) => {
  if (target.kind !== 'extension' || (act === 'pickup' && by !== 'number')) return undefined;
  const { context } = contextOf(tenant, picker);
  return context === 'organization' || context === 'global' ? { model: 'phone-calls', rule: context } : undefined;
};

/** The extensions of an extension's user, if its context reaches beyond the own phone. */
export const ownUserRosters = (tenant: Tenant, picker: Extension): (readonly Extension[])[] => {
  const { user, context } = contextOf(tenant, picker);
  if (context === 'phone' || user === undefined) return [];
  return [tenant.standing.extensionsOfUser.get(user) ?? []];
};

/** Who owns an extension, and what he may take; a user of whom nothing is said has the context `user`. */
export const contextOf = (tenant: Tenant, extension: Extension): { user?: UserId; context: PickupContext } => {
  const user = tenant.extensions.get(extension)?.user;
  if (user === undefined) return { context: 'user' };
  return { user, context: tenant.users.get(user)?.context ?? 'user' };
};
