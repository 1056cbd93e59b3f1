import type { Party } from '../../flows/ports.js';
import { visitedHeader } from './loops.js';

/** Header names and values as drachtio takes them. */
export type Headers = Record<string, string>;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
const control = /[\u0000-\u001f\u007f]/;

/** True if a text may stand in a header: a CR LF in a value would become a header line of its own (reliability.md D7). */
export const isHeaderSafe = (text: string): boolean => !control.test(text);

/** A display name as a quoted string (RFC 3261 section 25.1), without characters that could leave it. */
export const quoted = (name: string): string => `"${printable(name).replace(/[\\"]/g, '\\$&')}"`;

const printable = (text: string): string => text.split('').filter(isHeaderSafe).join('');

/** What came escaped is not escaped again. */
const unescaped = (user: string): string => {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
};

/** Half a surrogate pair, as cutting a text leaves it: it has no UTF-8 and cannot be escaped. */
const halfPair = /\p{Cs}/gu;

/** The user part of a SIP URI, escaped (RFC 3261 section 25.1: only unreserved characters and a few more stay). */
export const uriUser = (user: string): string =>
  unescaped(user)
    .replace(halfPair, '')
    .replace(/[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/gu, (character) => encodeURIComponent(character));

const anonymous = '"Anonymous" <sip:anonymous@anonymous.invalid>';

/** A party as a name-addr, as it is; who reads it is inside the trust domain. */
const nameAddr = ({ name, number, domain }: Party): string => {
  const uri = number ? `sip:${uriUser(number)}@${domain}` : `sip:${domain}`;
  return name ? `${quoted(name)} <${uri}>` : `<${uri}>`;
};

/** A party as From shows it: anonymous if privacy was asked for (RFC 3323 section 4.1). */
export const fromHeader = (party: Party): string => (party.private ? anonymous : nameAddr(party));

/**
 * Tells a phone who is at the other end (RFC 3325). A phone is outside the trust domain, so a party that asked for
 * privacy is asserted as anonymous (RFC 3325 section 7).
 */
export const assertedIdentity = (party: Party): Headers =>
  party.private
    ? { 'P-Asserted-Identity': anonymous, Privacy: 'id' }
    : party.number || party.name
      ? { 'P-Asserted-Identity': nameAddr(party) }
      : {};

/** What we can do; drachtio says nothing of this by itself (protocol.md R17). */
export const capabilities = {
  Allow: 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, MESSAGE, REGISTER, SUBSCRIBE, PUBLISH, REFER, NOTIFY',
  Supported: '100rel, path, replaces, timer',
} as const;

/** The same where calls can be joined (RFC 3911 section 7.2). */
export const capabilitiesWith = (joins: boolean | undefined): Headers =>
  joins ? { ...capabilities, Supported: '100rel, join, path, replaces, timer' } : capabilities;

/** Headers of the caller's INVITE that the phone should see as they are (RFC 7044, RFC 5806, RFC 3261 section 20). */
const passedOn = [visitedHeader, 'Alert-Info', 'Call-Info', 'Diversion', 'History-Info', 'Subject', 'Priority'];

/** All that passes on may not be longer than this, so that the whole message stays under 4 KB (DESIGN 3.11). */
const mostPassed = 800;

/** The headers that go on from the caller's INVITE to the phones, and one hop less to live (RFC 3261 section 8.1.1.6). */
export const passedHeaders = (get: (name: string) => string | undefined): Headers => {
  const passed: Headers = { 'Max-Forwards': String(Number(get('Max-Forwards') ?? 70) - 1) };
  let room = mostPassed;
  for (const name of passedOn) {
    const value = get(name);
    if (!value || !isHeaderSafe(value) || value.length > room) continue;
    passed[name] = value;
    room -= value.length;
  }
  return passed;
};
