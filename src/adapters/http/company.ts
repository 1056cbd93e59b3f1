import type { FastifyRequest } from 'fastify';
import type { Tenant } from '../../domain/office.js';
import { entersTenant, ownTenant } from '../../domain/token.js';
import type { Api } from './api.js';
import { refuse } from './problem.js';

/**
 * The company that a request is about: the token's own, or for RESELLER and ADMIN the one that the path names, by its
 * name or its customer id. Throws 404 for another's, as if there were none, and 403 where a token of no single company
 * meets a path that names none.
 */
export const companyOf = ({ offices }: Pick<Api, 'offices'>, { token }: FastifyRequest, named?: string): Tenant => {
  const own = ownTenant(token, offices.current);
  if (named === undefined) {
    if (own) return own;
    throw refuse(403, 'this token belongs to no single company');
  }
  const tenant = own && isNamed(own, named) ? own : findNamed(offices.current.tenants.values(), named);
  if (tenant && entersTenant(token, tenant)) return tenant;
  throw refuse(404, 'there is no such company');
};

/** Every company that the request's token may see. */
export const companiesOf = ({ offices }: Pick<Api, 'offices'>, { token }: FastifyRequest): Tenant[] =>
  [...offices.current.tenants.values()].filter((tenant) => entersTenant(token, tenant));

const isNamed = ({ id, customer }: Tenant, name: string): boolean =>
  id === name || (customer !== '' && customer === name.toLowerCase());

const findNamed = (tenants: Iterable<Tenant>, name: string): Tenant | undefined => {
  for (const tenant of tenants) if (isNamed(tenant, name)) return tenant;
  return undefined;
};
