import type { Dialog } from '../../domain/dialog.js';
import type { DialogListener } from '../../flows/watched-dialogs.js';

/** Who follows the dialogs of one extension here. */
export interface DialogFollowers {
  readonly size: number;
  /** Adds a listener, who hears nothing before it was told what is known; returns how to stop. */
  add(listener: DialogListener): () => void;
  /** Tells who has not been told yet, or everybody. */
  known(dialogs: readonly Dialog[], who: 'new' | 'all'): void;
  changed(dialogs: readonly Dialog[]): void;
}

/** Nobody yet. A listener that throws is reported, and hurts no other. */
export const dialogFollowers = (failed: (error: unknown) => void): DialogFollowers => {
  const followers = new Map<symbol, { listener: DialogListener; isTold: boolean }>();

  const each = (tell: (follower: { listener: DialogListener; isTold: boolean }) => void) => {
    for (const [key, follower] of [...followers]) {
      if (!followers.has(key)) continue; // Another listener has stopped it just now.
      try {
        tell(follower);
      } catch (error) {
        failed(error);
      }
    }
  };

  return {
    get size() {
      return followers.size;
    },
    add: (listener) => {
      const key = Symbol();
      followers.set(key, { listener, isTold: false });
      return () => void followers.delete(key);
    },
    known: (dialogs, who) =>
      each((follower) => {
        if (who === 'new' && follower.isTold) return;
        follower.isTold = true;
        follower.listener.known(dialogs);
      }),
    changed: (dialogs) => each(({ listener, isTold }) => isTold && listener.changed(dialogs)),
  };
};
