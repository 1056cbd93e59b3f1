import type { FastifyRequest } from 'fastify';
import type { Extension } from '../../../domain/names.js';
import type { ExtensionEntry, Tenant } from '../../../domain/office.js';
import type { Api } from '../api.js';
import { companyOf } from '../company.js';
import { refuse } from '../problem.js';
import { closed } from '../schema.js';
import { ExtensionForm } from './forms.js';
import { isOwnPhone } from './own-phones.js';

/** The path of everything that belongs to one extension. */
export const extensionPath = closed({ extension: ExtensionForm });

/** What is shown to this token: everything of its company, or (PERSONAL) what is its user's. */
export const isShown = (tenant: Tenant, { token }: FastifyRequest, number: string): boolean =>
  token.role !== 'PERSONAL' || isOwnPhone(tenant, token, number);

/** The extension that the path names. Throws 403 for one that is not a PERSONAL token's own, 404 for one that nobody has. */
export const extensionNamed = (
  api: Api,
  request: FastifyRequest,
  number: string,
): { readonly tenant: Tenant; readonly entry: ExtensionEntry } => {
  const tenant = companyOf(api, request);
  if (!isShown(tenant, request, number)) throw refuse(403, 'this token acts for its own extensions only');
  const entry = tenant.extensions.get(number as Extension);
  if (!entry) throw refuse(404, 'there is no such extension');
  return { tenant, entry };
};
