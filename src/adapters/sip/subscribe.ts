import { readExtension } from '../../domain/names.js';
import { decodeDialled } from '../../domain/service-code.js';
import type { Subscriber } from '../../flows/watch/subscriber.js';
import type { Subscription } from '../../flows/watch/subscription.js';
import type { WatchExtension, WatchRefusal } from '../../flows/watch-extension.js';
import type { Door } from './door.js';
import { allowEvents, documentTypes } from './event-header.js';
import { isHeaderSafe } from './headers.js';
import type { Sender } from './identity.js';
import { watcherPhone } from './notify.js';
import { refuseWith } from './refuse.js';
import type { Rejection } from './request-checks.js';
import { parseUri, type SipRequest, type SipResponse, type Srf } from './srf.js';
import { hasToTag, makeOpenSubscriptions, type OpenSubscriptions } from './subscribe-again.js';
import { type Screened, screenSubscribe } from './subscribe-screen.js';

/** What subscribing needs. */
export interface SubscribeDeps {
  readonly srf: Srf;
  readonly identify: (req: SipRequest) => Sender;
  readonly watch: WatchExtension['watch'];
  /** Counts a request that got no further, by a reason of a closed set. */
  readonly rejected: (reason: string) => void;
}

/** What each refusal is called in SIP. */
const replies: Readonly<Record<WatchRefusal, Rejection>> = {
  'unknown-extension': { status: 404, phrase: 'No Such Extension' },
  'not-allowed': { status: 403, phrase: 'Watching Not Allowed' },
  'watcher-full': { status: 403, phrase: 'Too Many Subscriptions' },
  'all-full': { status: 503, phrase: 'Too Many Watchers', headers: { 'Retry-After': '60' } },
  'store-unreachable': { status: 503, headers: { 'Retry-After': '5' } },
  draining: { status: 503, headers: { 'Retry-After': '5' } },
};

/** The door of SUBSCRIBE: begins a subscription to the dialogs or the presence of an extension, or goes on with one. */
export const makeSubscribeDoor = (deps: SubscribeDeps): Door => {
  const open = makeOpenSubscriptions(deps.identify);
  const reject = (res: SipResponse, rejection: Rejection, reason = 'bad-subscribe') => {
    deps.rejected(reason);
    refuseWith(res, rejection);
  };

  return async (req, res) => {
    if (hasToTag(req)) return open.again(req, res);
    const screened = screenSubscribe(req);
    if ('status' in screened) return reject(res, screened);
    const sender = deps.identify(req);
    if (sender.kind === 'challenge') {
      return refuseWith(res, { status: 401, headers: { 'WWW-Authenticate': sender.value } });
    }
    if (sender.kind !== 'extension') return reject(res, { status: 403, phrase: 'Forbidden' }, 'identity');
    // drachtio-server refuses it anyhow: it has a dialog of that name already, which the phone has forgotten.
    if (open.has(req)) return reject(res, { status: 480, phrase: 'Call-ID In Use' }, 'call-id-in-use');

    const who = subscriberOf(req, sender, screened);
    if (!who) return reject(res, { status: 404, phrase: 'No Such Extension' });
    const watched = await deps.watch(who);
    if (!watched.ok) return reject(res, replies[watched.refusal], 'not-watched');
    accept({ srf: deps.srf, open, req, res }, screened, watched.subscription);
  };
};

interface Accepting {
  readonly srf: Srf;
  readonly open: OpenSubscriptions;
  readonly req: SipRequest;
  readonly res: SipResponse;
}

/** The first NOTIFY goes out when the 200 has: many phones do not know what to do with one before (protocol.md S5). */
const accept = ({ srf, open, req, res }: Accepting, { event, seconds }: Screened, subscription: Subscription): void => {
  const headers = { Expires: String(seconds), ...allowEvents };
  res.send(200, { headers }, (error, sent) => {
    const contact = sent?.get('Contact');
    if (error || contact === undefined || open.has(req)) return subscription.lose('not-told');
    const dialogId = res.stackDialogId;
    open.add({ subscription, dialogId, event, contact });
    const documentType = documentTypes[event.name];
    subscription.begin(watcherPhone({ srf, req, dialogId, event: event.text, documentType, contact }), seconds);
  });
};

type Watcher = Extract<Sender, { kind: 'extension' }>;

/** An address that a phone wrote may be so long: it stands in every document. */
const longestEntity = 160;

const subscriberOf = (
  req: SipRequest,
  { tenant, extension: watcher, number }: Watcher,
  { event, contact }: Screened,
): Subscriber | undefined => {
  const extension = extensionIn(req.uri);
  if (!extension) return undefined;
  return {
    event: event.name,
    tenant: tenant.id,
    ...{ watcher, extension, contact },
    ...(number !== undefined && { number }),
    entity: entityOf(req, extension),
    userAgent: req.get('User-Agent')?.slice(0, 200) ?? '',
    ...(event.only && { only: event.only }),
  };
};

/** The extension that an address names; undefined if it can be none. */
export const extensionIn = (uri: string) => {
  const number = decodeDialled(parseUri(uri)?.user ?? '');
  return number === undefined ? undefined : readExtension(number);
};

/** As the phone wrote it in To, which no proxy changes: it compares the text (protocol.md D15). */
const entityOf = (req: SipRequest, extension: string): string => {
  const to = req.getParsedHeader('to').uri;
  const written = isEntity(to) && extensionIn(to) === extension ? to : req.uri;
  const [address = ''] = written.split(/[;?]/);
  return isEntity(address) ? address : `sip:${extension}@${parseUri(req.uri)?.host ?? ''}`.slice(0, longestEntity);
};

const isEntity = (uri: string): boolean => /^sips?:/i.test(uri) && uri.length <= longestEntity && isHeaderSafe(uri);
