import { parseArgs } from 'node:util';
import { readExtension, readTenantId } from './domain/names.js';
import type { OfficeDocument } from './domain/tenant-document.js';
import { faultOfGrant, type Role, roles, type TokenGrant } from './domain/token.js';
import { readUserId } from './domain/user.js';

/** How the program is used. */
export const usage = `npm run token                          the token of a new office: OWNER of the default tenant
npm run token -- create --role ROLE    prints a new token once; ROLE is ${roles.join(', ')}
    --tenant acme                      for every role but RESELLER and ADMIN
    --extension 101                    whom a PERSONAL token acts as
    --brand nordic                     whose tenants a RESELLER token enters
    --user 12                          who @me is; else the owner of the extension
    --name text                        what the list calls it
npm run token -- list
npm run token -- revoke ID`;

/** What the program is asked to do. */
export type TokenCommand =
  | { readonly verb: 'first' | 'list' | 'help' }
  | { readonly verb: 'create'; readonly options: CreateOptions }
  | { readonly verb: 'revoke'; readonly id: string }
  | { readonly verb: 'wrong'; readonly why: string };

/** What a new token is to be, as it was typed. */
export interface CreateOptions {
  readonly role?: string;
  readonly tenant?: string;
  readonly brand?: string;
  readonly extension?: string;
  readonly user?: string;
  readonly name?: string;
}

const text = { type: 'string' } as const;

/** Reads the program's arguments. */
export const readTokenArguments = (args: string[]): TokenCommand => {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        role: text,
        tenant: text,
        brand: text,
        extension: text,
        user: text,
        name: text,
        help: { type: 'boolean', short: 'h' },
      },
    });
    const { help, ...options } = values;
    return help ? { verb: 'help' } : commandOf(positionals, options);
  } catch (error) {
    return { verb: 'wrong', why: (error as Error).message };
  }
};

const commandOf = ([verb, id, ...more]: readonly string[], options: CreateOptions): TokenCommand => {
  const hasOptions = Object.keys(options).length > 0;
  if (verb === 'create' && id === undefined) return { verb, options };
  if (hasOptions) return { verb: 'wrong', why: 'options belong to create' };
  if (more.length > 0) return { verb: 'wrong', why: `there is too much after ${verb} ${id}` };
  if (verb === undefined) return { verb: 'first' };
  if (verb === 'list' && id === undefined) return { verb };
  if (verb === 'revoke' && /^[0-9a-f]{12}$/.test(id ?? '')) return { verb, id: id ?? '' };
  if (verb === 'revoke') return { verb: 'wrong', why: 'revoke needs the id of a token: twelve hexadecimal digits' };
  return { verb: 'wrong', why: `there is no command ${[verb, id].filter(Boolean).join(' ')}` };
};

/** The grant that was typed, checked against the office; or why there cannot be such a token. */
export const grantOf = (
  office: OfficeDocument,
  options: CreateOptions,
): { ok: true; grant: TokenGrant } | { ok: false; why: string } => {
  const why = faultOf(office, options);
  if (why !== undefined) return { ok: false, why };
  const grant = { ...options, role: options.role as Role, name: options.name ?? '' } as TokenGrant;
  const fault = faultOfGrant(grant);
  return fault === undefined ? { ok: true, grant } : { ok: false, why: fault };
};

const faultOf = (office: OfficeDocument, { role, tenant, brand, extension, user, name }: CreateOptions) => {
  if (!roles.includes(role as Role)) return `--role must be one of ${roles.join(', ')}`;
  if (tenant !== undefined && !(readTenantId(tenant) && Object.hasOwn(office.tenants, tenant))) {
    return `there is no tenant "${tenant}"`;
  }
  if (brand !== undefined && !Object.hasOwn(office.brands ?? {}, brand)) return `there is no brand "${brand}"`;
  if (user !== undefined && !readUserId(user)) return '--user must have 1 to 64 letters, digits and . _ -';
  if (name !== undefined && !/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{0,80}$/u.test(name)) {
    return '--name must have at most 80 characters in one line';
  }
  const extensions = tenant === undefined ? {} : office.tenants[tenant]?.extensions;
  const isKnown = extension === undefined || (readExtension(extension) && Object.hasOwn(extensions ?? {}, extension));
  return isKnown ? undefined : `there is no extension "${extension}"`;
};
