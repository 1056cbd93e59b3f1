import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import type { TokenGrant } from '../../../domain/token.js';
import type { UserId } from '../../../domain/user.js';
import { userOf } from '../v1/sight.js';

/** On whose behalf a request speaks: a user, or the whole organization. */
export interface Account {
  /** Undefined is the organization. */
  readonly user?: UserId;
  /** True if the extension is under the account. */
  has(extension: Extension): boolean;
}

const organization = ({ extensions }: Tenant): Account => ({ has: (extension) => extensions.has(extension) });

/** A user whose context is the organization has all of its extensions under him, as VoipNow's accounts have. */
const accountOfUser = (tenant: Tenant, user: UserId): Account => {
  const context = tenant.users.get(user)?.context;
  const hasAll = context === 'organization' || context === 'global';
  return {
    user,
    has: (extension) => (hasAll ? tenant.extensions.has(extension) : tenant.extensions.get(extension)?.user === user),
  };
};

/**
 * Whom User-Id means. `@me` and `@viewer` are the token's user, or for the token of nobody the organization; `@owner` is
 * whoever owns the extension, so nobody is left out. Undefined if the company has no such user.
 */
export const accountOf = (tenant: Tenant, token: TokenGrant, userId: string): Account | undefined => {
  if (userId === '@owner') return organization(tenant);
  if (userId === '@me' || userId === '@viewer') {
    const user = userOf(tenant, token);
    return user === undefined ? organization(tenant) : accountOfUser(tenant, user);
  }
  return tenant.users.has(userId as UserId) ? accountOfUser(tenant, userId as UserId) : undefined;
};
