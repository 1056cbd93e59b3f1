import type { CallState } from '../domain/call.js';
import type { Dialog } from '../domain/dialog.js';
import type { Extension, InstanceId, TenantId } from '../domain/names.js';

/** What is known of a SIP Call-ID: a dialog and its call, or that there was one in the last minute. */
export type FoundDialog =
  | {
      kind: 'dialog';
      /** Whose phone has the dialog. */
      readonly extension: Extension;
      readonly dialog: Dialog;
      /** Whom the call was for. */
      readonly target: Extension;
      readonly owner: InstanceId;
      readonly state: CallState;
    }
  | { kind: 'ended' };

/** The dialogs of all instances between us and the phones of extensions, by SIP Call-ID. */
export interface DialogDirectory {
  /** Only of this tenant; undefined if there is none. Rejects if the store cannot be reached. */
  find(tenant: TenantId, sipCallId: string): Promise<FoundDialog | undefined>;
}
