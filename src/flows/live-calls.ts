import type { CallId } from '../domain/names.js';
import type { LiveCall } from './live-call.js';
import type { CallResult, EndReason, HeldCall, Joint, Leg } from './ports.js';

/** Two legs that talk, what joins them, and as what their call counts when it ends. */
export interface Talk {
  readonly legs: readonly [Leg, Leg];
  readonly joint: Joint;
  readonly result: CallResult;
}

/** A leg of a connected call, and who is at the other end. */
export interface Talking {
  readonly call: LiveCall;
  readonly talk: Talk;
  readonly leg: Leg;
  readonly other: Leg;
  /** Somebody has the right to move the call's legs. */
  readonly isMoving: boolean;
}

/** The calls whose legs this instance holds. */
export interface LiveCalls {
  add(call: LiveCall): void;
  remove(call: LiveCall): void;
  get(id: CallId): LiveCall | undefined;
  connected(call: LiveCall, talk: Talk): void;
  /** The leg of a connected call that fits. One that is being moved (see `move`) is in its old call until it is in another. */
  talking(fits: (leg: Leg) => boolean): Talking | undefined;
  /** The sole right to move the legs of a connected call, until it is given back by the result; undefined if it is taken. */
  move(call: LiveCall): (() => void) | undefined;
  /** Settles as soon as the call is over, or never was. */
  gone(id: CallId): Promise<void>;
  /** Legs that are in no call here: on their way to its owner, or to be ended. Call the result when they are gone. */
  passing(legs: readonly Leg[]): () => void;
  readonly size: number;
  /** What the store is to keep. */
  records(): HeldCall[];
  /** Resolves as soon as there are none. */
  empty(): Promise<void>;
  /** Ends every call at once, ringing or connected. Settles when the legs are gone. */
  endAll(reason: EndReason & { kind: 'failure' }): Promise<void>;
}

/** A call, and who talks in it once it is connected. */
interface Entry {
  readonly call: LiveCall;
  readonly talk?: Talk;
}

/** An empty register of live calls. */
export const makeLiveCalls = (): LiveCalls => {
  const calls = new Map<CallId, Entry>();
  const passing = new Set<readonly Leg[]>();
  const moving = new Set<LiveCall>();
  const removed = new Map<CallId, (() => void)[]>();
  let waiting: (() => void)[] = [];

  const wake = () => {
    if (calls.size + passing.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  return {
    add: (call) => void calls.set(call.record.id, { call }),
    remove: (call) => {
      const { id } = call.record;
      calls.delete(id);
      for (const resolve of removed.get(id) ?? []) resolve();
      removed.delete(id);
      wake();
    },
    get: (id) => calls.get(id)?.call,
    connected: (call, talk) => void calls.set(call.record.id, { call, talk }),
    talking: (fits) => {
      const still = [...calls.values()].filter(({ call }) => !moving.has(call));
      const moved = [...calls.values()].filter(({ call }) => moving.has(call));
      return talkingIn(still, false, fits) ?? talkingIn(moved, true, fits);
    },
    move: (call) => {
      if (moving.has(call)) return undefined;
      moving.add(call);
      return () => void moving.delete(call);
    },
    gone: (id) =>
      new Promise((resolve) => {
        if (calls.has(id)) removed.set(id, [...(removed.get(id) ?? []), resolve]);
        else resolve();
      }),
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
    records: () => [...calls.values()].map(({ call }) => ({ ...call.record, dialogs: call.dialogs.open })),
    empty: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        wake();
      }),
    endAll: (reason) => endAll(calls.values(), passing, reason),
  };
};

const talkingIn = (calls: readonly Entry[], isMoving: boolean, fits: (leg: Leg) => boolean): Talking | undefined => {
  for (const { call, talk } of calls) {
    const [one, other] = talk?.legs ?? [];
    if (talk && one && other && fits(one)) return { call, talk, leg: one, other, isMoving };
    if (talk && one && other && fits(other)) return { call, talk, leg: other, other: one, isMoving };
  }
  return undefined;
};

const endAll = async (
  calls: Iterable<Entry>,
  passing: Iterable<readonly Leg[]>,
  reason: EndReason & { kind: 'failure' },
): Promise<void> => {
  const legs = new Set([...passing].flat());
  for (const { call, talk } of calls) {
    for (const leg of talk?.legs ?? []) legs.add(leg);
    if (!talk) call.settle({ kind: 'lost', text: reason.text });
  }
  await Promise.all([...legs].map((leg) => leg.end(reason)));
};
