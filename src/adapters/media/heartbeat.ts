import type Mrf from 'drachtio-fsmrf';
import type { Load } from './load.js';

/** What a server's heartbeats tell. */
export interface Heartbeat {
  /** Takes one; the server's own clock, in seconds since 1970, or undefined if it does not say. */
  take(event: Mrf.EslEvent): number | undefined;
  /** The connection is new. */
  begin(): void;
  /** Seconds since the last one. */
  readonly age: number;
  /** Seconds between two; the longest that is reckoned with until two were heard. */
  readonly interval: number;
  /** The last one is not so old that the server must be thought lost. */
  readonly isFresh: boolean;
  readonly load: Load;
  /** We opened a session, or ended one. */
  count(change: 1 | -1): void;
}

/** The longest interval that is reckoned with, in seconds (FreeSWITCH's own is 20), and the shortest. */
const longestInterval = 60;
const leastInterval = 1;

/** So many intervals without a heartbeat, and a server is not used for new calls. */
const patience = 2.5;

/** Nothing heard yet; `now` is in milliseconds. */
export const makeHeartbeat = (now: () => number = Date.now): Heartbeat => {
  let heardAt = now();
  let hasBeaten = false;
  let interval = longestInterval;
  let load: Load = { sessions: 0, most: 0, since: 0 };
  const age = () => Math.max(0, now() - heardAt) / 1000;
  return {
    take: (event) => {
      if (hasBeaten) interval = Math.min(longestInterval, Math.max(leastInterval, age()));
      hasBeaten = true;
      heardAt = now();
      load = { sessions: numberIn(event, 'Session-Count'), most: numberIn(event, 'Max-Sessions'), since: 0 };
      const stamp = numberIn(event, 'Event-Date-Timestamp');
      return stamp > 0 ? Math.floor(stamp / 1_000_000) : undefined;
    },
    begin: () => {
      heardAt = now();
      hasBeaten = false;
      interval = longestInterval;
      load = { sessions: 0, most: 0, since: 0 };
    },
    get age() {
      return age();
    },
    get interval() {
      return interval;
    },
    get isFresh() {
      return age() < interval * patience;
    },
    get load() {
      return load;
    },
    count: (change) => {
      load = { ...load, since: load.since + change };
    },
  };
};

const numberIn = (event: Mrf.EslEvent, name: string): number => {
  const value = Number(event.getHeader(name) ?? '');
  return Number.isFinite(value) && value > 0 ? value : 0;
};
