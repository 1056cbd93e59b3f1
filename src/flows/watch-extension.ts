import type { Refusal } from '../domain/outcome.js';
import type { Log } from './ports.js';
import { followOffice } from './watch/office-changes.js';
import { rightOf, type Subscriber } from './watch/subscriber.js';
import { makeSubscription, type Subscription, type SubscriptionDeps } from './watch/subscription.js';
import { makeWatchers, type Room, type Watchers } from './watch/watchers.js';

/** Why a phone may not watch an extension, or not now. */
export type WatchRefusal =
  | Extract<Refusal, 'unknown-extension' | 'not-allowed' | 'store-unreachable' | 'draining'>
  | 'watcher-full'
  | 'all-full';

/** A subscription that the phone has yet to be told of, or why there is none. */
export type Watched = { ok: true; subscription: Subscription } | { ok: false; refusal: WatchRefusal };

/** What watching needs. */
export interface WatchDeps extends SubscriptionDeps {
  readonly isDraining: () => boolean;
  readonly log: Log;
  /** How many there may be; as usual if nobody says. */
  readonly room?: Room;
}

/** The notifier of the dialog package (RFC 4235) and of the presence package (RFC 3856). */
export interface WatchExtension {
  /**
   * Subscribes. The phone is told so by who asks, who then begins the subscription; or loses it, if it could not be told.
   */
  watch(who: Subscriber): Promise<Watched>;
  /** Ends all subscriptions, so that phones subscribe at another instance. Settles within seconds. */
  moveAll(): Promise<void>;
  /** The connection to the phones is lost: they hear so when they refresh. */
  loseAll(): void;
  stop(): void;
}

/** How long the store may take to say which dialogs an extension has, in milliseconds. */
const storeDeadline = 2_000;

/** So many subscriptions may one phone have to the same extension, those from before it was started anew included. */
const mostOfPhone = 20;

/** Lets phones watch extensions. */
export const makeWatchExtension = (deps: WatchDeps): WatchExtension => {
  const watchers = makeWatchers(deps.room);
  const stop = followOffice(deps.clock, watchers);
  return {
    watch: (who) => watch(deps, watchers, who),
    moveAll: () => moveAll(deps, watchers),
    loseAll: () => {
      for (const subscription of watchers) subscription.lose('connection-lost');
    },
    stop,
  };
};

const watch = async (deps: WatchDeps, watchers: Watchers, who: Subscriber): Promise<Watched> => {
  const refusal = refusalOf(deps, watchers, who);
  if (refusal) return { ok: false, refusal };
  makeRoom(watchers, who);
  const subscription = open(deps, watchers, who);
  if (!(await isKnown(deps, subscription))) {
    subscription.lose('store-unreachable');
    return { ok: false, refusal: 'store-unreachable' };
  }
  return { ok: true, subscription };
};

const refusalOf = (
  { isDraining, office }: WatchDeps,
  watchers: Watchers,
  who: Subscriber,
): WatchRefusal | undefined => {
  if (isDraining()) return 'draining';
  const right = rightOf(office(), who);
  if (!right.ok) return right.refusal;
  const room = watchers.roomFor(who);
  return room === 'yes' ? undefined : room;
};

/**
 * A phone that was started anew knows nothing of its old subscriptions, and says so when it is told something. One that
 * has two keys for the same extension keeps both.
 */
const makeRoom = (watchers: Watchers, who: Subscriber): void => {
  const others = watchers.ofPhone(who);
  for (const other of others) other.probe();
  for (const other of others.slice(0, Math.max(0, others.length + 1 - mostOfPhone))) other.end('giveup', 3600);
};

const open = (deps: WatchDeps, watchers: Watchers, who: Subscriber): Subscription => {
  const facts = { tenant: who.tenant, watcher: who.watcher, extension: who.extension };
  const subscription: Subscription = makeSubscription(who, deps, {
    begun: (seconds) => {
      deps.meter.watcher(1);
      deps.log.info({ ...facts, seconds }, 'watcher');
    },
    over: (why, wasBegun) => {
      watchers.remove(subscription);
      if (!wasBegun) return;
      deps.meter.watcher(-1);
      deps.log.info({ ...facts, why }, 'watcher gone');
    },
  });
  watchers.add(subscription);
  return subscription;
};

const isKnown = ({ clock }: WatchDeps, { known }: Subscription): Promise<boolean> =>
  new Promise((resolve) => {
    const stop = clock.after(storeDeadline, () => resolve(false));
    void known.then(() => {
      stop();
      resolve(true);
    });
  });

/** How long phones may take to hear that they must move, in milliseconds. */
const moveDeadline = 3_000;

/** So many are told at once, and the next after a breath: drachtio-server takes no large bursts (protocol.md 18.1). */
const herd = { size: 50, breath: 10 };

const moveAll = async ({ clock, log }: WatchDeps, watchers: Watchers): Promise<void> => {
  const all = [...watchers];
  if (all.length === 0) return;
  const pause = (milliseconds: number) => new Promise<void>((resolve) => void clock.after(milliseconds, resolve));
  const told = async () => {
    for (const [place, subscription] of all.entries()) {
      if (place % herd.size === herd.size - 1) await pause(herd.breath);
      subscription.end('deactivated');
    }
    await Promise.all(all.map(({ done }) => done));
  };
  await Promise.race([told(), pause(moveDeadline)]);
  log.info({ watchers: all.length, left: watchers.size }, 'watchers moved');
};
