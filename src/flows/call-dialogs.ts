import type { Dialog, DialogChange, DialogEvent } from '../domain/dialog.js';
import type { Extension } from '../domain/names.js';

/** How a dialog ended. */
export interface DialogEnd {
  readonly event: DialogEvent;
  readonly code?: number;
}

/** The dialogs of one call as watchers of its extensions are shown them. Each change is for the store to tell. */
export interface CallDialogs {
  /** Those that are not over. */
  readonly open: readonly DialogChange[];
  /** The one of this id, if it is not over. */
  find(id: string): Dialog | undefined;
  /** Notes what a dialog is now; nothing if it is over already, for `terminated` is final. */
  show(extension: Extension, dialog: Dialog): DialogChange[];
  /** Notes that a dialog is over; nothing if it is already, or never was. */
  end(id: string, end: DialogEnd): DialogChange[];
  /** Notes that every dialog is over, but perhaps some. */
  endAll(end: DialogEnd | ((change: DialogChange) => DialogEnd | undefined)): DialogChange[];
}

/** The book of a call that has no dialogs yet. */
export const callDialogs = (): CallDialogs => {
  const open = new Map<string, DialogChange>();
  const over = new Set<string>();

  const end = (id: string, how: DialogEnd): DialogChange[] => {
    const known = open.get(id);
    open.delete(id);
    over.add(id);
    return known ? [{ ...known, dialog: { ...known.dialog, ...how, state: 'terminated' } }] : [];
  };

  return {
    get open() {
      return [...open.values()];
    },
    find: (id) => open.get(id)?.dialog,
    show: (extension, dialog) => {
      if (over.has(dialog.id)) return [];
      const change = { extension, dialog };
      open.set(dialog.id, change);
      return [change];
    },
    end,
    endAll: (how) =>
      [...open.values()].flatMap((change) => {
        const why = typeof how === 'function' ? how(change) : how;
        return why ? end(change.dialog.id, why) : [];
      }),
  };
};
