/** Time, so that tests can move it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once after `ms` milliseconds; the result cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** The machine's time. Timers do not keep the process alive: its sockets do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Named timers of one thing with a life, at most one of each name. */
export interface Alarms<Name extends string> {
  set(name: Name, ms: number): void;
  clear(name: Name): void;
  clearAll(): void;
}

/** Alarms that call `ring` with their name. */
export function alarmsOn<Name extends string>(clock: Clock, ring: (name: Name) => void): Alarms<Name> {
  const running = new Map<Name, () => void>();
  const clear = (name: Name): void => {
    running.get(name)?.();
    running.delete(name);
  };
  return {
    set: (name, ms) => {
      clear(name);
      running.set(
        name,
        clock.after(ms, () => {
          running.delete(name);
          ring(name);
        }),
      );
    },
    clear,
    clearAll: () => {
      for (const cancel of running.values()) cancel();
      running.clear();
    },
  };
}
