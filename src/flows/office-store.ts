import type { Extension, TenantId } from '../domain/names.js';
import type { Presence } from '../domain/office.js';
import type { InstallationDocument, TenantDocument } from '../domain/tenant-document.js';

/** What an extension's people say of themselves, by phone or by program; it stands over the document. */
export interface Personal {
  readonly refusesPickup?: boolean;
  readonly presence?: Presence;
}

/** What the people of a company say of themselves, by extension. */
export type Personals = Readonly<Record<string, Personal>>;

/** One company as the store keeps it. */
export interface StoredTenant {
  readonly id: TenantId;
  /** Counts the changes of the document, from 1. */
  readonly version: number;
  readonly document: TenantDocument;
  readonly personal: Personals;
}

/** What is not one company's, as the store keeps it; version 0 is none yet. */
export interface StoredInstallation {
  readonly version: number;
  readonly document: InstallationDocument;
}

/** Where the content of a document came from, as fingerprints of what was written there. */
export interface Origin {
  /** Of the office file's section that was last taken over. */
  readonly seed?: string;
  /** Of what was imported since. */
  readonly imported?: string;
}

/** One company as it was found, its document not looked at yet. */
export interface FoundTenant extends Omit<StoredTenant, 'document'>, Origin {
  readonly document: unknown;
}

/** What is not one company's, as it was found; version 0 if there is none yet. */
export interface FoundInstallation extends Omit<StoredInstallation, 'document'>, Origin {
  readonly document: unknown;
}

/** What there is, without the documents: cheap enough to be asked again and again. */
export interface OfficeOutline {
  readonly installation: number;
  readonly tenants: readonly Pick<StoredTenant, 'id' | 'version' | 'personal'>[];
}

/** What has changed: one company (`personal`: only that), the installation, or nobody knows what (news were missed). */
export type OfficeChange = { tenant: TenantId; personal?: boolean } | 'installation' | 'anything';

/** Where the documents of all companies are kept, for all instances. Every method rejects if the store cannot be reached. */
export interface OfficeStore {
  load(): Promise<{ installation: FoundInstallation; tenants: FoundTenant[] }>;
  outline(): Promise<OfficeOutline>;
  tenant(id: TenantId): Promise<FoundTenant | undefined>;
  personal(id: TenantId): Promise<Personals>;
  installation(): Promise<FoundInstallation>;
  /**
   * Writes version + 1, unless somebody else has written since `version` was read (0: there was none). A store that has
   * lost the document takes any version. The origin stays as it was unless one is given.
   */
  save(tenant: Omit<StoredTenant, 'personal'>, origin?: Origin): Promise<'saved' | 'stale'>;
  saveInstallation(installation: StoredInstallation, origin?: Origin): Promise<'saved' | 'stale'>;
  /** Notes what is given over what was said before. */
  setPersonal(tenant: TenantId, extension: Extension, personal: Personal): Promise<void>;
  /** Forgets what was said for extensions that are there no more. */
  forgetPersonal(tenant: TenantId, extensions: readonly string[]): Promise<void>;
  /** Tells of every change, this instance's own too, until the store is stopped. */
  onChange(listener: (change: OfficeChange) => void): void;
}
