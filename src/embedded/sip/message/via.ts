import { type Header, makeHeader, type Request } from './message.js';
import { parseParams, splitOutsideQuotes } from './uri.js';

/** One hop of a Via header (RFC 3261 section 20.42). */
export interface Via {
  readonly transport: string;
  /** As the sender wrote it, lower case, without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyMap<string, string>;
}

const sentProtocol = /^SIP ?\/ ?2\.0 ?\/ ?([A-Za-z0-9-]+) (\[[^\]]*\]|[^ ;:,]+) ?(?:: ?(\d{1,5}))? ?(;.*)?$/i;

/** Reads one hop; undefined when it is malformed. */
export function parseVia(text: string): Via | undefined {
  // White space is allowed nearly everywhere here; one blank at most keeps the pattern linear.
  const match = sentProtocol.exec(text.trim().replace(/\s+/g, ' '));
  const params = match && parseParams(match[4] ?? '');
  if (!match?.[1] || !match[2] || !params) return undefined;
  const host = match[2].replace(/^\[|\]$/g, '').toLowerCase();
  return { transport: match[1].toUpperCase(), host, port: match[3] ? Number(match[3]) : undefined, params };
}

/** The topmost hop of a message. */
export function topVia(message: { readonly headers: readonly Header[] }): Via | undefined {
  const header = message.headers.find(({ key }) => key === 'via');
  return header && parseVia(splitOutsideQuotes(header.value, ',')[0] ?? '');
}

function stamped(hop: string, via: Via, source: { address: string; port: number }): string {
  const withoutRport = hop.trim().replace(/; ?rport ?(?:= ?\d*)?(?=$|[; ])/i, '');
  const received = via.host === source.address || via.params.has('received') ? '' : `;received=${source.address}`;
  return `${withoutRport}${received};rport=${source.port}`;
}

/** The request with the place it really came from in its top Via (RFC 3261 section 18.2.1, RFC 3581), asked for or not. */
export function stampVia(request: Request, via: Via, source: { address: string; port: number }): Request {
  const index = request.headers.findIndex(({ key }) => key === 'via');
  const header = request.headers[index];
  if (!header) return request;
  const [top = '', ...others] = splitOutsideQuotes(header.value, ',');
  const headers = [...request.headers];
  headers[index] = makeHeader('Via', [stamped(top, via, source), ...others].join(','));
  return { ...request, headers };
}
