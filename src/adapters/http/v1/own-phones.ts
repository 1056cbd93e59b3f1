import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import type { TokenGrant } from '../../../domain/token.js';
import { badField, thrown } from '../problem.js';
import { userOf } from './sight.js';

/** True if the holder of a PERSONAL token acts as this extension: it is the token's, or another one of the same user. */
export const isOwnPhone = (tenant: Tenant, token: TokenGrant, number: string): boolean => {
  const user = userOf(tenant, token);
  const isOfUser = user !== undefined && tenant.extensions.get(number as Extension)?.user === user;
  return token.extension === number || isOfUser;
};

/**
 * Why a call cannot be sent to this number by the holder of this token, as the end of "sendTo …"; undefined if it can.
 * A PERSONAL token sends calls to phones of its own user only.
 */
export const phoneFault = (tenant: Tenant, token: TokenGrant, number: string): string | undefined => {
  const entry = tenant.extensions.get(number as Extension);
  if (entry?.kind !== 'phone') return 'is no phone extension of the company';
  const isForeign = token.role === 'PERSONAL' && !isOwnPhone(tenant, token, number);
  return isForeign ? "is no phone of this token's user" : undefined;
};

/** Whose phones are called: whom the field of the body names, else the token's extension. Throws if it is neither. */
export const phoneNamed = (
  { tenant, token }: { readonly tenant: Tenant; readonly token: TokenGrant },
  field: string,
  named: string | undefined = token.extension,
): Extension => {
  if (named === undefined) throw thrown(badField(field, 'is missing: this token has no extension of its own'));
  const reason = phoneFault(tenant, token, named);
  if (reason) throw thrown(badField(field, reason));
  return named as Extension;
};
