import type { Subscription } from '../../flows/watch/subscription.js';
import { allowEvents, type EventHeader } from './event-header.js';
import { identityHeader, type Sender } from './identity.js';
import { refuseWith } from './refuse.js';
import type { SipRequest, SipResponse } from './srf.js';
import { screenAgain } from './subscribe-screen.js';

/** A subscription and its dialog. */
export interface OpenSubscription {
  readonly subscription: Subscription;
  /** As drachtio-server names it. */
  readonly dialogId: string;
  readonly event: EventHeader;
  /** Ours, as the 200 said it. */
  readonly contact: string;
}

/** The subscriptions that phones know of. */
export interface OpenSubscriptions {
  add(open: OpenSubscription): void;
  /** Whether there is one with the Call-ID and From tag of this request. */
  has(req: SipRequest): boolean;
  /** A SUBSCRIBE inside a dialog: a refresh, or with Expires 0 the wish for no more (RFC 6665 section 4.2.1). */
  again(req: SipRequest, res: SipResponse): void;
}

/** Whether a request belongs to a dialog that exists. */
export const hasToTag = (req: SipRequest): boolean => req.getParsedHeader('to').params.tag !== undefined;

/** An empty book; a subscription leaves it when it is over. */
export const makeOpenSubscriptions = (identify: (req: SipRequest) => Sender): OpenSubscriptions => {
  const book = new Map<string, OpenSubscription>();
  return {
    add: (open) => {
      book.set(open.dialogId, open);
      void open.subscription.over.then(() => {
        if (book.get(open.dialogId) === open) book.delete(open.dialogId);
      });
    },
    has: (req) => book.has(`${req.get('Call-ID')};from-tag=${req.getParsedHeader('from').params.tag}`),
    again: (req, res) => {
      const open = book.get(req.stackDialogId);
      if (!open) return refuseWith(res, { status: 481 });
      const asked = judge(open, req, identify);
      if ('status' in asked) return refuseWith(res, asked);
      const { seconds, contact = open.subscription.who.contact } = asked;
      if (contact !== open.subscription.who.contact) return movesOn(open, res);
      const headers = { Expires: String(seconds), Contact: open.contact, ...allowEvents };
      res.send(200, { headers });
      // In the same breath: a NOTIFY that a change sends meanwhile must not say the old time behind the 200 with the new.
      open.subscription.refresh(seconds);
    },
  };
};

/**
 * drachtio-server sends to the Contact of the first SUBSCRIBE for ever, though the phone may move (RFC 6665 section
 * 4.4.1). One that says that it has, by 481 hears to subscribe anew.
 */
const movesOn = ({ subscription }: OpenSubscription, res: SipResponse): void => {
  refuseWith(res, { status: 481 });
  subscription.end('deactivated');
};

/**
 * What is asked for. Like other requests inside a dialog this one is not challenged, for who sends it knows
 * the tag that we chose; but another extension that says who it is gets nothing.
 */
const judge = (
  { subscription: { who }, event }: OpenSubscription,
  req: SipRequest,
  identify: (req: SipRequest) => Sender,
): ReturnType<typeof screenAgain> => {
  const asked = screenAgain(req);
  if ('status' in asked) return asked;
  // Another event would be another subscription in this dialog, which nobody makes (RFC 6665 section 4.5.2).
  if (asked.event.name !== event.name || asked.event.id !== event.id) return { status: 481 };
  const sender = identify(req);
  // The request goes to our own address, which names no company; only an edge does.
  const isElsewhere = req.has(identityHeader) && sender.kind === 'extension' && sender.tenant.id !== who.tenant;
  const isOther = isElsewhere || (sender.kind === 'extension' && sender.extension !== who.watcher);
  return isOther ? { status: 403, phrase: 'Forbidden' } : asked;
};
