import { type Header, type Message, makeHeader } from '../message/message.js';
import { spellingOf } from '../message/names.js';
import { printHostPort, splitOutsideQuotes } from '../message/uri.js';
import type { Endpoint } from '../transport/path.js';

/** Headers that are the engine's business, whatever the application says. */
const dropped = new Set(['via', 'route', 'rseq', 'record-route', 'content-length', 'call-id', 'cseq', 'from', 'to']);
const localised = new Set(['contact', 'from', 'to', 'p-asserted-identity']);

/** The URI in brackets, as every phone understands it; parameters of a bare one are the header's (RFC 3261 section 20). */
function bracketed(address: string): string {
  const text = address.trim();
  if (text === '*' || text.includes('<')) return text;
  const semicolon = text.indexOf(';');
  return semicolon < 0 ? `<${text}>` : `<${text.slice(0, semicolon)}>${text.slice(semicolon)}`;
}

/** An address header as it goes out: in brackets, and `@localhost` stands for our own address, whichever that is. */
export function localise(key: string, value: string, local: Endpoint): string {
  if (!localised.has(key)) return value;
  const here = printHostPort(local.host, local.port);
  const whole = value.includes(',') ? splitOutsideQuotes(value, ',').map(bracketed).join(', ') : bracketed(value);
  const named = whole.replace(/@localhost(?::\d{1,5})?(?=[;>?])/g, `@${here}`);
  return key === 'from' ? named.replace(/(sips?:)localhost(?::\d{1,5})?(?=[;>?])/, `$1${here}`) : named;
}

/** Reasons of several protocols go out one a line, as drachtio-server writes them: some phones read only the first. */
function linesOf(key: string, value: string): string[] {
  return key === 'reason' ? splitOutsideQuotes(value, ',').map((reason) => reason.trim()) : [value];
}

/** The application's own headers as they go out: spelled as usual, without those that are not its business. */
export function appHeaders(message: Message, local: Endpoint): Header[] {
  const kept: Header[] = [];
  for (const { key, value, line } of message.headers) {
    if (dropped.has(key)) continue;
    const name = spellingOf(line.slice(0, line.indexOf(':')).trim());
    for (const one of linesOf(key, value)) kept.push({ ...makeHeader(name, localise(key, one, local)), key });
  }
  return kept;
}

/** The Content-Type of a body that came without: SDP is recognised, anything else is not guessed at. */
export function guessedType(message: Message): Header[] {
  const untyped = message.body !== '' && !message.headers.some(({ key }) => key === 'content-type');
  return untyped && message.body.startsWith('v=0') ? [makeHeader('Content-Type', 'application/sdp')] : [];
}

/** True when there is a body of which nobody can say what it is. */
export function bodyIsUntyped(message: Message): boolean {
  const typed = message.headers.some(({ key }) => key === 'content-type');
  return message.body !== '' && !typed && !message.body.startsWith('v=0');
}
