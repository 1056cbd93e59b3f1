import { parseParams } from './uri.js';

/** A name-addr or addr-spec with its header parameters: From, To, Contact, Route (RFC 3261 section 20.10). */
export interface Address {
  readonly uri: string;
  readonly params: ReadonlyMap<string, string>;
}

function endOfQuoted(text: string): number {
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return -1;
}

function readBracketed(display: string, text: string): Address | undefined {
  const close = text.indexOf('>');
  if (close < 0 || /[",;]/.test(display)) return undefined;
  const params = parseParams(text.slice(close + 1).trim());
  const uri = text.slice(1, close).trim();
  return params && uri !== '' ? { uri, params } : undefined;
}

function readBare(text: string): Address | undefined {
  const semicolon = text.indexOf(';');
  const uri = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  const params = parseParams(semicolon < 0 ? '' : text.slice(semicolon));
  // Without brackets a question mark or comma belongs to nobody (RFC 3261 section 20).
  if (!params || uri === '' || /[?,"\s]/.test(uri)) return undefined;
  return { uri, params };
}

/** Reads one address; undefined when it is malformed. */
export function parseAddress(value: string): Address | undefined {
  const text = value.trim();
  if (text.startsWith('"')) {
    const end = endOfQuoted(text);
    const after = text.slice(end + 1).trimStart();
    return end > 0 && after.startsWith('<') ? readBracketed('', after) : undefined;
  }
  const open = text.indexOf('<');
  return open < 0 ? readBare(text) : readBracketed(text.slice(0, open), text.slice(open));
}

/** The tag of a From or To value, or undefined. */
export function tagOf(value: string | undefined): string | undefined {
  return (value !== undefined && parseAddress(value)?.params.get('tag')) || undefined;
}

/** The value with that tag, unless it has one already. */
export function withTag(value: string, tag: string): string {
  if (tagOf(value)) return value;
  const bare = !value.includes('<') && value.includes(';');
  return bare ? `<${value}>;tag=${tag}` : `${value};tag=${tag}`;
}
