import type { FastifyRequest } from 'fastify';
import { type Group, readGroupId } from '../../../domain/group.js';
import type { Extension } from '../../../domain/names.js';
import type { ExtensionEntry, Tenant } from '../../../domain/office.js';
import type { Token } from '../../../domain/token.js';
import type { Api } from '../api.js';
import { companiesOf, companyOf } from '../company.js';
import { badField, refuse, thrown } from '../problem.js';

/** A group and whose it is. */
export interface Place {
  readonly tenant: Tenant;
  readonly group: Group;
}

/** The group that a request names, of those customers whom its token may see; throws 404 for all others. */
export const findGroup = (
  api: Pick<Api, 'offices'>,
  request: FastifyRequest,
  { groupId, customer }: { groupId: string; customer?: string | undefined },
): Place => {
  const id = readGroupId(groupId);
  const groupIn = ({ groups }: Tenant) => id && groups.get(id);
  const [tenant, group] = findOnly(customersOf(api, request, customer), groupIn, 'group');
  return { tenant, group };
};

/** The customers in whom a request looks for what it names by its id alone: the one that it says, or all it may see. */
export const customersOf = (
  api: Pick<Api, 'offices'>,
  request: FastifyRequest,
  customer?: string,
): readonly Tenant[] => (customer === undefined ? companiesOf(api, request) : [customerOf(api, request, customer)]);

/** What one of the customers has; throws 404 if none has it, 400 if several have: ids are unique inside one customer. */
export const findOnly = <T>(
  tenants: readonly Tenant[],
  inOne: (tenant: Tenant) => T | undefined,
  what: string,
): readonly [Tenant, T] => {
  const [found, ...others] = tenants.flatMap((tenant) => {
    const own = inOne(tenant);
    return own === undefined ? [] : [[tenant, own] as const];
  });
  if (!found) throw refuse(404, `there is no such ${what}`);
  if (others.length > 0) throw thrown(badField('customer', `is needed: several customers have this ${what}`));
  return found;
};

/** The customer that a request is about: the token's own, or the one that it names; throws 404 for another's. */
export const customerOf = (api: Pick<Api, 'offices'>, request: FastifyRequest, customer?: string): Tenant => {
  const { role } = request.token;
  if (customer === undefined && (role === 'RESELLER' || role === 'ADMIN')) {
    throw thrown(badField('customer', `is needed: a token of role ${role} belongs to no single customer`));
  }
  return companyOf(api, request, customer);
};

/** True if the token may see the group: a PERSONAL one only those that its extension controls. */
export const maySee = ({ role, extension }: Token, { controllers }: Group): boolean =>
  role !== 'PERSONAL' || (extension !== undefined && controllers.includes(extension));

/** Throws 403 if the token may not see the group. */
export const demandSight = (token: Token, group: Group): void => {
  if (!maySee(token, group)) throw refuse(403, 'a PERSONAL token sees the groups that its extension controls');
};

/** The extension of a company that an id names; undefined if there is none. */
export const extensionOfId = ({ extensions }: Tenant, extensionId: string): ExtensionEntry | undefined => {
  const id = extensionId.toLowerCase();
  for (const entry of extensions.values()) if (entry.id === id) return entry;
  return undefined;
};

/** The same; throws 404 if there is none. */
export const findExtension = (tenant: Tenant, extensionId: string): ExtensionEntry =>
  findOnly([tenant], (own) => extensionOfId(own, extensionId), 'extension')[1];

/** Throws 404 if the extension is no member of the group. */
export const demandMember = ({ group }: Place, { number }: ExtensionEntry): void => {
  if (!group.members.includes(number)) throw refuse(404, 'this extension is no member of the group');
};

/** Whose extension a token acts as; undefined where it acts for the company. */
export const actsAs = ({ role, extension }: Token): Extension | undefined =>
  role === 'PERSONAL' ? extension : undefined;
