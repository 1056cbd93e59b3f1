import { randomUUID } from 'node:crypto';
import { tagOf } from '../message/address.js';
import { headerOf, type Request } from '../message/message.js';
import type { Via } from '../message/via.js';

/** The mark of a branch that is unique (RFC 3261 section 8.1.1.7). */
export const magicCookie = 'z9hG4bK';

/** A branch for a transaction of ours. */
export function newBranch(): string {
  return magicCookie + randomUUID().replaceAll('-', '').slice(0, 20);
}

/** A tag for a dialog of ours. */
export function newTag(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16);
}

/**
 * What a request of that method in this server transaction is known by (RFC 3261 section 17.2.3). An ACK to a failure
 * belongs to its INVITE; for senders of RFC 2543 the whole request line and dialog stand in for the branch.
 */
export function serverKey(request: Request, via: Via, method = request.method): string {
  const owner = method === 'ACK' ? 'INVITE' : method;
  const sentBy = `${via.host}:${via.port ?? 5060}`;
  const branch = via.params.get('branch') ?? '';
  if (branch.startsWith(magicCookie) && branch.length > magicCookie.length) return `${branch} ${sentBy} ${owner}`;
  const number = headerOf(request, 'cseq')?.split(' ', 1)[0];
  return `${headerOf(request, 'call-id')} ${number} ${tagOf(headerOf(request, 'from'))} ${sentBy} ${owner}`;
}

/** What a response to a request of ours is known by (RFC 3261 section 17.1.3). */
export function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`;
}
