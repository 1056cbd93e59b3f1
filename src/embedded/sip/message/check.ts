import { parseAddress } from './address.js';
import { headerOf, headersOf, type Request } from './message.js';
import { declaredLength, type Parsed } from './parse.js';
import { parseUri, splitOutsideQuotes } from './uri.js';
import { parseVia } from './via.js';

/** Why a request is refused before anybody sees it. */
export interface Flaw {
  readonly status: number;
  readonly reason: string;
}

const single = [
  'from',
  'to',
  'call-id',
  'cseq',
  'max-forwards',
  'content-length',
  'content-type',
  'expires',
  'replaces',
];
const schemes = new Set(['sip', 'sips', 'tel', 'urn']);

const bad = (what: string): Flaw => ({ status: 400, reason: `Bad ${what}` });

function checkUri(request: Request): Flaw | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(request.uri)?.[1]?.toLowerCase();
  if (!scheme) return bad('Request-URI');
  if (!schemes.has(scheme)) return { status: 416, reason: 'Unsupported URI Scheme' };
  return scheme.startsWith('sip') && !parseUri(request.uri) ? bad('Request-URI') : undefined;
}

function checkCseq(request: Request): Flaw | undefined {
  const [number = '', method, ...more] = (headerOf(request, 'cseq') ?? '').split(/[ \t]+/);
  if (!/^\d{1,10}$/.test(number) || Number(number) >= 2 ** 32 || more.length > 0) return bad('CSeq Header');
  return method === request.method ? undefined : bad('CSeq Header');
}

function checkAddresses(request: Request): Flaw | undefined {
  if (!parseAddress(headerOf(request, 'from') ?? '')) return bad('From Header');
  if (!parseAddress(headerOf(request, 'to') ?? '')) return bad('To Header');
  for (const value of headersOf(request, 'contact'))
    if (value !== '*' && !splitOutsideQuotes(value, ',').every(parseAddress)) return bad('Contact Header');
  return undefined;
}

function checkVias(request: Request): Flaw | undefined {
  const vias = headersOf(request, 'via').flatMap((value) => splitOutsideQuotes(value, ','));
  return vias.length > 0 && vias.every(parseVia) ? undefined : bad('Via Header');
}

function checkSingles(request: Request): Flaw | undefined {
  const seen = new Set<string>();
  for (const { key, value } of request.headers) {
    if (!single.includes(key)) continue;
    if (seen.has(key) || value === '') return bad(`${key} Header`);
    seen.add(key);
  }
  return seen.has('call-id') ? undefined : bad('Call-ID Header');
}

function checkNumbers(request: Request): Flaw | undefined {
  const hops = headerOf(request, 'max-forwards');
  return hops !== undefined && !/^\d{1,10}$/.test(hops) ? bad('Max-Forwards Header') : undefined;
}

function checkLength(parsed: Parsed): Flaw | undefined {
  const length = declaredLength(parsed.headers) ?? 0;
  return length < 0 || length > parsed.rest.length ? bad('Content-Length Header') : undefined;
}

function checkStart(parsed: Parsed): Flaw | undefined {
  if (/ SIP\/(?!2\.0[ \t]*$)\d+\.\d+[ \t]*$/i.test(parsed.startLine))
    return { status: 505, reason: 'Version Not Supported' };
  return parsed.badLine === undefined ? undefined : bad('Header');
}

/** The first thing wrong with a request, as RFC 4475 asks us to see it; undefined when the core may have it. */
export function flawOf(parsed: Parsed): Flaw | undefined {
  const { message } = parsed;
  if (!message) return checkStart(parsed) ?? bad('Request');
  if (message.kind === 'response') return undefined;
  return (
    checkStart(parsed) ??
    checkLength(parsed) ??
    checkSingles(message) ??
    checkVias(message) ??
    checkAddresses(message) ??
    checkCseq(message) ??
    checkNumbers(message) ??
    checkUri(message)
  );
}
