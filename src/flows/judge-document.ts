import type { TenantId } from '../domain/names.js';
import type { Fault, InstallationDocument, TenantDocument } from '../domain/tenant-document.js';
import { faultsOfTenant } from '../domain/tenant-faults.js';
import type { DocumentReader, Read } from './document-reader.js';

/** A company's document that nobody has looked at yet, and what it must agree with. */
export interface JudgedDocument {
  readonly id: TenantId;
  readonly value: unknown;
  readonly installation: InstallationDocument;
  /** The other companies' documents; leave them out where only the document itself is judged. */
  readonly others?: ReadonlyMap<string, TenantDocument>;
}

/** The document with all its ids, or all that is wrong with it. Paths begin in the document. */
export const judgeTenant = (
  reader: DocumentReader,
  { id, value, installation, others = new Map() }: JudgedDocument,
): Read<TenantDocument> => {
  const read = reader.tenant(value);
  if (!read.ok) return read;
  const faults = faultsOfTenant({ id, document: read.document, installation, others });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, document: reader.withIds(id, read.document) };
};

/** The first faults of a document in a form that fits into a log line. */
export const faultLines = (faults: readonly Fault[]): string[] =>
  faults.slice(0, 5).map(({ path, why }) => `${path.join('.') || 'the document'}: ${why}`);
