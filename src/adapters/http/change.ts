import type { FastifyRequest } from 'fastify';
import type { Tenant } from '../../domain/office.js';
import type { InstallationDocument, TenantDocument } from '../../domain/tenant-document.js';
import type { Changed, Edited } from '../../flows/offices.js';
import type { Api } from './api.js';
import { badDocument, type Problem, refuse, storeAway, thrown } from './problem.js';

/** One change that a request asks for. */
export interface Change<Document> {
  readonly request: FastifyRequest;
  /** Gets the newest document, perhaps more than once: it reads nothing but this copy, and may change it. */
  edit(document: Document): Edited<Document, Problem>;
  /** What the request calls a place in the document; the path itself if absent. */
  fieldOf?(path: readonly string[]): string;
}

/** Changes a company's document and returns the new one; throws the problem if nothing was changed. */
export const changeCompany = async (
  { offices }: Pick<Api, 'offices'>,
  tenant: Tenant,
  change: Change<TenantDocument>,
): Promise<Tenant> => {
  settle(await offices.change(tenant.id, change.edit), change);
  const changed = offices.current.tenants.get(tenant.id);
  if (!changed) throw refuse(404, 'there is no such company');
  return changed;
};

/** Changes what is not one company's. */
export const changeInstallation = async (
  { offices }: Pick<Api, 'offices'>,
  change: Change<InstallationDocument>,
): Promise<InstallationDocument> => {
  settle(await offices.changeInstallation(change.edit), change);
  return offices.installation();
};

/** An edit that says no. */
export const no = (problem: Problem): { ok: false; refusal: Problem } => ({ ok: false, refusal: problem });

const settle = <D>(changed: Changed<Problem>, { request, fieldOf }: Change<D>): void => {
  if (changed.ok) {
    request.madeVersion = changed.version;
    return;
  }
  switch (changed.why) {
    case 'refused':
      throw thrown(changed.refusal);
    case 'faults':
      throw thrown(badDocument(changed.faults, fieldOf));
    case 'no-such-tenant':
      throw refuse(404, 'there is no such company');
    case 'store-unreachable':
      throw thrown(storeAway);
  }
};
