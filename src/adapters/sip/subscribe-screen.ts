import { readContacts } from './contacts.js';
import { documentTypes, type EventHeader, readEvent } from './event-header.js';
import { isHeaderSafe } from './headers.js';
import { type Check, checkMaxForwards, checkRequire, type Rejection } from './request-checks.js';
import type { SipRequest } from './srf.js';

/** What any SUBSCRIBE asks for. */
interface Asked {
  readonly event: EventHeader;
  /** Granted: at most what was asked for. 0 is once, or no more. */
  readonly seconds: number;
}

/** What a SUBSCRIBE asks for that begins a subscription. */
export interface Screened extends Asked {
  /** Where the phone is. */
  readonly contact: string;
}

/**
 * How long a subscription may last, and what a phone gets that does not say (RFC 4235 section 3.4), in seconds. An hour,
 * as phones ask for: when we stop as planned they are told to subscribe anew, and when we die, no BLF is dark for longer.
 */
export const watchSeconds = { shortest: 60, longest: 3600, unsaid: 3600 } as const;

/**
 * Event, Call-ID and From tag stand in our frames beside a document of 3,500 bytes; together they may be so long
 * in bytes that the frame stays under 4 KB (DESIGN 3.11).
 */
const longestNames = 320;

/** drachtio-server cuts the address that it sends a NOTIFY to at 255 characters. */
const longestContact = 250;

const checkScheme: Check = (req) => (/^sips?:/i.test(req.uri) ? undefined : { status: 416 });

/** Of what the package is, if it is one of ours: what it is not, is told by who reads it. */
const checkAccept: Check = (req) => {
  const event = readEvent(req);
  const accept = req.get('Accept')?.trim().toLowerCase();
  if (!accept || 'status' in event) return undefined;
  const documentType = documentTypes[event.name];
  const isTaken = [documentType, 'application/*', '*/*'].some((type) => accept.includes(type));
  return isTaken ? undefined : { status: 406, headers: { Accept: documentType } };
};

const checkNames: Check = (req) => {
  const tag = req.getParsedHeader('from').params.tag ?? '';
  const names = [req.get('Event') ?? req.get('o') ?? '', req.get('Call-ID') ?? '', tag].join('');
  return Buffer.byteLength(names) > longestNames ? { status: 400, phrase: 'Event And Call-ID Too Long' } : undefined;
};

/** We understand none: lists of extensions (RFC 4662) are left to whoever has them (protocol.md S20). */
const always: readonly Check[] = [checkMaxForwards, checkRequire()];
const atFirst: readonly Check[] = [checkScheme, ...always, checkNames, checkAccept];

/** Reads a SUBSCRIBE inside a dialog, in which the phone may say where it is now. Its body says nothing (RFC 4235 section 3.3). */
export const screenAgain = (req: SipRequest): (Asked & Partial<Screened>) | Rejection =>
  req.has('Contact') ? screened(req, always) : asked(req, always);

/** Reads a SUBSCRIBE that begins a subscription, or says why it is refused (RFC 6665 section 4.2.1). */
export const screenSubscribe = (req: SipRequest): Screened | Rejection => screened(req, atFirst);

const screened = (req: SipRequest, checks: readonly Check[]): Screened | Rejection => {
  const wanted = asked(req, checks);
  if ('status' in wanted) return wanted;
  const contact = readContact(req);
  return typeof contact === 'string' ? { ...wanted, contact } : contact;
};

const asked = (req: SipRequest, checks: readonly Check[]): Asked | Rejection => {
  for (const check of checks) {
    const rejection = check(req);
    if (rejection) return rejection;
  }
  const event = readEvent(req);
  if ('status' in event) return event;
  const seconds = readSeconds(req);
  return typeof seconds === 'number' ? { event, seconds } : seconds;
};

/** How long what the phone asks for is to last, in seconds: at most what is granted. */
export const readSeconds = (req: SipRequest): number | Rejection => {
  const value = req.get('Expires')?.trim();
  if (value === undefined) return watchSeconds.unsaid;
  if (!/^\d{1,10}$/.test(value)) return { status: 400, phrase: 'Bad Expires' };
  const seconds = Number(value);
  // Nobody who asks for an hour or more is told that it is too short (protocol.md S2).
  if (seconds > 0 && seconds < watchSeconds.shortest) {
    return { status: 423, headers: { 'Min-Expires': String(watchSeconds.shortest) } };
  }
  return Math.min(seconds, watchSeconds.longest);
};

const readContact = (req: SipRequest): string | Rejection => {
  const header = req.get('Contact');
  if (!header) return { status: 400, phrase: 'Missing Contact' };
  const [only, ...more] = isHeaderSafe(header) ? (readContacts(header) ?? []) : [];
  if (!only || more.length > 0) return { status: 400, phrase: 'Bad Contact' };
  return only.uri.length > longestContact ? { status: 400, phrase: 'Contact Too Long' } : only.uri;
};
