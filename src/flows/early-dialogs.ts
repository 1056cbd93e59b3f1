import type { CallState } from '../domain/call.js';
import type { CallId, Extension, TenantId } from '../domain/names.js';
import type { EarlyDialog } from './ports.js';

/** The call that an early dialog belongs to. */
export interface FoundDialog {
  readonly call: CallId;
  readonly target: Extension;
  readonly state: CallState;
  readonly dialog: EarlyDialog;
}

/** The early dialogs of all instances, by SIP Call-ID. */
export interface EarlyDialogs {
  /** Only of this tenant; undefined if there is none. Rejects if the store cannot be reached. */
  find(tenant: TenantId, sipCallId: string): Promise<FoundDialog | undefined>;
}
