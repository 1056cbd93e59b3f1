import type { Dialog } from '../../domain/dialog.js';
import type { DialogListener } from '../watched-dialogs.js';

/** The dialogs of an extension as one watcher follows them: what it is to be shown, and what it has been shown. */
export interface FollowedDialogs extends DialogListener {
  /** Those that are not over, in the order in which they began to be known. */
  readonly open: readonly Dialog[];
  /** Those that are over, that the watcher was shown before, and whose end it was not shown yet. */
  readonly over: readonly Dialog[];
  /** The watcher is being shown them all; returns what to do if it did not take it. */
  show(): () => void;
}

/** Follows what the watcher may see and wants to see. */
export const followedDialogs = (isWanted: (dialog: Dialog) => boolean): FollowedDialogs => {
  let open = new Map<string, Dialog>();
  const shown = new Map<string, Dialog>();
  const over = new Map<string, Dialog>();

  /** What begins and ends between two notices, the watcher never hears of. */
  const end = (dialog: Dialog): void => {
    open.delete(dialog.id);
    if (shown.delete(dialog.id)) over.set(dialog.id, dialog);
  };

  return {
    get open() {
      return [...open.values()].filter(isWanted);
    },
    get over() {
      return [...over.values()];
    },
    known: (dialogs) => {
      open = new Map(dialogs.map((dialog) => [dialog.id, dialog]));
      for (const dialog of shown.values()) {
        if (!open.has(dialog.id)) end({ ...dialog, state: 'terminated' });
      }
    },
    changed: (dialogs) => {
      for (const dialog of dialogs) {
        if (dialog.state === 'terminated') end(dialog);
        else open.set(dialog.id, dialog);
      }
    },
    show: () => {
      const told = [...over.values()];
      over.clear();
      for (const dialog of open.values()) if (isWanted(dialog)) shown.set(dialog.id, dialog);
      return () => {
        for (const dialog of told) over.set(dialog.id, dialog);
      };
    },
  };
};
