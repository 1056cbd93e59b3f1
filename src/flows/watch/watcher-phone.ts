/**
 * Why a subscription is over (RFC 6665 section 4.1.3): `deactivated` asks the phone to subscribe anew at once, `timeout`
 * is also the answer to a phone that wants no more; `rejected` says that it may not, `noresource` that nobody is there.
 */
export type EndOfWatching = 'deactivated' | 'rejected' | 'timeout' | 'giveup' | 'noresource';

/** What a watcher is told of its subscription. */
export type WatchState =
  /** It lasts so many seconds from now. */
  | { readonly kind: 'active'; readonly seconds: number }
  /** It is over; the phone shall wait so many seconds before it subscribes again, if it says so. */
  | { readonly kind: 'terminated'; readonly reason: EndOfWatching; readonly retryAfter?: number };

/** One notice to a watcher. */
export interface Notice {
  readonly state: WatchState;
  /** Absent where nothing may be shown. */
  readonly document?: string;
}

/** What became of a notice. */
export type Heard =
  | { readonly kind: 'taken' }
  /** The phone does not know the subscription, or is not there: the subscription is over (RFC 6665 section 4.2.2). */
  | { readonly kind: 'gone' }
  /** The phone cannot take it now, and says in how many seconds. */
  | { readonly kind: 'later'; readonly seconds: number }
  /** The phone did not like this one; the subscription stays. */
  | { readonly kind: 'refused' };

/** A phone that watches, seen from the subscription. */
export interface WatcherPhone {
  /** Settles when the phone has answered, or has not in time; never rejects. */
  notify(notice: Notice): Promise<Heard>;
}
