import type { Dialog, DialogIds } from '../../domain/dialog.js';
import type { Extension, TenantId } from '../../domain/names.js';
import type { Office, Tenant } from '../../domain/office.js';
import { type Watching, watching } from '../../domain/watching.js';
import type { EndOfWatching } from './watcher-phone.js';

/** Who watches whom, as the phone has asked for it. */
export interface Subscriber {
  readonly tenant: TenantId;
  readonly watcher: Extension;
  readonly extension: Extension;
  /** The address of the extension as the phone wrote it. */
  readonly entity: string;
  readonly userAgent: string;
  /** Where the phone is: one that was started anew comes back with the same. */
  readonly contact: string;
  /** Only this dialog is asked for (RFC 4235 section 3.2). */
  readonly only?: DialogIds;
}

/** What a watcher may see at the moment, or why its subscription is over. */
export type WatchRight =
  | { ok: true; readonly tenant: Tenant; readonly sees: 'all' | 'state' }
  | { ok: false; readonly reason: EndOfWatching; readonly refusal: Refused };

type Refused = Extract<Watching, { sees: 'nothing' }>['refusal'];

/** Asks the office as it is now. */
export const rightOf = (office: Office, { tenant: id, watcher, extension }: Subscriber): WatchRight => {
  const tenant = office.tenants.get(id);
  const right: Watching = tenant
    ? watching(tenant, watcher, extension)
    : { sees: 'nothing', refusal: 'unknown-extension' };
  if (tenant && right.sees !== 'nothing') return { ok: true, tenant, sees: right.sees };
  const refusal = right.sees === 'nothing' ? right.refusal : 'unknown-extension';
  return { ok: false, refusal, reason: tenant?.extensions.has(extension) ? 'rejected' : 'noresource' };
};

/** Whether a dialog is one that the watcher may know of and asked for. */
export const wants =
  ({ watcher, extension, only }: Subscriber) =>
  (dialog: Dialog): boolean =>
    (watcher === extension || !dialog.isPrivate) && (only === undefined || fits(only, dialog));

/** The `to-tag` of the Event header is the local tag of the dialog, and `from-tag` the remote one. */
const fits = ({ sipCallId, localTag, remoteTag }: DialogIds, dialog: Dialog): boolean =>
  dialog.sipCallId === sipCallId &&
  (localTag === undefined || dialog.localTag === localTag) &&
  (remoteTag === undefined || dialog.remoteTag === remoteTag);
