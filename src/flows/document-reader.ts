import type { TenantId } from '../domain/names.js';
import type { Fault, InstallationDocument, TenantDocument } from '../domain/tenant-document.js';

/** A document of the right shape, or every place where it has not the right shape. */
export type Read<Document> = { ok: true; document: Document } | { ok: false; faults: Fault[] };

/** Reads documents that came from outside: the part of judging them that needs packages. */
export interface DocumentReader {
  /** Looks at the shape only; `faultsOfTenant` has the rest. */
  tenant(value: unknown): Read<TenantDocument>;
  installation(value: unknown): Read<InstallationDocument>;
  /** Gives the ids that a faultless document lacks, the same in every instance. */
  withIds(tenant: TenantId, document: TenantDocument): TenantDocument;
  /** Short text that is equal for equal documents, whatever the order of their fields. */
  fingerprint(document: object): string;
}
