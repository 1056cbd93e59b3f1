import { splitOutsideQuotes } from './contacts.js';
import { type Replaces, readReplaces } from './replaces.js';
import type { SipRequest } from './srf.js';

/** Where a REFER sends the other party (RFC 3515 section 2.1), or the status and the reason why that cannot be read. */
export type ReferTo =
  | { kind: 'number'; user: string; host: string }
  | { kind: 'dialog'; replaces: Replaces }
  | { kind: 'bad'; status: 400 | 416 | 603; phrase: string };

/** A URI in it may be so long. */
const longest = 1_000;

const bad = (status: 400 | 416 | 603, phrase: string): ReferTo => ({ kind: 'bad', status, phrase });

/** Reads Refer-To, in its compact form too: drachtio does not know that one (protocol.md S1). */
export const readReferTo = (req: SipRequest): ReferTo => {
  const values = ['Refer-To', 'r'].flatMap((name) => splitOutsideQuotes(req.get(name) ?? ''));
  const [value, ...more] = values.map((each) => each.trim()).filter((each) => each !== '');
  if (value === undefined) return bad(400, 'Missing Refer-To');
  if (more.length > 0) return bad(400, 'More Than One Refer-To');
  const uri = uriIn(value);
  if (uri === undefined || uri.length > longest) return bad(400, 'Bad Refer-To');
  return readUri(uri);
};

/** Without angle brackets parameters belong to the header (RFC 3261 section 20.10). */
const uriIn = (value: string): string | undefined =>
  /^(?:"(?:[^"\\]|\\.)*"\s*|[^<"]*)<([^<>\s]+)>/.exec(value)?.[1] ?? /^[^\s;<>"]+/.exec(value)?.[0];

const readUri = (uri: string): ReferTo => {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(uri) ?? [];
  if (scheme === undefined) return bad(400, 'Bad Refer-To');
  if (!/^sips?$/i.test(scheme)) return bad(416, 'Unsupported URI Scheme');
  const [address = '', ...questions] = rest.split('?');
  const method = /;method=([^;]*)/i.exec(address)?.[1];
  if (method !== undefined && method.toUpperCase() !== 'INVITE') return bad(603, 'Only Calls Are Transferred');
  const replaces = headersIn(questions.join('?')).filter(([name]) => name === 'replaces');
  if (replaces.length > 1) return bad(400, 'More Than One Replaces');
  return replaces[0] ? readDialog(replaces[0][1]) : readNumber(address);
};

/** The headers that stand in a URI (RFC 3261 section 19.1.1); names have no case, values are still escaped. */
const headersIn = (text: string): [name: string, value: string][] =>
  text.split('&').map((header) => {
    const [name = '', ...value] = header.split('=');
    return [name.toLowerCase(), value.join('=')];
  });

/** Unescaped once: what is escaped in it a second time belongs to the Call-ID (protocol.md 13.3). */
const readDialog = (escaped: string): ReferTo => {
  const value = unescaped(escaped);
  const replaces = value === undefined ? undefined : readReplaces(value);
  return replaces ? { kind: 'dialog', replaces } : bad(400, 'Bad Replaces In Refer-To');
};

const unescaped = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const readNumber = (address: string): ReferTo => {
  const [, user, host] = /^([^@]+)@(\[[0-9a-f:.]+\]|[^:;[\]]+)/i.exec(address) ?? [];
  return user && host ? { kind: 'number', user: user.replace(/:.*$/, ''), host } : bad(400, 'Nobody In Refer-To');
};
