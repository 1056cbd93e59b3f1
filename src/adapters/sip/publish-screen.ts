import type { PublishRequest } from '../../flows/publish-presence.js';
import { documentTypes, readEvent } from './event-header.js';
import { readPresence } from './presence-read.js';
import { type Check, checkEncoding, checkMaxForwards, checkRequire, type Rejection } from './request-checks.js';
import type { SipRequest } from './srf.js';
import { readSeconds } from './subscribe-screen.js';
import { definesTypes } from './xml-read.js';

/** What a PUBLISH says. */
export type ScreenedPublish = Pick<PublishRequest, 'tag' | 'presence' | 'seconds'>;

/** A document may be so long in bytes: what a phone says of one extension is a tenth of it. */
const longestDocument = 8_000;

const checkScheme: Check = (req) => (/^sips?:/i.test(req.uri) ? undefined : { status: 416 });

/** Unlike a SUBSCRIBE, a PUBLISH that names no package at all is refused as one that names another (RFC 3903 section 6). */
const checkEvent: Check = (req) => {
  const event = readEvent(req);
  const isKnown = 'name' in event && event.name === 'presence';
  return isKnown ? undefined : { status: 489, headers: { 'Allow-Events': 'presence' } };
};

const checks: readonly Check[] = [checkScheme, checkMaxForwards, checkRequire(), checkEvent, checkEncoding];

/** Reads a PUBLISH, or says why it is refused (RFC 3903 section 6). */
export const screenPublish = (req: SipRequest): ScreenedPublish | Rejection => {
  for (const check of checks) {
    const rejection = check(req);
    if (rejection) return rejection;
  }
  const seconds = readSeconds(req);
  if (typeof seconds !== 'number') return seconds;
  const tag = req.get('SIP-If-Match')?.trim();
  // Such a tag was never given.
  if (tag !== undefined && !/^[A-Za-z0-9-]{1,64}$/.test(tag)) return { status: 412 };
  const presence = presenceIn(req);
  if (typeof presence === 'object') return presence;
  if (tag === undefined && presence === undefined) return { status: 400, phrase: 'Nothing Published' };
  return { seconds, ...(tag !== undefined && { tag }), ...(presence !== undefined && { presence }) };
};

/** Undefined if nothing is said: what was said before stays. */
const presenceIn = (req: SipRequest): NonNullable<ScreenedPublish['presence']> | Rejection | undefined => {
  const body = req.body ?? '';
  if (body.trim() === '') return undefined;
  if (Buffer.byteLength(body) > longestDocument) return { status: 413 };
  if (!/^\s*application\/pidf\+xml\s*(;|$)/i.test(req.get('Content-Type') ?? '')) {
    return { status: 415, headers: { Accept: documentTypes.presence } };
  }
  if (definesTypes(body)) return { status: 400, phrase: 'Document Types Not Taken' };
  return readPresence(body) ?? { status: 400, phrase: 'Bad Presence Document' };
};
