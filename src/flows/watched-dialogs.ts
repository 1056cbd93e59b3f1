import type { Dialog } from '../domain/dialog.js';
import type { Extension, TenantId } from '../domain/names.js';

/** The dialogs of extensions, whichever instance holds their calls. */
export interface WatchedDialogs {
  /**
   * Tells the listener the dialogs that the extension has now, and from then on every change, each dialog's in the order
   * it happened; a dialog that is over is told once more, as `terminated`. Returns how to stop. While the store is away
   * nothing is told, and afterwards what has changed meanwhile. The listener is never called before `follow` returns.
   */
  follow(tenant: TenantId, extension: Extension, listener: DialogListener): () => void;
}

/** Hears of one extension: `known` once, or again after changes may have been missed; otherwise `changed`. */
export interface DialogListener {
  /** All dialogs that are not over. What was told before and is not among them is over. */
  known(dialogs: readonly Dialog[]): void;
  changed(dialogs: readonly Dialog[]): void;
}
