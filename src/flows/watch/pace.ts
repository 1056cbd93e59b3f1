import type { Clock } from './clock.js';

/** When a watcher is told: never two notices at a time, and what happens close together in one. */
export interface Pace {
  /** There may be something to tell: `soon` waits for what else happens, `now` does not. */
  wake(when: 'soon' | 'now'): void;
  /** Nothing is told for so many milliseconds, but what must be told `now`. */
  hold(milliseconds: number): void;
  stop(): void;
}

/**
 * How long after one notice the next change waits for others to come, in milliseconds. Phones must not offer dead
 * pickups, so that no change is told later than 250 ms after it happened (protocol.md D10).
 */
const gathering = 200;

/** Keeps the pace of one watcher. `send` returns undefined if there is nothing to tell, and never rejects. */
export const makePace = (clock: Clock, send: () => Promise<void> | undefined): Pace => {
  let notBefore = Number.NEGATIVE_INFINITY;
  let inFlight = false;
  let next: 'soon' | 'now' | undefined;
  let cancel: (() => void) | undefined;

  const stop = () => {
    cancel?.();
    cancel = undefined;
  };
  const answered = () => {
    inFlight = false;
    if (next) wake(next);
  };
  const run = () => {
    stop();
    next = undefined;
    const sending = send();
    if (!sending) return;
    notBefore = clock.now() + gathering;
    inFlight = true;
    void sending.then(answered);
  };
  const wake: Pace['wake'] = (when) => {
    if (inFlight) {
      next = next === 'now' ? next : when;
      return;
    }
    const wait = notBefore - clock.now();
    if (when === 'now' || wait <= 0) return run();
    cancel ??= clock.after(wait, run);
  };

  return {
    wake,
    hold: (milliseconds) => {
      notBefore = clock.now() + milliseconds;
      wake('soon');
    },
    stop,
  };
};
