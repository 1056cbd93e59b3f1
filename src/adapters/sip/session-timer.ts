import type { Terms } from './session-expires.js';

/** The session timer of one leg (RFC 4028). The legs of a call have their own, and know nothing of each other's. */
export interface SessionTimer {
  /** What is agreed; undefined where the session lives until somebody hangs up. */
  readonly terms: Terms | undefined;
  /** From now on this is agreed: the interval begins. */
  agree(terms: Terms | undefined): void;
  /** The leg is over, and time means nothing any more. */
  stop(): void;
}

/** What happens when time is up. */
export interface TimerEvents {
  /** It is our turn to refresh; true if the phone has agreed to go on. */
  refresh(): Promise<boolean>;
  /** The phone has not refreshed the session, or not let us. */
  expired(): void;
}

/** Runs a task after so many milliseconds; the result cancels it. */
export type After = (milliseconds: number, task: () => void) => () => void;

/** Beyond this a timer of Node runs at once. */
const longestPause = 2 ** 31 - 1;

const after: After = (milliseconds, task) => {
  const timer = setTimeout(task, Math.min(milliseconds, longestPause));
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * When we refresh, as a part of the interval: before its half, at which drachtio-server would do it with the session
 * description that it remembers, which need not be the last (protocol.md 9.5).
 */
const refreshAt = 0.4;

/** When the session ends that nobody has refreshed: a little before its time (RFC 4028 section 10), in seconds. */
const endOf = (seconds: number): number => seconds - Math.min(32, seconds / 3);

/** A timer that nothing is agreed for yet. */
export const sessionTimer = (events: TimerEvents, clock: After = after): SessionTimer => {
  let terms: Terms | undefined;
  let stops: (() => void)[] = [];
  let isOver = false;
  const pause = () => {
    for (const each of stops.splice(0)) each();
  };
  const expire = () => {
    pause();
    terms = undefined;
    events.expired();
  };
  const refresh = async (agreed: Terms): Promise<void> => {
    const isRefreshed = await events.refresh();
    // Refused for now; the session goes on until its end, so it may be asked again.
    if (!isRefreshed && terms === agreed && !isOver)
      stops.push(clock(agreed.seconds * 100, () => void refresh(agreed)));
  };

  return {
    get terms() {
      return terms;
    },
    agree: (agreed) => {
      pause();
      terms = agreed;
      if (!agreed || isOver) return;
      stops = [clock(endOf(agreed.seconds) * 1000, expire)];
      if (agreed.refresher === 'us') stops.push(clock(agreed.seconds * refreshAt * 1000, () => void refresh(agreed)));
    },
    stop: () => {
      isOver = true;
      pause();
    },
  };
};
