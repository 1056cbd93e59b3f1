import { acrossChange } from '../../domain/changed-phones.js';
import type { Dialog, DialogIds } from '../../domain/dialog.js';
import type { Extension, TenantId } from '../../domain/names.js';
import type { Office, Tenant } from '../../domain/office.js';
import { type Sees, type Watching, watching } from '../../domain/watching.js';
import type { EndOfWatching } from './watcher-phone.js';

/** What of an extension can be watched: its dialogs (RFC 4235), or what its people say of themselves (RFC 3856). */
export type EventPackage = 'dialog' | 'presence';

/** Who watches whom, as the phone has asked for it. */
export interface Subscriber {
  readonly event: EventPackage;
  readonly tenant: TenantId;
  readonly watcher: Extension;
  /** What the phone registers by, where the watcher has changed phones. */
  readonly number?: Extension;
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
  | { ok: true; readonly tenant: Tenant; readonly sees: Sees }
  | { ok: false; readonly reason: EndOfWatching; readonly refusal: Refused };

type Refused = Extract<Watching, { sees: 'nothing' }>['refusal'];

/** Asks the office as it is now. */
export const rightOf = (office: Office, who: Subscriber): WatchRight => {
  const { tenant: id, watcher, extension } = who;
  const tenant = office.tenants.get(id);
  if (tenant && hasMoved(tenant, who)) return { ok: false, refusal: 'not-allowed', reason: 'deactivated' };
  const right: Watching = tenant
    ? watching(tenant, watcher, extension)
    : { sees: 'nothing', refusal: 'unknown-extension' };
  if (tenant && right.sees !== 'nothing') return { ok: true, tenant, sees: right.sees };
  const refusal = right.sees === 'nothing' ? right.refusal : 'unknown-extension';
  return { ok: false, refusal, reason: tenant?.extensions.has(extension) ? 'rejected' : 'noresource' };
};

/** The phone is somebody else's by now: it shall subscribe anew, and is judged as who has it then. */
const hasMoved = (tenant: Tenant, { watcher, number = watcher }: Subscriber): boolean =>
  acrossChange(tenant, watcher) !== number;

/** Whether a dialog is one that the watcher may know of and asked for; whoever asked for presence, asked for none. */
export const wants =
  ({ event, watcher, extension, only }: Subscriber) =>
  (dialog: Dialog): boolean =>
    event === 'dialog' && (watcher === extension || !dialog.isPrivate) && (only === undefined || fits(only, dialog));

/** The `to-tag` of the Event header is the local tag of the dialog, and `from-tag` the remote one. */
const fits = ({ sipCallId, localTag, remoteTag }: DialogIds, dialog: Dialog): boolean =>
  dialog.sipCallId === sipCallId &&
  (localTag === undefined || dialog.localTag === localTag) &&
  (remoteTag === undefined || dialog.remoteTag === remoteTag);
