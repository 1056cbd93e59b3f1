import type { Extension, TenantId } from '../domain/names.js';
import type { Presence } from '../domain/office.js';
import type { InstallationDocument, TenantDocument } from '../domain/tenant-document.js';

/** What an extension's people say of themselves, by phone or by program; it stands over the document. */
export interface Personal {
  readonly refusesPickup?: boolean;
  readonly presence?: Presence;
}

/** One company as the store keeps it. */
export interface StoredTenant {
  readonly id: TenantId;
  /** Counts the changes of the document, from 1. */
  readonly version: number;
  readonly document: TenantDocument;
  readonly personal: Readonly<Record<string, Personal>>;
}

/** What is not one company's, as the store keeps it; version 0 is none yet. */
export interface StoredInstallation {
  readonly version: number;
  readonly document: InstallationDocument;
}

/** What has changed: one company, the installation, or nobody knows what (the news were interrupted). */
export type OfficeChange = { tenant: TenantId } | 'installation' | 'anything';

/** Where the documents of all companies are kept, for all instances. Every method rejects if the store cannot be reached. */
export interface OfficeStore {
  load(): Promise<{ installation: StoredInstallation; tenants: StoredTenant[] }>;
  tenant(id: TenantId): Promise<StoredTenant | undefined>;
  installation(): Promise<StoredInstallation>;
  /** Writes version + 1, unless somebody else has written since `version` was read (0: there was none). */
  save(tenant: StoredTenant): Promise<'saved' | 'stale'>;
  saveInstallation(installation: StoredInstallation): Promise<'saved' | 'stale'>;
  setPersonal(tenant: TenantId, extension: Extension, personal: Personal): Promise<void>;
  /** Tells of every change, this instance's own too, until the store is stopped. */
  onChange(listener: (change: OfficeChange) => void): void;
}
