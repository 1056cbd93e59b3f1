import { replyTo } from '../../sip/core/reply.js';
import { type Header, makeHeader, print } from '../../sip/message/message.js';
import { printHostPort } from '../../sip/message/uri.js';
import type { Incoming } from './user-agent.js';

/** The phrases of our answers. */
const phrases: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  403: 'Forbidden',
  481: 'Call Does Not Exist',
  482: 'Request merged',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Maximum Calls In Progress',
};

const allowed = 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE';

/** Seconds after which a server that is full may be asked again, as FreeSWITCH says it. */
const retryAfter = '300';

/** What an answer says beside its status. */
export interface Answer {
  readonly status: number;
  readonly reason?: string;
  /** A description; none for an empty answer. */
  readonly sdp?: string;
}

/** Answers a request. */
export function answer(incoming: Incoming, { status, reason, sdp }: Answer): void {
  const { request, path, transaction, toTag } = incoming;
  const { host, port } = path.local;
  const contact = `<sip:drachtio@${printHostPort(host, port)};transport=${path.proto}>`;
  const headers: Header[] = [makeHeader('User-Agent', 'callpickup-embedded-media'), makeHeader('Allow', allowed)];
  if (status === 503) headers.push(makeHeader('Retry-After', retryAfter));
  if (sdp !== undefined) {
    headers.push(makeHeader('Contact', contact), makeHeader('Content-Type', 'application/sdp'));
  }
  const said = { status, reason: reason ?? phrases[status] ?? 'Refused', toTag, headers, body: sdp ?? '' };
  transaction.respond(status, print(replyTo(request, said)));
}
