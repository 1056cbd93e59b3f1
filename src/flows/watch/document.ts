import type { Dialog } from '../../domain/dialog.js';
import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { WatcherProfile } from '../../domain/watcher-profile.js';
import type { Sees } from '../../domain/watching.js';
import type { EventPackage } from './subscriber.js';

/** What a document shows, and to whom. */
export interface DialogView {
  readonly event: EventPackage;
  /** The address of the extension as the phone wrote it (protocol.md D15). */
  readonly entity: string;
  readonly tenant: Tenant;
  readonly extension: Extension;
  readonly profile: WatcherProfile;
  readonly sees: Sees;
  readonly isOwn: boolean;
  /** Open ones and those just terminated. */
  readonly dialogs: readonly Dialog[];
}

/** A document but for its version, which each subscription counts by itself (RFC 4235 section 4.1). */
export type DialogDocument = (version: number) => string;

/** Writes documents. */
export type WriteDocument = (view: DialogView) => DialogDocument;

/** So many documents are kept for other watchers of the same moment. */
const kept = 500;

/**
 * Writes each document once for all watchers who see the same (protocol.md D29). Dialogs, profiles and tenants are never
 * changed in place, so that the same objects make the same document.
 */
export const writeOnce = (write: WriteDocument): WriteDocument => {
  const names = new WeakMap<object, number>();
  let named = 0;
  const nameOf = (thing: object): number => {
    const name = names.get(thing) ?? ++named;
    names.set(thing, name);
    return name;
  };
  const written = new Map<string, DialogDocument>();

  return (view) => {
    const { event, entity, tenant, extension, profile, sees, isOwn, dialogs } = view;
    const what = [nameOf(tenant), nameOf(profile), ...dialogs.map(nameOf)].join(' ');
    const key = [event, entity, extension, sees, isOwn, what].join('\n');
    const known = written.get(key);
    if (known) return known;
    const document = write(view);
    const [oldest] = written.keys();
    if (written.size >= kept && oldest !== undefined) written.delete(oldest);
    written.set(key, document);
    return document;
  };
};
