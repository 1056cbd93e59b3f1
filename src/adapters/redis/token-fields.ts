import { readExtension, readTenantId } from '../../domain/names.js';
import { faultOfGrant, type Role, roles, type Token, type TokenId } from '../../domain/token.js';
import { readUserId } from '../../domain/user.js';

/** A token as it is kept: without its secret, with what the secret is recognized by. */
export interface StoredToken {
  readonly token: Token;
  /** SHA-256 of the secret. */
  readonly hash: Buffer;
}

/** A token as the fields of a hash. */
export const tokenFields = ({ token, hash }: StoredToken): Record<string, string> => {
  const { id: _, createdAt, ...grant } = token;
  const said = Object.entries(grant).filter((field): field is [string, string] => field[1] !== undefined);
  return { ...Object.fromEntries(said), hash: hash.toString('hex'), createdAt: String(createdAt) };
};

/** The token of a hash's fields; undefined if it is none, or was written by something that we do not understand. */
export const readToken = (id: TokenId, fields: Readonly<Record<string, string>>): StoredToken | undefined => {
  const { role, tenant, brand, extension, user, name = '', hash = '', createdAt } = fields;
  if (!roles.includes(role as Role) || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  const own = {
    ...(tenant !== undefined && { tenant: readTenantId(tenant) }),
    ...(brand !== undefined && { brand }),
    ...(extension !== undefined && { extension: readExtension(extension) }),
    ...(user !== undefined && { user: readUserId(user) }),
  };
  // A part that cannot be read would leave a token with more than it was given: such a token is none.
  if (Object.values(own).some((part) => part === undefined)) return undefined;
  const token = { ...own, id, role, name, createdAt: Number(createdAt) } as Token;
  return faultOfGrant(token) === undefined ? { token, hash: Buffer.from(hash, 'hex') } : undefined;
};
