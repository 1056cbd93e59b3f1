import type { Extension, TenantId } from '../domain/names.js';
import type { Office, Tenant } from '../domain/office.js';
import type { Fault, InstallationDocument, TenantDocument } from '../domain/tenant-document.js';
import type { Personal, Saying } from './office-store.js';

/** What an edit makes of a document: another one, or a refusal in the words of who edits. */
export type Edited<Document, Refusal> = { ok: true; document: Document } | { ok: false; refusal: Refusal };

/** What became of a change. */
export type Changed<Refusal> =
  | { ok: true; version: number }
  /** The edit itself said no. */
  | { ok: false; why: 'refused'; refusal: Refusal }
  /** The document would be wrong; nothing was changed. */
  | { ok: false; why: 'faults'; faults: readonly Fault[] }
  | { ok: false; why: 'no-such-tenant' | 'store-unreachable' };

/** What is said of an extension: a presence also how, and by whom, where that is another extension. */
export type Said = Personal & Partial<Pick<Saying, 'how' | 'by'>>;

/** The documents of all companies and the office made of them, the same in every instance within a second. */
export interface Offices {
  /** The office as this instance knows it now; read it anew for each request. */
  readonly current: Office;
  /** The document of a company as this instance knows it now, to be read only. */
  document(tenant: TenantId): TenantDocument | undefined;
  installation(): InstallationDocument;
  /**
   * Changes a company's document. `edit` gets a copy of the newest one and may be called again if somebody else wrote
   * meanwhile, so that no change is lost. Here it takes effect before this settles. Rejects only if `edit` itself throws.
   */
  change<Refusal>(
    tenant: TenantId,
    edit: (document: TenantDocument) => Edited<TenantDocument, Refusal>,
  ): Promise<Changed<Refusal>>;
  /** The same for what is not one company's. */
  changeInstallation<Refusal>(
    edit: (document: InstallationDocument) => Edited<InstallationDocument, Refusal>,
  ): Promise<Changed<Refusal>>;
  /** Notes what an extension's people say of themselves; false if the store cannot be reached. */
  setPersonal(tenant: Tenant, extension: Extension, said: Said): Promise<boolean>;
}
