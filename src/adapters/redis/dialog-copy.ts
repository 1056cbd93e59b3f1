import type { Dialog } from '../../domain/dialog.js';
import type { DialogFollowers } from './dialog-followers.js';

/** What this instance knows of the dialogs of one extension: a snapshot, and every change since. */
export interface DialogCopy {
  /** There are dialogs that are not over. */
  readonly isBusy: boolean;
  /** Tells new followers what is known, if anything is. */
  tellNew(): void;
  /** What a message says has become of dialogs. */
  told(number: number, dialogs: readonly Dialog[]): void;
  /** A snapshot is asked for: the function takes it, with the number of the last message that it knows of. */
  asks(): (number: number, dialogs: readonly Dialog[]) => void;
}

/** How long a dialog that is over is remembered, in milliseconds: nothing that is said of it later counts. */
const remembered = 60_000;

/** Nothing is known yet. */
export const dialogCopy = (followers: DialogFollowers, now: () => number = Date.now): DialogCopy => {
  let open: ReadonlyMap<string, Dialog> | undefined;
  let snapshot = 0;
  let meanwhile: (readonly [number: number, dialogs: readonly Dialog[]])[] | undefined;
  const over = endedDialogs(now);

  const after = (before: Iterable<readonly [string, Dialog]>, changes: readonly Dialog[]): Map<string, Dialog> => {
    const next = new Map(before);
    for (const dialog of changes) {
      if (dialog.state === 'terminated') over.add(dialog.id);
      if (over.has(dialog.id)) next.delete(dialog.id);
      else next.set(dialog.id, dialog);
    }
    return next;
  };

  return {
    get isBusy() {
      return open !== undefined && open.size > 0;
    },
    tellNew: () => {
      if (open) followers.known(inOrder(open), 'new');
    },
    told: (number, dialogs) => {
      meanwhile?.push([number, dialogs]);
      if (!open || number <= snapshot) return;
      const news = dialogs.filter(({ id }) => !over.has(id));
      open = after(open, news);
      if (news.length > 0) followers.changed(news);
    },
    asks: () => {
      const since: NonNullable<typeof meanwhile> = [];
      meanwhile = since;
      return (number, dialogs) => {
        const later = since.flatMap(([at, changes]) => (at > number ? changes : []));
        const next = after([], [...dialogs, ...later]);
        const isNews = !open || !isSame(open, next);
        [open, snapshot, meanwhile] = [next, number, undefined];
        if (isNews) followers.known(inOrder(next), 'all');
      };
    },
  };
};

/** The oldest first. */
const inOrder = (dialogs: ReadonlyMap<string, Dialog>): Dialog[] =>
  [...dialogs.values()].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));

const isSame = (a: ReadonlyMap<string, Dialog>, b: ReadonlyMap<string, Dialog>): boolean =>
  JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));

/** The ids of dialogs that ended lately. */
const endedDialogs = (now: () => number) => {
  const ended = new Map<string, number>();
  return {
    has: (id: string) => ended.has(id),
    add: (id: string) => {
      for (const [old, at] of ended) {
        if (now() - at < remembered) break;
        ended.delete(old);
      }
      ended.set(id, now());
    },
  };
};
