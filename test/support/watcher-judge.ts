import type { Message } from './phone-message.js';
import type { ShownDialog, ShownDocument } from './watcher-document.js';

/** What a NOTIFY says of its subscription (RFC 6665 section 8.2.3). */
export interface SubscriptionState {
  readonly state: string;
  /** Seconds that are left. */
  readonly expires?: number;
  readonly reason?: string;
  readonly retryAfter?: number;
}

/** Reads Subscription-State. */
export const subscriptionStateOf = (notify: Message): SubscriptionState => {
  const [state = '', ...params] = (notify.get('subscription-state') ?? '').split(';').map((part) => part.trim());
  const values = new Map(params.map((param) => param.split('=', 2) as [string, string]));
  const [expires, reason, retryAfter] = ['expires', 'reason', 'retry-after'].map((name) => values.get(name));
  return {
    state,
    ...(expires !== undefined && { expires: Number(expires) }),
    ...(reason !== undefined && { reason }),
    ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
  };
};

/** What a judge must know of the subscription. */
export interface Expected {
  /** The Event of the SUBSCRIBE. */
  readonly event: string;
  /** Dialogs may be missing without having been shown as terminated: only one is shown, or the store was away. */
  readonly mayVanish: boolean;
}

/** Looks at everything that one subscription is sent, and remembers what may not be. */
export interface Judge {
  readonly faults: string[];
  /** A 2xx to a SUBSCRIBE was sent so many seconds. */
  granted(expires: number): void;
  hears(notify: Message): SubscriptionState;
  sees(document: ShownDocument): void;
}

/** A document may be so many bytes long (protocol.md D28). */
const mostBytes = 3_500;

/** A NOTIFY may have waited so many seconds until it was read, on a busy machine. */
const lateness = 5;

const ranks = ['trying', 'proceeding', 'early', 'confirmed', 'terminated'];

/** What a package's documents are. */
export const documentType = (event: string): string =>
  /^presence\b/i.test(event) ? 'application/pidf+xml' : 'application/dialog-info+xml';

/** A judge who has seen nothing yet. */
export const newJudge = ({ event, mayVanish }: Expected): Judge => {
  const faults: string[] = [];
  const ranked = new Map<string, number>();
  let last: ShownDocument | undefined;
  let sequence = 0;
  let isOver = false;
  let grant: { readonly expires: number; readonly at: number } | undefined;
  let left = Number.POSITIVE_INFINITY;

  const expect = (isSo: boolean, what: () => string): void => {
    if (!isSo) faults.push(what());
  };

  const judgeState = ({ state, expires, reason }: SubscriptionState): void => {
    expect(['active', 'pending', 'terminated'].includes(state), () => `Subscription-State is "${state}"`);
    if (state === 'terminated') expect(reason !== undefined, () => 'terminated without a reason');
    else judgeExpires(expires);
  };

  const judgeExpires = (expires = 0): void => {
    expect(expires > 0, () => `active, expires is ${expires}`);
    // One that was on its way when the phone unsubscribed says what was left before.
    if (grant?.expires === 0) return;
    const most = grant ? grant.expires - Math.floor((Date.now() - grant.at) / 1000) + lateness : left;
    expect(expires <= Math.min(left, most), () => `expires ${expires} after ${left}, of ${most}`);
    left = expires;
  };

  const judgeDialog = ({ id, state }: ShownDialog, version: number): void => {
    const rank = ranks.indexOf(state);
    const before = ranked.get(id) ?? 0;
    expect(rank >= 0, () => `dialog ${id} is "${state}"`);
    const isForward = rank < 0 || rank >= before;
    expect(isForward, () => `version ${version}: dialog ${id} is ${state} after ${ranks[before]}`);
    ranked.set(id, Math.max(rank, before));
  };

  return {
    faults,
    granted: (expires) => {
      grant = { expires, at: Date.now() };
      left = Number.POSITIVE_INFINITY;
    },
    hears: (notify) => {
      const subscription = subscriptionStateOf(notify);
      expect(!isOver, () => 'a NOTIFY after the last one');
      expect(grant !== undefined, () => 'a NOTIFY before the answer to the SUBSCRIBE');
      expect(notify.get('event') === event, () => `Event is "${notify.get('event')}", not "${event}"`);
      expect(notify.all('contact').length === 1, () => 'a NOTIFY without Contact');
      expect(notify.sequence > sequence, () => `CSeq ${notify.sequence} after ${sequence}`);
      judgeState(subscription);
      const [bytes, type] = [Buffer.byteLength(notify.body), notify.get('content-type')];
      expect(bytes <= mostBytes, () => `a document of ${bytes} bytes`);
      expect(bytes === 0 || type === documentType(event), () => `Content-Type is "${type}"`);
      expect(bytes > 0 || subscription.state === 'terminated', () => 'a NOTIFY without a document');
      sequence = notify.sequence;
      isOver = subscription.state === 'terminated';
      return subscription;
    },
    sees: (document) => {
      const { version, dialogs, entity, state } = document;
      const [due, before] = [(last?.version ?? -1) + 1, last];
      expect(document.presence !== undefined || version === due, () => `version ${version} instead of ${due}`);
      expect(state === 'full', () => `version ${version} is ${state}`);
      expect(entity === (before?.entity ?? entity), () => `entity ${entity} after ${before?.entity}`);
      expect(new Set(dialogs.map(({ id }) => id)).size === dialogs.length, () => `version ${version} has an id twice`);
      for (const dialog of dialogs) judgeDialog(dialog, version);
      const shown = new Set(dialogs.map(({ id }) => id));
      const vanished = (before?.dialogs ?? []).filter((each) => each.state !== 'terminated' && !shown.has(each.id));
      for (const { id } of mayVanish ? [] : vanished) faults.push(`version ${version}: dialog ${id} has vanished`);
      last = document;
    },
  };
};
