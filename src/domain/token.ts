import type { Extension, TenantId } from './names.js';
import type { Office, Tenant } from './office.js';
import type { UserId } from './user.js';

/** The part of a token that may be known: twelve hexadecimal digits. */
export type TokenId = string & { readonly tokenId: unique symbol };

/** What a token's holder is; PERSONAL is one extension, RESELLER one brand, ADMIN the installation, the others one company. */
export const roles = ['VIEWER', 'MANAGER', 'OWNER', 'PERSONAL', 'RESELLER', 'ADMIN'] as const;

/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** What a token is good for. */
export interface TokenGrant {
  readonly role: Role;
  /** Of every role but RESELLER and ADMIN. */
  readonly tenant?: TenantId;
  /** Of RESELLER. */
  readonly brand?: string;
  /** Whom a PERSONAL token acts as; for the other roles, whose phone gets a call where a request names none. */
  readonly extension?: Extension;
  /** Who `@me` is; undefined is the owner of the extension. */
  readonly user?: UserId;
  /** What its maker calls it. */
  readonly name: string;
}

/** A token as the service knows it: everything but its secret. */
export interface Token extends TokenGrant {
  readonly id: TokenId;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What a request to an API may need. */
export const rights = ['read', 'pick-up', 'change-groups', 'change-settings', 'change-brand'] as const;

/** One of {@link rights}. */
export type Right = (typeof rights)[number];

const rightsOf: Readonly<Record<Role, ReadonlySet<Right>>> = {
  VIEWER: new Set<Right>(['read']),
  PERSONAL: new Set<Right>(['read', 'pick-up']),
  MANAGER: new Set<Right>(['read', 'pick-up', 'change-groups']),
  OWNER: new Set<Right>(['read', 'pick-up', 'change-groups', 'change-settings']),
  RESELLER: new Set<Right>(rights),
  ADMIN: new Set<Right>(rights),
};

/** True if the role carries the right; where it may be used is {@link entersTenant}'s business. */
export const mayDo = (role: Role, right: Right): boolean => rightsOf[role].has(right);

/** True if the token is good inside this company. */
export const entersTenant = (token: TokenGrant, tenant: Tenant): boolean => {
  if (token.role === 'ADMIN') return true;
  if (token.role === 'RESELLER') return token.brand !== undefined && token.brand === tenant.brand;
  return token.tenant === tenant.id;
};

/** The one company that a token is bound to; undefined for RESELLER and ADMIN, and where the company is gone. */
export const ownTenant = (token: TokenGrant, office: Office): Tenant | undefined =>
  token.role === 'RESELLER' || token.role === 'ADMIN' || token.tenant === undefined
    ? undefined
    : office.tenants.get(token.tenant);

/** Why nobody can be given such a token, or undefined if it can be made. */
export const faultOfGrant = (grant: TokenGrant): string | undefined => {
  const { role, tenant, brand, extension } = grant;
  if (role === 'ADMIN' || role === 'RESELLER') {
    if (tenant !== undefined || extension !== undefined)
      return `a token of role ${role} has no tenant and no extension`;
    if ((role === 'RESELLER') !== (brand !== undefined))
      return 'a brand is for a token of role RESELLER, and needed there';
    return undefined;
  }
  if (tenant === undefined) return `a token of role ${role} needs a tenant`;
  if (brand !== undefined) return 'a brand is for a token of role RESELLER';
  if (role === 'PERSONAL' && extension === undefined) return 'a token of role PERSONAL needs an extension';
  return undefined;
};

const tokenForm = /^cp_([0-9a-f]{12})_([A-Za-z0-9_-]{43,128})$/;

/** Takes a token's text `cp_<id>_<secret>` apart; the secret has at least 32 bytes in base64url. Undefined if it is none. */
export const readTokenText = (text: string): { id: TokenId; secret: string } | undefined => {
  const [, id, secret] = tokenForm.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id: id as TokenId, secret };
};

/** The text that the holder of a token shows. */
export const tokenText = (id: TokenId, secret: string): string => `cp_${id}_${secret}`;
