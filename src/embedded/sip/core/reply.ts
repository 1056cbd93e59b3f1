import { withTag } from '../message/address.js';
import { type Header, headerOf, makeHeader, type Request, type Response } from '../message/message.js';

/** What a response says beside what it copies from its request. */
export interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly toTag?: string | undefined;
  readonly headers?: readonly Header[];
  readonly body?: string;
}

/** The phrases of the responses that the engine makes up itself. */
const phrases: Readonly<Record<number, string>> = {
  100: 'Trying',
  200: 'OK',
  408: 'Request Timeout',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  483: 'Too Many Hops',
  487: 'Request Terminated',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** The usual phrase of a status that the engine uses. */
export function phraseOf(status: number): string {
  return phrases[status] ?? '';
}

/** The methods whose responses carry the request's Record-Route back. */
const recordsRoutes = new Set(['INVITE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);

function copied(request: Request, reply: Reply): Header[] {
  const headers = request.headers.filter(({ key }) => key === 'via');
  const keepsRoute = reply.status > 100 && reply.status < 300 && recordsRoutes.has(request.method);
  if (keepsRoute) headers.push(...request.headers.filter(({ key }) => key === 'record-route'));
  for (const key of ['from', 'to', 'call-id', 'cseq']) {
    const header = request.headers.find((candidate) => candidate.key === key);
    if (!header) continue;
    const tagged = key === 'to' && reply.toTag;
    headers.push(tagged ? makeHeader('To', withTag(header.value, tagged)) : header);
  }
  return headers;
}

/** A response to that request (RFC 3261 section 8.2.6). */
export function replyTo(request: Request, reply: Reply): Response {
  const body = reply.body ?? '';
  const headers = [...copied(request, reply), ...(reply.headers ?? [])];
  // Date and hop count of a 100 are nobody's business; its Timestamp is the sender's (RFC 3261 section 8.2.6.1).
  const timestamp = reply.status === 100 ? headerOf(request, 'timestamp') : undefined;
  if (timestamp) headers.push(makeHeader('Timestamp', timestamp));
  headers.push(makeHeader('Content-Length', String(body.length)));
  return { kind: 'response', status: reply.status, reason: reply.reason, headers, body };
}
