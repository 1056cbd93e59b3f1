import type { CallControlDocument } from '../../../domain/tenant-document.js';
import { badField, badRequest, type Problem } from '../problem.js';
import { findFaults } from '../schema.js';
import { documentSchema } from './document.js';

/** The JSON option of the seed. */
const wrapping = 'call_control_groups';

const faultsOfDocument = findFaults(documentSchema, '');

/** A body's document, or what is wrong with it. */
export type ReadBody =
  | { ok: true; document: CallControlDocument; fieldOf: (path: readonly string[]) => string }
  | { ok: false; problem: Problem };

/**
 * Reads a body. The seed types `call_control_groups` as a string, its example is the bare document: both are taken,
 * and the object in the wrapping too. Mistakes are named from where the client put them.
 */
export const readBody = (body: unknown): ReadBody => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return no(badField('body', 'must be object'));
  if (!Object.hasOwn(body, wrapping)) return check(body, '');
  const { [wrapping]: wrapped, ...others } = body as Record<string, unknown>;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) return no(badField(stranger.slice(0, 120), `is not known beside ${wrapping}`));
  if (typeof wrapped !== 'string') return check(wrapped, wrapping);
  try {
    return check(JSON.parse(wrapped), wrapping);
  } catch {
    return no(badField(wrapping, 'is not JSON'));
  }
};

const check = (value: unknown, within: string): ReadBody => {
  const fieldOf = (path: readonly string[]) => [within, ...path].filter(Boolean).join('.') || 'body';
  const faults = faultsOfDocument(value);
  if (faults.length === 0) return { ok: true, document: value as CallControlDocument, fieldOf };
  return no(badRequest(faults.map(({ field, reason }) => ({ field: fieldOf([field]), reason }))));
};

const no = (problem: Problem): ReadBody => ({ ok: false, problem });
