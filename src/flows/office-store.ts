import type { Extension, TenantId } from '../domain/names.js';
import type { Presence } from '../domain/office.js';
import type { Personal, Personals } from '../domain/personal.js';
import type { InstallationDocument, TenantDocument } from '../domain/tenant-document.js';
import type { PresenceHow } from './news.js';

/** What people say of themselves. */
export type { Personal, Personals } from '../domain/personal.js';

/** How a presence is said, for who listens to the company's news. */
export interface Saying {
  readonly how: PresenceHow;
  /** Who says it, where that is another extension. */
  readonly by?: Extension;
  /** What counts where nobody says anything: what the document says. */
  readonly otherwise: Presence;
}

/** When something that was published is over (milliseconds since 1970), and what counts where nobody says anything. */
export interface Lapse extends Pick<Saying, 'otherwise'> {
  readonly at: number;
}

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
  /** Notes what is given over what was said before. Another presence is news, told if it is known how it was said. */
  setPersonal(tenant: TenantId, extension: Extension, said: Personal & { readonly saying?: Saying }): Promise<void>;
  /**
   * Forgets what phones of the extension have published and what is over at this moment; another presence is news. False
   * if there is nothing (any more): every instance asks, and the first one does it.
   */
  lapse(tenant: TenantId, extension: Extension, over: Lapse): Promise<boolean>;
  /** Forgets what was said for extensions that are there no more. */
  forgetPersonal(tenant: TenantId, extensions: readonly string[]): Promise<void>;
  /** Tells of every change, this instance's own too, until the store is stopped. */
  onChange(listener: (change: OfficeChange) => void): void;
}
