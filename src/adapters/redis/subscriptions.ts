import type { Log } from '../../flows/ports.js';
import { type RedisClient, subscriberOf } from './client.js';

/** What this instance hears from the others: one connection for all channels. */
export interface Subscriptions {
  /** Hears every message on a channel from now on; returns how to stop. */
  listen(channel: string, listener: (message: string) => void): () => void;
  /**
   * Settles when Redis has confirmed that a channel is listened to: what is told from then on is heard. Waits for a Redis
   * that is away, and settles at once if nobody listens to the channel any more. Never rejects.
   */
  ready(channel: string): Promise<void>;
  /**
   * Called whenever messages may have been missed: the connection was lost, is there again, and listens again. With a
   * cluster this is not always noticed, so whoever must not miss anything numbers the messages.
   */
  onResumed(listener: () => void): void;
  stop(): void;
}

/** A channel that somebody listens to. */
interface Channel {
  readonly listeners: Set<(message: string) => void>;
  ready: Promise<void>;
}

/** How long after a SUBSCRIBE that failed the next is sent, in milliseconds. */
const pause = 500;

/** Subscribes over a connection of its own, which comes back by itself with all its channels. */
export const makeSubscriptions = (redis: RedisClient, log: Log): Subscriptions => {
  // Unlike commands, subscriptions may wait until Redis is there: nobody waits for them.
  const connection = subscriberOf(redis);
  const channels = subscribedChannels(connection, log);
  const resumed: (() => void)[] = [];
  let wasUp = false;

  const back = async () => {
    await channels.again();
    if (!channels.isStopped) for (const listener of resumed) listener();
  };
  connection.on('error', () => undefined); // The other connection tells of the same outage.
  connection.on('ready', () => {
    if (wasUp) void back();
    wasUp = true;
  });
  connection.connect().catch(() => undefined); // It tries on.

  return {
    listen: channels.listen,
    ready: channels.ready,
    onResumed: (listener) => void resumed.push(listener),
    stop: () => {
      channels.stop();
      connection.disconnect();
    },
  };
};

/** The channels of one connection. */
const subscribedChannels = (connection: RedisClient, log: Log) => {
  const channels = new Map<string, Channel>();
  let isStopped = false;

  const warn = (error: unknown) => {
    if (!isStopped) log.warn({ error: String(error) }, 'not subscribed');
  };
  const isLeft = (name: string, channel: Channel) => isStopped || channels.get(name) !== channel;
  const subscribe = async (name: string, channel: Channel): Promise<void> => {
    while (!isLeft(name, channel)) {
      try {
        return void (await connection.subscribe(name));
      } catch (error) {
        warn(error);
        await new Promise((resolve) => setTimeout(resolve, pause).unref());
      }
    }
  };
  connection.on('message', (name: string, message: string) => {
    for (const listener of channels.get(name)?.listeners ?? []) listener(message);
  });

  return {
    get isStopped() {
      return isStopped;
    },
    listen: (name: string, listener: (message: string) => void) => {
      const known = channels.get(name);
      const channel: Channel = known ?? { listeners: new Set(), ready: Promise.resolve() };
      channel.listeners.add(listener);
      channels.set(name, channel);
      if (!known) channel.ready = subscribe(name, channel);
      return () => {
        channel.listeners.delete(listener);
        if (channel.listeners.size > 0 || isLeft(name, channel)) return;
        channels.delete(name);
        connection.unsubscribe(name).catch(warn);
      };
    },
    ready: async (name: string) => channels.get(name)?.ready,
    /** The connection asks for its channels again by itself; to ask once more tells when that is done. */
    again: async () => {
      for (const [name, channel] of channels) channel.ready = subscribe(name, channel);
      await Promise.all([...channels.values()].map(({ ready }) => ready));
    },
    stop: () => {
      isStopped = true;
    },
  };
};
