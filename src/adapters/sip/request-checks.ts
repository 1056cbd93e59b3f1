import type { Headers } from './headers.js';
import type { SipRequest } from './srf.js';

/** Why a request is refused before anybody looks at whom it is for. */
export interface Rejection {
  readonly status: number;
  readonly phrase?: string;
  readonly headers?: Headers;
}

/** Looks at one thing of a request. */
export type Check = (req: SipRequest) => Rejection | undefined;

/** drachtio reads the header as text; srf would never count it down (protocol.md C12). */
export const checkMaxForwards: Check = (req) => {
  const value = req.get('Max-Forwards')?.trim();
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) return { status: 400, phrase: 'Bad Max-Forwards' };
  return Number(value) === 0 ? { status: 483 } : undefined;
};

/** A body is read as it stands; srf's table of compact forms takes `e` for another header (protocol.md 18.22). */
export const checkEncoding: Check = (req) =>
  req.has('Content-Encoding') || req.has('Contact-Encoding') || req.has('e')
    ? { status: 415, headers: { 'Accept-Encoding': 'identity' } }
    : undefined;

/** What the phone requires must be understood (RFC 3261 section 8.2.2.3); what is not is named, as far as it is a token. */
export const checkRequire =
  (...understood: readonly string[]): Check =>
  (req) => {
    const unknown = (req.get('Require') ?? '')
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag && !understood.includes(tag.toLowerCase()));
    if (unknown.length === 0) return undefined;
    return { status: 420, headers: { Unsupported: unknown.join(', ').slice(0, 200).replace(notOfTokens, '') } };
  };

const notOfTokens = /[^A-Za-z0-9\-.!%*_+`'~, ]/g;
