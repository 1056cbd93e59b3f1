import type { Dialog } from './dialog.js';

/** All dialogs, early and confirmed. */
export interface Dialogs {
  add(dialog: Dialog): void;
  remove(dialog: Dialog): void;
  byId(id: string): Dialog | undefined;
  /** The dialog of a request from the peer: its To tag is ours, its From tag the peer's (RFC 3261 section 12.2.2). */
  ofRequest(callId: string, toTag: string, fromTag: string | undefined): Dialog | undefined;
  confirmedWithCallId(callId: string): Dialog | undefined;
  all(): Iterable<Dialog>;
  readonly size: number;
}

const key = (callId: string, localTag: string): string => `${callId} ${localTag}`;

/** An empty table. */
export function makeDialogs(): Dialogs {
  const byKey = new Map<string, Dialog>();
  const byId = new Map<string, Dialog>();
  const byCallId = new Map<string, Dialog>();
  return {
    add: (dialog) => {
      byKey.set(key(dialog.callId, dialog.localTag), dialog);
      byId.set(dialog.id, dialog);
      byCallId.set(dialog.callId, dialog);
    },
    remove: (dialog) => {
      if (byKey.get(key(dialog.callId, dialog.localTag)) === dialog) byKey.delete(key(dialog.callId, dialog.localTag));
      if (byId.get(dialog.id) === dialog) byId.delete(dialog.id);
      if (byCallId.get(dialog.callId) === dialog) byCallId.delete(dialog.callId);
      for (const { stop } of dialog.unacked.values()) stop();
      dialog.unacked.clear();
      dialog.unpracked?.stop();
      dialog.stopExpiring();
    },
    byId: (id) => byId.get(id),
    ofRequest: (callId, toTag, fromTag) => {
      const dialog = byKey.get(key(callId, toTag));
      // Before the dialog is confirmed any fork may speak.
      const isPeer = dialog && (dialog.remoteTag === fromTag || (dialog.isCaller && !dialog.confirmed));
      return isPeer ? dialog : undefined;
    },
    confirmedWithCallId: (callId) => {
      const dialog = byCallId.get(callId);
      return dialog?.confirmed ? dialog : undefined;
    },
    all: () => byKey.values(),
    get size() {
      return byKey.size;
    },
  };
}
