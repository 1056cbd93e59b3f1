/** Whoever waits for something to happen to one thing, by that thing. */
export interface Waiters<Key> {
  /** Settles with the next {@link settle} of this. */
  wait(key: Key): Promise<void>;
  settle(key: Key): void;
}

/** Nobody waits. */
export const waiters = <Key>(): Waiters<Key> => {
  const waiting = new Map<Key, (() => void)[]>();
  return {
    wait: (key) =>
      new Promise((settle) => {
        waiting.set(key, [...(waiting.get(key) ?? []), settle]);
      }),
    settle: (key) => {
      for (const settle of waiting.get(key) ?? []) settle();
      waiting.delete(key);
    },
  };
};
