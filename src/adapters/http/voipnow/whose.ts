import type { FastifyRequest } from 'fastify';
import type { Tenant } from '../../../domain/office.js';
import { viewerOf } from '../v1/sight.js';
import { accountOf } from './account.js';
import { invalid } from './error-json.js';
import { readExtensionNumber } from './extension-number.js';
import type { Scope } from './involved.js';
import type { Asked } from './phone-call.js';

/** Whose calls a path means: what it is about, and how it said so. */
export interface Whose {
  readonly scope: Scope;
  readonly asked: Asked;
}

/** The path of every request. */
interface Path {
  readonly userId: string;
  readonly extension: string;
}

/** Reads the first two parts of a path; throws if the company has no such user or extension, or they do not fit. */
export const whoseOf = (tenant: Tenant, { token }: FastifyRequest, { userId, extension }: Path): Whose => {
  const account = accountOf(tenant, token, userId);
  if (!account) throw invalid('userId', 'is no user of this organization');
  const viewer = viewerOf(tenant, token);
  if (extension === '@self') return { scope: { viewer, account }, asked: { prefix: '' } };
  const asked = readExtensionNumber(extension);
  if (!tenant.extensions.has(asked.extension)) throw invalid('extension', 'is no extension of this organization');
  if (!account.has(asked.extension)) throw invalid('extension', 'is no extension of this user');
  return { scope: { viewer, account, extension: asked.extension }, asked };
};
