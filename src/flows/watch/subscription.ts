import type { Office } from '../../domain/office.js';
import type { WatchedDialogs } from '../watched-dialogs.js';
import type { Clock } from './clock.js';
import type { WriteDocument } from './document.js';
import { makeDrafts } from './drafts.js';
import { type FollowedDialogs, followedDialogs } from './followed-dialogs.js';
import { type Lifetime, makeLifetime } from './lifetime.js';
import { makeMoment } from './moment.js';
import { makePace, type Pace } from './pace.js';
import { type Subscriber, wants } from './subscriber.js';
import { type Telling, tellWatcher } from './tell-watcher.js';
import type { WatchMeter } from './watch-meter.js';
import type { EndOfWatching, WatcherPhone } from './watcher-phone.js';

/** One subscription of a phone to the dialogs of an extension (RFC 6665 section 4.2). */
export interface Subscription {
  readonly who: Subscriber;
  /** Settles when it is known which dialogs the extension has. */
  readonly known: Promise<void>;
  /** Settles when it is over: nothing more is sent, but perhaps the last notice. */
  readonly over: Promise<void>;
  /** Settles when it is over, and the phone has answered the last notice if it was told one. */
  readonly done: Promise<void>;
  /** The phone has been told that it is subscribed for so many seconds, 0 for once: it is shown everything. */
  begin(phone: WatcherPhone, seconds: number): void;
  /** The phone has been told that it is subscribed for so many more seconds, 0 for no more: it is shown everything. */
  refresh(seconds: number): void;
  /** Looks whether the company has changed since the watcher was told something. */
  reconsider(): void;
  /** Shows everything again, to hear whether the phone is still there. */
  probe(): void;
  /** Tells the phone that it is over. */
  end(reason: EndOfWatching, retryAfter?: number): void;
  /** It is over and the phone cannot be told, or never knew of it. */
  lose(why: string): void;
}

/** What a subscription needs. */
export interface SubscriptionDeps {
  readonly clock: Clock;
  readonly dialogs: WatchedDialogs;
  readonly office: () => Office;
  readonly write: WriteDocument;
  readonly meter: WatchMeter;
}

/** Hears of one subscription, of each thing at most once. */
export interface SubscriptionListener {
  begun(seconds: number): void;
  /** By one of {@link EndOfWatching}, or by another fixed word. */
  over(why: string, wasBegun: boolean): void;
}

/** Follows the extension from now on; nothing is sent before {@link Subscription.begin}. */
export const makeSubscription = (
  who: Subscriber,
  deps: SubscriptionDeps,
  heard: SubscriptionListener,
): Subscription => {
  const { clock, office, meter, write } = deps;
  const followed = followedDialogs(wants(who));
  const [known, over, done] = [makeMoment(), makeMoment(), makeMoment()];
  const change = sinceChange(clock);
  const pace = makePace(clock, () => tellWatcher(telling));
  const lifetime = makeLifetime(clock, () => verbs.end('timeout'));
  const unfollow = deps.dialogs.follow(
    who.tenant,
    who.extension,
    followedBy(followed, () => {
      known.happens();
      if (!telling.phone) return;
      change.happened();
      pace.wake('soon');
    }),
  );
  const close = (why: string) => {
    telling.isOver = true;
    for (const stop of [unfollow, lifetime.stop, pace.stop]) stop();
    heard.over(why, telling.phone !== undefined);
    over.happens();
  };
  const telling: Telling = {
    ...{ who, office, meter, lifetime, pace, close },
    nextDraft: makeDrafts(who, followed, write),
    ...{ phone: undefined, tenant: undefined, last: undefined, isOver: false, howMuch: 'all' },
    sinceChange: change.take,
    finish: done.happens,
  };

  const verbs = verbsOf({ telling, pace, lifetime, heard });
  return {
    ...{ who, known: known.come, over: over.come, done: done.come, ...verbs },
    lose: (why) => {
      if (!telling.isOver) close(why);
      done.happens();
    },
  };
};

interface Tools {
  readonly telling: Telling;
  readonly pace: Pace;
  readonly lifetime: Lifetime;
  readonly heard: SubscriptionListener;
}

/** What can be done with a subscription as long as its phone can be told. */
const verbsOf = ({ telling, pace, lifetime, heard }: Tools) => {
  const tellAll = () => {
    telling.howMuch = 'all';
    pace.wake('now');
  };
  const end: Subscription['end'] = (reason, retryAfter) => {
    telling.last ??= { kind: 'terminated', reason, ...(retryAfter !== undefined && { retryAfter }) };
    pace.wake('now');
  };
  const refresh: Subscription['refresh'] = (seconds) => {
    if (seconds === 0) return end('timeout');
    lifetime.begin(seconds);
    tellAll();
  };
  const begin: Subscription['begin'] = (phone, seconds) => {
    if (telling.isOver) return;
    telling.phone = phone;
    heard.begun(seconds);
    refresh(seconds);
  };
  const reconsider: Subscription['reconsider'] = () => {
    if (telling.phone && telling.office().tenants.get(telling.who.tenant) !== telling.tenant) pace.wake('soon');
  };
  return { begin, refresh, reconsider, end, probe: tellAll };
};

const followedBy = (followed: FollowedDialogs, then: () => void): Parameters<WatchedDialogs['follow']>[2] => ({
  known: (dialogs) => {
    followed.known(dialogs);
    then();
  },
  changed: (dialogs) => {
    followed.changed(dialogs);
    then();
  },
});

/** How long ago the oldest change was that nobody has asked about. */
const sinceChange = (clock: Clock) => {
  let at: number | undefined;
  return {
    happened: () => {
      at ??= clock.now();
    },
    take: (): number | undefined => {
      const seconds = at === undefined ? undefined : (clock.now() - at) / 1000;
      at = undefined;
      return seconds;
    },
  };
};
