import type { Office, Tenant } from '../../domain/office.js';
import type { Draft, NextDraft } from './drafts.js';
import type { Lifetime } from './lifetime.js';
import type { Pace } from './pace.js';
import { rightOf, type Subscriber, type WatchRight } from './subscriber.js';
import type { WatchMeter } from './watch-meter.js';
import type { Heard, WatcherPhone, WatchState } from './watcher-phone.js';

/** What one subscription holds while it lasts. */
export interface Telling {
  readonly who: Subscriber;
  readonly office: () => Office;
  readonly meter: WatchMeter;
  readonly nextDraft: NextDraft;
  readonly lifetime: Lifetime;
  readonly pace: Pick<Pace, 'hold'>;
  /** Undefined until the phone knows that it is subscribed. */
  phone: WatcherPhone | undefined;
  /** The company as it was when the watcher was last to be told something. */
  tenant: Tenant | undefined;
  /** It is to be over. */
  last: LastState | undefined;
  isOver: boolean;
  /** What the watcher is told next. */
  howMuch: 'news' | 'all';
  /** Seconds ago that the oldest change was heard of which the watcher knows nothing; undefined if it knows all. */
  sinceChange(): number | undefined;
  /** It is over: nothing more is followed. */
  close(why: string): void;
  /** All that was to be said was said, and answered. */
  finish(): void;
}

/** How a subscription is said to be over. */
export type LastState = Extract<WatchState, { kind: 'terminated' }>;

/**
 * Tells a watcher what is to be told, asking the office anew whether it may be (protocol.md D6). Undefined if there is
 * nothing to tell; otherwise settles when the phone has answered, and never rejects.
 */
export const tellWatcher = (telling: Telling): Promise<void> | undefined => {
  const { phone, nextDraft } = telling;
  if (!phone || telling.isOver) return undefined;
  const right = rightOf(telling.office(), telling.who);
  telling.tenant = right.ok ? right.tenant : undefined;
  const last = lastOf(telling, right);
  if (last) return tellLast(telling, { phone, last, right });
  const draft = right.ok ? nextDraft(right, telling.howMuch) : undefined;
  const since = telling.sinceChange();
  if (!draft) return undefined;
  if (since !== undefined) telling.meter.toldAfter(since);
  telling.howMuch = 'news';
  return tell(telling, phone, draft);
};

/** Who may not see is told that and nothing else, whatever else there is to tell. */
const lastOf = ({ last }: Telling, right: WatchRight): LastState | undefined =>
  right.ok ? last : { kind: 'terminated', reason: right.reason };

const tell = async (telling: Telling, phone: WatcherPhone, { document, unsaid }: Draft): Promise<void> => {
  const seconds = telling.lifetime.remaining;
  const heard = await phone.notify({ state: { kind: 'active', seconds }, document });
  count(telling.meter, heard);
  if (telling.isOver || heard.kind === 'taken') return;
  if (heard.kind === 'gone') return drop(telling, phone);
  unsaid();
  if (heard.kind === 'later') telling.pace.hold(heard.seconds * 1000);
};

/**
 * drachtio-server keeps the dialog until a last NOTIFY was sent, even if the phone has forgotten it (protocol.md S13).
 * Nobody waits for what becomes of that.
 */
const drop = (telling: Telling, phone: WatcherPhone): void => {
  telling.close('gone');
  telling.finish();
  void phone.notify({ state: { kind: 'terminated', reason: 'giveup' } });
};

interface Last {
  readonly phone: WatcherPhone;
  readonly last: LastState;
  readonly right: WatchRight;
}

const tellLast = async (telling: Telling, { phone, last, right }: Last): Promise<void> => {
  const document = right.ok ? telling.nextDraft(right, 'all')?.document : undefined;
  telling.close(last.reason);
  count(telling.meter, await phone.notify({ state: last, ...(document !== undefined && { document }) }));
  telling.finish();
};

const outcomes = { taken: 'sent', gone: 'dropped', later: 'failed', refused: 'failed' } as const;

const count = (meter: WatchMeter, { kind }: Heard): void => meter.notified(outcomes[kind]);
