import { createHash, randomBytes } from 'node:crypto';

/** A SIP message as it came off the wire: nothing normalised, so that a test sees what really passed. */
export interface SipText {
  startLine: string;
  /** Header lines in order, name and value as written. */
  lines: readonly (readonly [name: string, value: string])[];
  body: string;
  /** Everything up to the empty line. */
  head: string;
  source: { address: string; port: number };
}

/** Reads a message; header names are compared later, so the odd ones stay odd. */
export function readSip(raw: string, source: SipText['source']): SipText {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const [startLine = '', ...headers] = head.split('\r\n');
  const lines = headers.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
  });
  return { startLine, lines, body: rest.join('\r\n\r\n'), head, source };
}

/** All values of a header, in order. */
export function all(message: SipText, name: string): string[] {
  return message.lines.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** The first value of a header, or the empty string. */
export function first(message: SipText, name: string): string {
  return all(message, name)[0] ?? '';
}

/** Status code of a response, 0 for a request. */
export function status(message: SipText): number {
  return Number(/^SIP\/2\.0 (\d+)/.exec(message.startLine)?.[1] ?? 0);
}

/** Method of a request, or of the request that a response answers. */
export function method(message: SipText): string {
  return status(message) ? (first(message, 'CSeq').split(' ')[1] ?? '') : (message.startLine.split(' ')[0] ?? '');
}

/** What a request is written from; the rest has sensible values. */
export interface RequestParts {
  method: string;
  uri: string;
  /** Value of the top Via without its branch, e.g. `SIP/2.0/UDP 127.0.0.1:5060`. */
  via: string;
  from?: string;
  to?: string;
  callId?: string;
  cseq?: number;
  maxForwards?: number;
  /** Whole header lines. */
  headers?: readonly string[];
  body?: string;
}

/** A request as text, with a new branch, and a new Call-ID and tag unless given. */
export function request(parts: RequestParts): string {
  const lines = [
    `${parts.method} ${parts.uri} SIP/2.0`,
    `Via: ${parts.via};branch=z9hG4bK${token()};rport`,
    `Max-Forwards: ${parts.maxForwards ?? 70}`,
    `From: ${parts.from ?? `<sip:100@acme.example>;tag=${token()}`}`,
    `To: ${parts.to ?? `<${parts.uri}>`}`,
    `Call-ID: ${parts.callId ?? token()}`,
    `CSeq: ${parts.cseq ?? 1} ${parts.method}`,
    ...(parts.headers ?? []),
    `Content-Length: ${Buffer.byteLength(parts.body ?? '')}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${parts.body ?? ''}`;
}

/** A response to a request, with its Vias, Record-Routes and ids. */
export function response(
  to: SipText,
  line: string,
  more: { tag?: string; headers?: string[]; body?: string } = {},
): string {
  const toValue = first(to, 'To');
  const lines = [
    `SIP/2.0 ${line}`,
    ...all(to, 'Via').map((via) => `Via: ${via}`),
    ...all(to, 'Record-Route').map((route) => `Record-Route: ${route}`),
    `From: ${first(to, 'From')}`,
    `To: ${toValue}${more.tag && !toValue.includes(';tag=') ? `;tag=${more.tag}` : ''}`,
    `Call-ID: ${first(to, 'Call-ID')}`,
    `CSeq: ${first(to, 'CSeq')}`,
    ...(more.headers ?? []),
    `Content-Length: ${Buffer.byteLength(more.body ?? '')}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${more.body ?? ''}`;
}

/** The answer to a digest challenge (RFC 7616 with MD5 and qop=auth), as the value of (Proxy-)Authorization. */
export function digest(
  challenge: string,
  login: { username: string; password: string; method: string; uri: string; nc?: number },
): string {
  const parameter = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const [realm, nonce, cnonce] = [parameter('realm'), parameter('nonce'), token()];
  const nc = (login.nc ?? 1).toString(16).padStart(8, '0');
  const secret = md5(`${login.username}:${realm}:${login.password}`);
  const answer = md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`${login.method}:${login.uri}`)}`);
  return (
    `Digest username="${login.username}", realm="${realm}", nonce="${nonce}", uri="${login.uri}", ` +
    `response="${answer}", algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=${nc}`
  );
}

/** A word that no other message of this run has. */
export function token(): string {
  return randomBytes(6).toString('hex');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
