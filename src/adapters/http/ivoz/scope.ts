import type { FastifyRequest } from 'fastify';
import { type TProperties, Type } from 'typebox';
import type { Tenant } from '../../../domain/office.js';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Api } from '../api.js';
import { companyOf } from '../company.js';
import { refuse } from '../problem.js';
import { closed, form } from '../schema.js';

/** The routes of a company's own tokens, or those in which RESELLER and ADMIN name the company. */
export interface Scope {
  readonly api: Api;
  /** What the paths begin with. */
  readonly base: string;
  readonly namesCompany: boolean;
}

const company = form('^[A-Za-z0-9-]{1,64}$', 'a company by its name or its customer id');

/** An id of IvozProvider. */
export const idSchema = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** The parameters of a path, with the company where the path names one. */
export const pathOf = <P extends TProperties>({ namesCompany }: Scope, own: P) =>
  (namesCompany ? closed({ company, ...own }) : closed(own)) as ReturnType<
    typeof closed<P & { company: ReturnType<typeof Type.Optional<typeof company>> }>
  >;

/** The company of a request and its document; throws what companyOf throws. */
export const officeOf = (
  { api }: Scope,
  request: FastifyRequest,
  named: string | undefined,
): { tenant: Tenant; document: TenantDocument } => {
  const tenant = companyOf(api, request, named);
  const document = api.offices.document(tenant.id);
  if (!document) throw refuse(404, 'there is no such company');
  return { tenant, document };
};
