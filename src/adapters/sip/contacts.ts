import { parseUri } from './srf.js';

/** One Contact of a REGISTER. */
export interface Contact {
  readonly uri: string;
  /** Seconds, where the contact says so itself. */
  readonly expires?: number;
}

/** A REGISTER may name so many contacts; the rest of the field's phones name one. */
const mostContacts = 10;

/** A URI may be so long; drachtio-server cuts a start line at 512 bytes. */
const longestUri = 400;

/**
 * Reads the Contact header of a REGISTER, or undefined if one of them is no SIP URI. What stands behind `?` in a URI
 * is refused: drachtio-server would make headers of our INVITE of it (RFC 3261 section 19.1.1).
 */
export const readContacts = (header: string): Contact[] | undefined => {
  const parts = splitOutsideQuotes(header);
  if (parts.length > mostContacts) return undefined;
  const contacts = parts.map(readContact);
  return contacts.every((contact) => contact !== undefined) ? contacts : undefined;
};

const nameAddr = /^(?:"(?:[^"\\]|\\.)*"\s*|[^<"]*)<([^<>]+)>(.*)$/s;

const readContact = (text: string): Contact | undefined => {
  const bracketed = nameAddr.exec(text.trim());
  // Without angle brackets parameters belong to the header (RFC 3261 section 20).
  const bare = text.trim().split(';');
  const uri = bracketed ? bracketed[1] : bare[0];
  const parameters = bracketed ? (bracketed[2] ?? '') : `;${bare.slice(1).join(';')}`;
  if (!uri || !isPhoneUri(uri)) return undefined;
  const expires = /;\s*expires\s*=\s*"?(\d{1,10})"?\s*(?:;|$)/i.exec(parameters)?.[1];
  return { uri, ...(expires !== undefined && { expires: Number(expires) }) };
};

/** True if a Contact header names exactly one SIP address, whatever its parameters. */
export const isOneAddress = (header: string): boolean => {
  const [only = '', ...more] = splitOutsideQuotes(header);
  const uri = nameAddr.exec(only.trim())?.[1] ?? only.trim().split(';')[0] ?? '';
  return more.length === 0 && parseUri(uri)?.host !== undefined;
};

const isPhoneUri = (uri: string): boolean =>
  uri.length <= longestUri && /^sips?:[\x21-\x3b\x3d\x40-\x7e]+$/i.test(uri) && parseUri(uri)?.host !== undefined;

/** Reads the Path header (RFC 3327): the URIs, first hop first. Undefined if one of them is no SIP URI. */
export const readPath = (header: string | undefined): string[] | undefined => {
  if (header === undefined) return [];
  const uris = splitOutsideQuotes(header).map((part) => nameAddr.exec(part.trim())?.[1]);
  return uris.every((uri) => uri !== undefined && isPhoneUri(uri)) ? (uris as string[]) : undefined;
};

/** Splits a list header at its commas, but not at those in quotes or in angle brackets. */
export const splitOutsideQuotes = (header: string): string[] => {
  const parts: string[] = [];
  let begin = 0;
  let inQuotes = false;
  let inBrackets = false;
  for (let i = 0; i < header.length; i += 1) {
    const character = header[i];
    if (inQuotes && character === '\\') i += 1;
    else if (character === '"') inQuotes = !inQuotes;
    else if (!inQuotes && character === '<') inBrackets = true;
    else if (!inQuotes && character === '>') inBrackets = false;
    else if (!inQuotes && !inBrackets && character === ',') {
      parts.push(header.slice(begin, i));
      begin = i + 1;
    }
  }
  parts.push(header.slice(begin));
  return parts;
};
