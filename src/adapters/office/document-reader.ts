import { createHash } from 'node:crypto';
import type { DocumentReader } from '../../flows/document-reader.js';
import { withIds } from './given-ids.js';
import { installationShape, tenantShape } from './office-schema.js';
import { shapeFaults } from './shape-faults.js';

/** Reads documents by their shapes. */
export const documentReader: DocumentReader = {
  tenant: (value) =>
    tenantShape.Check(value) ? { ok: true, document: value } : { ok: false, faults: shapeFaults(tenantShape, value) },
  installation: (value) =>
    installationShape.Check(value)
      ? { ok: true, document: value }
      : { ok: false, faults: shapeFaults(installationShape, value) },
  withIds,
  fingerprint: (document) => createHash('sha256').update(JSON.stringify(document, inOrder)).digest('base64url'),
};

/** Writes the fields of an object in the order of their names. */
const inOrder = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
