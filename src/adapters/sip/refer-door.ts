import { type Office, type Tenant, tenantOfDomain } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import type { LiveCalls } from '../../flows/live-calls.js';
import type { Log } from '../../flows/ports.js';
import type { Following, Referral, ReferredTo } from '../../flows/transfer-call.js';
import { isOneAddress } from './contacts.js';
import { isHeaderSafe } from './headers.js';
import type { ReferDoor } from './joint.js';
import { eventOf, referProgress } from './refer-progress.js';
import { type ReferTo, readReferTo } from './refer-to.js';
import { refuseWith } from './refuse.js';
import { checkRequire } from './request-checks.js';
import type { SipLeg } from './sip-leg.js';
import { parseUri, type SipRequest, type SipResponse } from './srf.js';

/** What the door of REFERs inside calls needs. */
export interface ReferDeps {
  /** The office as it is now. */
  readonly office: () => Office;
  readonly live: LiveCalls;
  readonly transferCall: (referral: Referral) => Following;
  readonly log: Log;
}

interface Declined {
  readonly status: number;
  readonly phrase?: string;
  readonly headers?: Record<string, string>;
}

/**
 * The door of REFERs inside calls (RFC 3515). What is not followed is declined: a 2xx would tell the phone that it may hang
 * up (protocol.md 13.1). What is followed is answered 202, and the phone is told how far it is, unless it asked not to be
 * (RFC 4488).
 */
export const makeReferDoor =
  (deps: ReferDeps): ReferDoor =>
  (leg, req, res) => {
    const wish = readWish(deps, leg, req);
    if ('status' in wish) return decline(deps, { leg, res }, wish);
    const following = deps.transferCall(wish);
    if (!following.ok) return decline(deps, { leg, res }, declines[following.refusal] ?? { status: 603 });
    const isSilent = /^\s*false\s*(;|$)/i.test(req.get('Refer-Sub') ?? '');
    const silence: Record<string, string> = isSilent ? { 'Refer-Sub': 'false' } : {};
    res.send(202, { headers: { Contact: leg.dialog.local.contact, ...silence } });
    const tell = isSilent ? async () => undefined : referProgress(leg, { event: eventOf(leg, req), log: deps.log });
    void tell(100);
    void following.follow(tell);
  };

/** Both say nothing that we would not do anyway (RFC 3891, RFC 4488). */
const checksOptions = checkRequire('replaces', 'norefersub');

const readWish = (deps: ReferDeps, leg: SipLeg, req: SipRequest): Referral | Declined => {
  // A REFER takes nobody's place itself (RFC 3891 section 3).
  if (req.has('Replaces')) return { status: 400, phrase: 'Replaces Is For INVITE' };
  const unmet = checksOptions(req);
  if (unmet) return unmet;
  const target = readReferTo(req);
  if (target.kind === 'bad') return target;
  const to = referredTo(deps, { leg, req, target });
  return to ? { leg, to, passed: referredBy(req) } : { status: 603, phrase: 'Another Domain' };
};

interface Meant {
  readonly leg: SipLeg;
  readonly req: SipRequest;
  readonly target: Exclude<ReferTo, { kind: 'bad' }>;
}

/** Undefined where somebody is meant who is none of the company's. */
const referredTo = (deps: ReferDeps, { leg, req, target }: Meant): ReferredTo | undefined => {
  if (target.kind === 'number') return isOurs(deps, leg, { req, host: target.host }) ? target : undefined;
  const { callId, toTag, fromTag, earlyOnly } = target.replaces;
  // Only calls that talk are joined; to-tag is ours, from-tag the phone's own (RFC 3891 section 3).
  return {
    kind: 'dialog',
    isMeant: ({ sipCallId, remoteTag, localTag }) =>
      !earlyOnly && sipCallId === callId && remoteTag === toTag && localTag === fromTag,
  };
};

/**
 * The company's own domain; or, if that is no other company's, the address that the phone knows us by: where its request
 * went, or what it calls itself.
 */
const isOurs = (deps: ReferDeps, leg: SipLeg, { req, host }: { req: SipRequest; host: string }): boolean => {
  const tenant: Tenant | undefined = deps.live.talking((each) => each === leg)?.call.tenant;
  const owner = tenantOfDomain(deps.office(), host);
  if (owner) return owner.id === tenant?.id;
  const known = [req.uri, req.getParsedHeader('from').uri].map((uri) => parseUri(uri)?.host?.toLowerCase());
  return known.includes(host.toLowerCase());
};

/** Who sent the caller, as that one says (RFC 3892); drachtio-server would not send what is no address. */
const referredBy = (req: SipRequest): Record<string, string> => {
  const value = req.get('Referred-By') ?? req.get('b');
  return value && value.length <= 300 && isHeaderSafe(value) && isOneAddress(value) ? { 'Referred-By': value } : {};
};

/** Refusals that have words of their own; every other is a plain Decline, which tells nothing of what there is. */
const declines: Readonly<Partial<Record<Refusal, Declined>>> = {
  'lost-race': { status: 491 },
  draining: { status: 503, headers: { 'Retry-After': '5' } },
  'not-allowed': { status: 603, phrase: 'Transfer Not Allowed' },
  'unknown-extension': { status: 603, phrase: 'No Such Extension' },
  'no-such-dialog': { status: 603, phrase: 'No Such Call To Join' },
};

const decline = (deps: ReferDeps, { leg, res }: { leg: SipLeg; res: SipResponse }, declined: Declined): void => {
  const { status, phrase } = declined;
  deps.log.info({ sipCallId: leg.ids.sipCallId, status, phrase }, 'transfer declined');
  refuseWith(res, declined);
};
