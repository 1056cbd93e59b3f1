import type { Clock } from './clock.js';

/** How long a subscription still lasts. */
export interface Lifetime {
  /** Whole seconds, never more than were granted. */
  readonly remaining: number;
  /** So many seconds from now, whatever it was before. */
  begin(seconds: number): void;
  stop(): void;
}

/** A lifetime that nobody has granted yet; `onExpired` is called when one has run out. */
export const makeLifetime = (clock: Clock, onExpired: () => void): Lifetime => {
  let until = 0;
  let stop = () => {};
  return {
    get remaining() {
      return Math.max(0, Math.ceil((until - clock.now()) / 1000));
    },
    begin: (seconds) => {
      stop();
      until = clock.now() + seconds * 1000;
      stop = clock.after(seconds * 1000, onExpired);
    },
    stop: () => stop(),
  };
};
