import { appHeaders } from '../core/app-headers.js';
import type { Composed } from '../core/compose-request.js';
import { ownUri } from '../core/own-contact.js';
import { type Header, headerOf, makeHeader, type Request, type Response } from '../message/message.js';
import { printHostPort, splitOutsideQuotes } from '../message/uri.js';
import { newBranch } from '../transaction/key.js';
import type { Path } from '../transport/path.js';

/** Where a copy of a request goes, and what it takes along. */
export interface Copy {
  readonly uri: string;
  readonly path: Path;
  /** Stay on the way of all later requests: Record-Route, or Path for a REGISTER (RFC 3327). */
  readonly staysOnPath?: boolean;
  /** What the application adds. */
  readonly added?: Request;
}

/** True when the request has no hop left (RFC 3261 section 16.3). */
export function hopsAreOver(request: Request): boolean {
  return Number(headerOf(request, 'max-forwards') ?? 70) <= 0;
}

/** All but the first value of the headers of that name. */
export function withoutFirst(headers: readonly Header[], key: string): Header[] {
  const index = headers.findIndex((header) => header.key === key);
  const first = headers[index];
  if (!first) return [...headers];
  const [, ...others] = splitOutsideQuotes(first.value, ',');
  const name = first.line.slice(0, first.line.indexOf(':')).trim();
  const kept = others.length > 0 ? [makeHeader(name, others.join(',').trim())] : [];
  return [...headers.slice(0, index), ...kept.map((header) => ({ ...header, key })), ...headers.slice(index + 1)];
}

function stay(request: Request, path: Path): Header[] {
  const here = `<${ownUri(path)};lr>`;
  if (request.method !== 'REGISTER') return [makeHeader('Record-Route', here)];
  return [makeHeader('Path', here), makeHeader('Require', 'path')];
}

/** The copy of a request that goes to one target (RFC 3261 section 16.6). */
export function copyOf(request: Request, copy: Copy): Composed {
  const { path } = copy;
  const branch = newBranch();
  const fewer = makeHeader('Max-Forwards', String(Number(headerOf(request, 'max-forwards') ?? 71) - 1));
  const sentBy = printHostPort(path.local.host, path.local.port);
  const headers = [
    makeHeader('Via', `SIP/2.0/${path.proto.toUpperCase()} ${sentBy};rport;branch=${branch}`),
    ...(copy.staysOnPath ? stay(request, path) : []),
    ...(headerOf(request, 'max-forwards') === undefined ? [fewer] : []),
    ...request.headers.map((header) => (header.key === 'max-forwards' ? fewer : header)),
    ...(copy.added ? appHeaders(copy.added, path.local) : []),
  ];
  return { branch, request: { ...request, uri: copy.uri, headers } };
}

/** A response as it goes on to the one before us: without our own Via. */
export function responseOnward(response: Response): Response {
  return { ...response, headers: withoutFirst(response.headers, 'via') };
}
