import type { Subscriber } from './subscriber.js';
import type { Subscription } from './subscription.js';

/** All subscriptions of this instance. */
export interface Watchers extends Iterable<Subscription> {
  readonly size: number;
  /** Whether one more may be added, or whose share is used up. */
  roomFor(who: Subscriber): 'yes' | 'watcher-full' | 'all-full';
  /** Those of the same phone to the same package of the same extension, oldest first. */
  ofPhone(who: Subscriber): readonly Subscription[];
  add(subscription: Subscription): void;
  remove(subscription: Subscription): void;
}

/** How many subscriptions there may be: of the phones of one extension, and of all phones at this instance. */
export interface Room {
  readonly perWatcher: number;
  readonly all: number;
}

/** A phone with some side cars has 200 keys; the phones of an extension may be several. */
export const usualRoom: Room = { perWatcher: 600, all: 20_000 };

/** An empty book. */
export const makeWatchers = (room: Room = usualRoom): Watchers => {
  const byWatcher = new Map<string, Set<Subscription>>();
  let size = 0;

  const of = (who: Subscriber) => byWatcher.get(keyOf(who));
  return {
    get size() {
      return size;
    },
    *[Symbol.iterator]() {
      for (const some of [...byWatcher.values()]) yield* [...some];
    },
    roomFor: (who) => {
      if (size >= room.all) return 'all-full';
      return (of(who)?.size ?? 0) >= room.perWatcher ? 'watcher-full' : 'yes';
    },
    ofPhone: (who) =>
      [...(of(who) ?? [])].filter(
        ({ who: other }) =>
          other.contact === who.contact && other.extension === who.extension && other.event === who.event,
      ),
    add: (subscription) => {
      const some = of(subscription.who) ?? new Set();
      byWatcher.set(keyOf(subscription.who), some.add(subscription));
      size += 1;
    },
    remove: (subscription) => {
      const some = of(subscription.who);
      if (!some?.delete(subscription)) return;
      size -= 1;
      if (some.size === 0) byWatcher.delete(keyOf(subscription.who));
    },
  };
};

const keyOf = ({ tenant, watcher }: Subscriber): string => `${tenant}/${watcher}`;
