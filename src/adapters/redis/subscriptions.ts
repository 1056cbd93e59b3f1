import type { Log } from '../../flows/ports.js';
import { type RedisClient, subscriberOf } from './client.js';

/** What this instance hears from the others: one connection for all channels. */
export interface Subscriptions {
  /** Hears every message on a channel from now on; returns how to stop. */
  listen(channel: string, listener: (message: string) => void): () => void;
  /** Called whenever messages may have been missed: the connection was lost, and is there again. */
  onResumed(listener: () => void): void;
  stop(): void;
}

/** Subscribes over a connection of its own, which comes back by itself with all its channels. */
export const makeSubscriptions = (redis: RedisClient, log: Log): Subscriptions => {
  // Unlike commands, subscriptions may wait until Redis is there: nobody waits for them.
  const connection = subscriberOf(redis);
  const channels = new Map<string, Set<(message: string) => void>>();
  const resumed: (() => void)[] = [];
  let wasUp = false;

  const warn = (error: unknown) => log.warn({ error: String(error) }, 'not subscribed');
  connection.on('error', () => undefined); // The other connection tells of the same outage.
  connection.on('ready', () => {
    if (wasUp) for (const listener of resumed) listener();
    wasUp = true;
  });
  connection.on('message', (channel: string, message: string) => {
    for (const listener of channels.get(channel) ?? []) listener(message);
  });
  connection.connect().catch(() => undefined); // It tries on.

  return {
    listen: (channel, listener) => {
      const listeners = channels.get(channel) ?? new Set();
      if (!channels.has(channel)) {
        channels.set(channel, listeners);
        connection.subscribe(channel).catch(warn);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || channels.get(channel) !== listeners) return;
        channels.delete(channel);
        connection.unsubscribe(channel).catch(warn);
      };
    },
    onResumed: (listener) => void resumed.push(listener),
    stop: () => connection.disconnect(),
  };
};
