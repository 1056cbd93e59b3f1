import type { DialogChange } from '../../domain/dialog.js';
import type { CallId } from '../../domain/names.js';
import type { CallRecord, HeldCall } from '../../flows/ports.js';

/** What became of dialogs while the store could not be told: it is said again when leases are renewed. */
export interface UnsaidDialogs {
  /** Waits until the store has been told of changes, and remembers them if it could not be. Rejects as the telling does. */
  told<T>(telling: Promise<T>, call: CallRecord, changes: readonly DialogChange[]): Promise<T>;
  /** What is to be said of a call now, which is not remembered any more: each dialog as it is by now. */
  take(call: HeldCall): DialogChange[];
  /** Only these calls are held any more. */
  keepOnly(calls: readonly CallRecord[]): void;
}

/** All has been said so far. */
export const unsaidDialogs = (): UnsaidDialogs => {
  const unsaid = new Map<CallId, Map<string, DialogChange>>();

  const remember = (call: CallId, changes: readonly DialogChange[]) => {
    const own = unsaid.get(call) ?? new Map<string, DialogChange>();
    for (const change of changes) {
      // Tellings may fail in another order than they were sent; what is over stays over.
      if (own.get(change.dialog.id)?.dialog.state !== 'terminated') own.set(change.dialog.id, change);
    }
    if (own.size > 0) unsaid.set(call, own);
  };

  return {
    told: async (telling, { id }, changes) => {
      try {
        return await telling;
      } catch (error) {
        remember(id, changes);
        throw error;
      }
    },
    take: ({ id, dialogs }) => {
      const own = [...(unsaid.get(id)?.values() ?? [])];
      unsaid.delete(id);
      // A dialog that is neither open nor known to be over was said to be over later, and that was heard.
      return own.flatMap((change) => {
        const now = dialogs.find(({ dialog }) => dialog.id === change.dialog.id) ?? change;
        return now !== change || change.dialog.state === 'terminated' ? [now] : [];
      });
    },
    keepOnly: (calls) => {
      const held = new Set(calls.map(({ id }) => id));
      for (const id of unsaid.keys()) if (!held.has(id)) unsaid.delete(id);
    },
  };
};
