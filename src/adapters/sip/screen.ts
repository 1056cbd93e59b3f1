import type { Offer } from '../../flows/ports.js';
import { isOneAddress } from './contacts.js';
import { isLoop, visitedHeader } from './loops.js';
import { type Check, checkEncoding, checkMaxForwards, checkRequire, type Rejection } from './request-checks.js';
import { offerIn } from './sdp-text.js';
import { timerRefusal } from './session-expires.js';
import { parseUri, type SipRequest } from './srf.js';

/** An INVITE that can be served, or why not. */
export type Screened = { ok: true; user: string; offer: Offer } | { ok: false; rejection: Rejection };

/** A body may be so long in bytes: with headers the message must stay under 4 KB for drachtio-server (DESIGN 3.11). */
const longestBody = 3_000;

/** Where requests inside the dialog will go: one SIP address (RFC 3261 section 8.1.1.8). */
const checkContact: Check = (req) => {
  const header = req.get('Contact');
  if (!header) return { status: 400, phrase: 'Missing Contact' };
  return isOneAddress(header) ? undefined : { status: 400, phrase: 'Bad Contact' };
};

const checkScheme: Check = (req) => (/^(sips?|tel):/i.test(req.uri) ? undefined : { status: 416 });

const checkBody: Check = (req): Rejection | undefined => {
  if (Buffer.byteLength(req.body ?? '') > longestBody) return { status: 413, phrase: 'SDP Longer Than 3000 Bytes' };
  const type = req.get('Content-Type');
  if (!req.body || type === undefined || /^application\/sdp\s*(;|$)/i.test(type.slice(0, 256))) return undefined;
  return { status: 415, headers: { Accept: 'application/sdp' } };
};

/** An answer is always SDP, so a caller that takes none cannot be served (RFC 3261 section 8.2.3, RFC 4475 section 3.3.15). */
const checkAccept: Check = (req) => {
  const accept = req.get('Accept');
  if (!accept?.trim() || /application\/sdp|application\/\*|\*\/\*/i.test(accept)) return undefined;
  return { status: 406, headers: { Accept: 'application/sdp' } };
};

/** A Join can be required only where calls can be joined (RFC 3911 section 7.2). */
const checksOf = (joins: boolean): readonly Check[] => [
  checkContact,
  checkMaxForwards,
  checkRequire('100rel', 'replaces', 'timer', ...(joins ? ['join'] : [])),
  checkScheme,
  checkEncoding,
  checkBody,
  checkAccept,
  timerRefusal,
];

const checks = { plain: checksOf(false), joining: checksOf(true) };

const badSdp = (why: string): Rejection => ({
  status: 488,
  phrase: 'Bad SDP',
  headers: { Warning: `399 callpickup "${why.replace(/[^A-Za-z0-9 .-]/g, ' ').slice(0, 100)}"` },
});

/** Whether we have sent this call to this number before; by the domain in To, which nobody changes on the way. */
const comesBack = (req: SipRequest, number: string): boolean => {
  const visited = req.get(visitedHeader);
  return (
    visited !== undefined && isLoop(visited, { number, domain: parseUri(req.getParsedHeader('to').uri)?.host ?? '' })
  );
};

/** Reads an INVITE from outside a dialog: who is asked for and what media is offered, or a final no; calls can be joined or not. */
export const screenInvite = (req: SipRequest, joins = false): Screened => {
  for (const check of checks[joins ? 'joining' : 'plain']) {
    const rejection = check(req);
    if (rejection) return { ok: false, rejection };
  }
  // Whatever number a key dials with a Replaces or a Join, it is for the call that this names (protocol.md R20).
  const user = userOf(req.uri) ?? (req.has('Replaces') || (joins && req.has('Join')) ? '' : undefined);
  if (user === undefined) return { ok: false, rejection: { status: 404, phrase: 'No Number In Request URI' } };
  if (comesBack(req, user)) return { ok: false, rejection: { status: 482, phrase: 'Loop Detected' } };
  const offer = offerIn(req.body || undefined, req.get('Content-Type') ?? 'application/sdp');
  if (offer.kind === 'bad') return { ok: false, rejection: badSdp(offer.why) };
  return { ok: true, user, offer: offer.kind === 'none' ? { kind: 'delayed' } : { kind: 'sdp', body: req.body ?? '' } };
};

/** The number that is asked for: the user part of a SIP URI, or the whole of a tel URI (RFC 3966). */
const userOf = (uri: string): string | undefined =>
  /^tel:/i.test(uri) ? uri.slice(4).split(';')[0] : (parseUri(uri)?.user ?? undefined);
