import type { Event } from './event.js';

/** Who hears of events. */
export interface Events {
  /** Tells all listeners, soon: an answer that is being written goes first. */
  publish(event: Event): void;
  /** Delivers what is still under way. */
  flush(): void;
  /** Returns how to stop. */
  listen(listener: (event: Event) => void): () => void;
}

/** Events are delivered in the order in which they were published. */
export function makeEvents(): Events {
  const listeners = new Set<(event: Event) => void>();
  let pending: Event[] = [];
  const flush = (): void => {
    const events = pending;
    pending = [];
    for (const event of events) for (const listener of [...listeners]) listener(event);
  };
  return {
    publish: (event) => {
      pending.push(event);
      if (pending.length === 1) setImmediate(flush);
    },
    flush,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
