import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import type { TokenGrant } from '../../../domain/token.js';
import { userOf } from './sight.js';

/**
 * Why a call cannot be sent to this number by the holder of this token, as the end of "sendTo …"; undefined if it can.
 * A PERSONAL token sends calls to phones of its own user only.
 */
export const phoneFault = (tenant: Tenant, token: TokenGrant, number: string): string | undefined => {
  const entry = tenant.extensions.get(number as Extension);
  if (entry?.kind !== 'phone') return 'is no phone extension of the company';
  const isForeign = token.role === 'PERSONAL' && entry.user !== userOf(tenant, token);
  return isForeign ? "is no phone of this token's user" : undefined;
};
