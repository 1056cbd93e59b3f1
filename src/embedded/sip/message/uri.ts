/** A SIP or SIPS URI (RFC 3261 section 19.1), in the parts that routing needs. */
export interface Uri {
  readonly scheme: 'sip' | 'sips';
  readonly user: string | undefined;
  /** Without the brackets of an IPv6 reference, lower case. */
  readonly host: string;
  readonly port: number | undefined;
  /** Names in lower case; an empty string for a parameter without a value. */
  readonly params: ReadonlyMap<string, string>;
}

const hostPort = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i;

/** Parameters as `;a=b;c`, into a map; undefined when one has no name. Quoted values keep their quotes. */
export function parseParams(text: string): Map<string, string> | undefined {
  const params = new Map<string, string>();
  if (text === '') return params;
  for (const part of splitOutsideQuotes(text.slice(1), ';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name === '' || text[0] !== ';') return undefined;
    params.set(name, equals < 0 ? '' : part.slice(equals + 1).trim());
  }
  return params;
}

/** Cuts at each separator that stands outside quotes and angle brackets. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let angle = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === '\\') i++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === '<') angle = true;
    else if (!quoted && char === '>') angle = false;
    else if (!quoted && !angle && char === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Reads a SIP or SIPS URI; undefined for any other scheme and for what is no URI. */
export function parseUri(text: string): Uri | undefined {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0)).toLowerCase();
  if ((scheme !== 'sip' && scheme !== 'sips') || /[\s<>"]/.test(text)) return undefined;
  // A user may hold any of ;?/ but an @ stands nowhere else.
  const rest = text.slice(colon + 1);
  const at = rest.lastIndexOf('@');
  const user = at < 0 ? undefined : rest.slice(0, at);
  const afterUser = rest.slice(at + 1).split('?', 1)[0] ?? '';
  const semicolon = afterUser.indexOf(';');
  const place = hostPort.exec(semicolon < 0 ? afterUser : afterUser.slice(0, semicolon));
  const params = parseParams(semicolon < 0 ? '' : afterUser.slice(semicolon));
  const host = place?.[1] ?? place?.[2];
  const port = place?.[3] === undefined ? undefined : Number(place[3]);
  if (host === undefined || !params || user === '' || (port ?? 1) > 65535) return undefined;
  return { scheme, user, host: host.toLowerCase(), port, params };
}

/** Host and port as written in a URI or Via: IPv6 in brackets. */
export function printHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
