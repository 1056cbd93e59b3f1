import type { CallId } from '../domain/names.js';
import type { LiveCall } from './live-call.js';
import type { EndReason, HeldCall, Leg } from './ports.js';

/** The calls whose legs this instance holds. */
export interface LiveCalls {
  add(call: LiveCall): void;
  remove(call: LiveCall): void;
  get(id: CallId): LiveCall | undefined;
  connected(call: LiveCall, legs: readonly [Leg, Leg]): void;
  /** Two legs that pass through here on their way to the owner of a call; call the result when they are gone. */
  passing(legs: readonly [Leg, Leg]): () => void;
  readonly size: number;
  /** What the store is to keep. */
  records(): HeldCall[];
  /** Resolves as soon as there are none. */
  empty(): Promise<void>;
  /** Ends every call at once, ringing or connected. Settles when the legs are gone. */
  endAll(reason: EndReason & { kind: 'failure' }): Promise<void>;
}

/** An empty register of live calls. */
export const makeLiveCalls = (): LiveCalls => {
  const calls = new Map<CallId, { call: LiveCall; legs?: readonly [Leg, Leg] }>();
  const passing = new Set<readonly [Leg, Leg]>();
  let waiting: (() => void)[] = [];

  const wake = () => {
    if (calls.size + passing.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  return {
    add: (call) => void calls.set(call.record.id, { call }),
    remove: (call) => {
      calls.delete(call.record.id);
      wake();
    },
    get: (id) => calls.get(id)?.call,
    connected: (call, legs) => void calls.set(call.record.id, { call, legs }),
    passing: (legs) => {
      passing.add(legs);
      return () => {
        passing.delete(legs);
        wake();
      };
    },
    get size() {
      return calls.size + passing.size;
    },
    records: () =>
      [...calls.values()].map(({ call }) => ({
        ...call.record,
        dialogs: call.dialogs.open,
      })),
    empty: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        wake();
      }),
    endAll: async (reason) => {
      const ends: Promise<void>[] = [];
      for (const { call, legs } of calls.values()) {
        if (legs) ends.push(...legs.map((leg) => leg.end(reason)));
        else call.settle({ kind: 'lost', text: reason.text });
      }
      for (const legs of passing) ends.push(...legs.map((leg) => leg.end(reason)));
      await Promise.all(ends);
    },
  };
};
