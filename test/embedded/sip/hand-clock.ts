import type { Clock } from '../../../src/embedded/sip/clock.js';

/** A clock that stands still until it is moved, and how many timers run on it. */
export interface HandClock extends Clock {
  /** Lets time pass; whatever falls due happens in order. */
  pass(ms: number): void;
  readonly running: number;
}

/** A clock at zero. */
export function handClock(): HandClock {
  let now = 0;
  const due = new Map<object, { readonly at: number; readonly task: () => void }>();
  const next = (until: number) => [...due].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
  return {
    now: () => now,
    after: (ms, task) => {
      const id = {};
      due.set(id, { at: now + ms, task });
      return () => due.delete(id);
    },
    pass: (ms) => {
      const until = now + ms;
      for (let first = next(until); first; first = next(until)) {
        const [id, { at, task }] = first;
        due.delete(id);
        now = at;
        task();
      }
      now = until;
    },
    get running() {
      return due.size;
    },
  };
}
