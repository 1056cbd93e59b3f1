import type { CallId } from '../domain/names.js';
import type { LiveCall } from './live-call.js';
import { moveRights } from './move-rights.js';
import type { CallResult, EndReason, HeldCall, Joint, Leg } from './ports.js';
import { waiters } from './waiters.js';

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

/** What an instance that stops must end, where it has not ended by itself. */
export type Ending = Pick<Leg, 'end'>;

/** The calls whose legs this instance holds. */
export interface LiveCalls {
  add(call: LiveCall): void;
  remove(call: LiveCall): void;
  get(id: CallId): LiveCall | undefined;
  connected(call: LiveCall, talk: Talk): void;
  /** The leg of a connected call that fits. One that is being moved (see `move`) is in its old call until it is in another. */
  talking(fits: (leg: Leg) => boolean): Talking | undefined;
  /** Every side of every connected call that fits, the call that was connected last first. */
  talks(fits: (talking: Talking) => boolean): Talking[];
  /**
   * Settles as soon as no call that fits is between its answer and the talk of its two phones: a phone may know that it is
   * connected before we do, for the stack tells us of a 200 when it has sent it.
   */
  joined(fits: (call: LiveCall) => boolean): Promise<void>;
  /** Told whenever two legs begin to talk, in a new call or in one that had others; the result stops it. */
  onConnected(listener: (call: LiveCall, talk: Talk) => void): () => void;
  /** The sole right to move the legs of a connected call, until it is given back by the result; undefined if it is taken. */
  move(call: LiveCall): (() => void) | undefined;
  /** Settles as soon as nobody has that right. */
  still(call: LiveCall): Promise<void>;
  /** Settles as soon as the call is over, or never was. */
  gone(id: CallId): Promise<void>;
  /** Legs that are in no call here: on their way to its owner, or to be ended. Call the result when they are gone. */
  passing(legs: readonly Ending[]): () => void;
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
  const passing = new Set<readonly Ending[]>();
  const rights = moveRights<LiveCall>();
  const listeners = new Set<(call: LiveCall, talk: Talk) => void>();
  const [removed, joined] = [waiters<CallId>(), waiters<CallId>()];
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
      for (const each of [removed, joined]) each.settle(id);
      wake();
    },
    get: (id) => calls.get(id)?.call,
    connected: (call, talk) => {
      calls.delete(call.record.id); // It goes to the end of their order.
      calls.set(call.record.id, { call, talk });
      joined.settle(call.record.id);
      for (const listener of listeners) listener(call, talk);
    },
    ...sidesIn(calls, rights.has),
    onConnected: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    move: rights.take,
    still: rights.free,
    gone: async (id) => (calls.has(id) ? removed.wait(id) : undefined),
    joined: async (fits) => {
      const still = [...calls.values()].filter(({ call, talk }) => !talk && call.isTaken && fits(call));
      await Promise.all(still.map(({ call }) => joined.wait(call.record.id)));
    },
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

/** Finds sides of connected calls. */
const sidesIn = (
  calls: ReadonlyMap<CallId, Entry>,
  isMoving: (call: LiveCall) => boolean,
): Pick<LiveCalls, 'talking' | 'talks'> => {
  const sides = (entries: readonly Entry[]) => entries.flatMap((entry) => sidesOf(entry, isMoving(entry.call)));
  return {
    talking: (fits) => {
      const all = sides([...calls.values()]).filter(({ leg }) => fits(leg));
      return all.find((side) => !side.isMoving) ?? all[0];
    },
    talks: (fits) => sides([...calls.values()].reverse()).filter(fits),
  };
};

/** A connected call as each of its two sees it. */
const sidesOf = ({ call, talk }: Entry, isMoving: boolean): Talking[] => {
  if (!talk) return [];
  const [one, other] = talk.legs;
  return [
    { call, talk, leg: one, other, isMoving },
    { call, talk, leg: other, other: one, isMoving },
  ];
};

const endAll = async (
  calls: Iterable<Entry>,
  passing: Iterable<readonly Ending[]>,
  reason: EndReason & { kind: 'failure' },
): Promise<void> => {
  const legs = new Set<Ending>([...passing].flat());
  for (const { call, talk } of calls) {
    for (const leg of talk?.legs ?? []) legs.add(leg);
    if (!talk) call.settle({ kind: 'lost', text: reason.text });
  }
  await Promise.all([...legs].map((leg) => leg.end(reason)));
};
