import type { CallId, Extension } from './names.js';

/** The states of a dialog (RFC 4235 section 3.7.1). A dialog only ever moves forward, and `terminated` is final. */
export const dialogStates = ['trying', 'proceeding', 'early', 'confirmed', 'terminated'] as const;

/** One of {@link dialogStates}. */
export type DialogState = (typeof dialogStates)[number];

/** Why a dialog ended (RFC 4235 section 4.1.2), as seen from the phone whose dialog it is: `local-bye` is its own BYE. */
export type DialogEvent = 'cancelled' | 'rejected' | 'replaced' | 'local-bye' | 'remote-bye' | 'error' | 'timeout';

/** The ids of a dialog as the phone sees them: `localTag` is the phone's, `remoteTag` ours (RFC 4235 section 4.1.1). */
export interface DialogIds {
  readonly sipCallId: string;
  /** Absent until the phone has said it. */
  readonly localTag?: string;
  /** Absent until we have said it. */
  readonly remoteTag?: string;
}

/** Who is at the other end, as far as a watcher may know: an anonymous party has neither name nor number. */
export interface OtherParty {
  readonly name: string;
  readonly number: string;
  readonly domain: string;
  readonly isAnonymous: boolean;
}

/** One dialog between a phone of an extension and us: what watchers of the extension are shown. */
export interface Dialog extends DialogIds {
  /** Unique among the dialogs of all extensions, and no SIP id. */
  readonly id: string;
  readonly call: CallId;
  /** The extension called (`recipient`) or calls (`initiator`). */
  readonly direction: 'initiator' | 'recipient';
  readonly state: DialogState;
  /** Of a terminated dialog. */
  readonly event?: DialogEvent;
  /** The status that refused it, of a terminated dialog. */
  readonly code?: number;
  readonly remote: OtherParty;
  /** The phone has put the other one on hold (RFC 4235 section 5.2, `+sip.rendering`). */
  readonly isHeld: boolean;
  /** Nobody but the extension itself is shown it. */
  readonly isPrivate: boolean;
  /** The dialog whose place this one took (RFC 4235 section 4.1.4). */
  readonly replaces?: DialogIds;
  /** Milliseconds since 1970 when it began. */
  readonly since: number;
}

/** What became of a dialog of an extension. */
export interface DialogChange {
  readonly extension: Extension;
  readonly dialog: Dialog;
}
