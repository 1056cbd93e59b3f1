import { randomUUID } from 'node:crypto';
import { headerOf, print, type Request } from '../message/message.js';
import { requestSent } from '../wire/events.js';
import { composeSameBranch } from './compose-request.js';
import type { Engine } from './engine.js';
import { releaseCancel } from './invite-answered.js';
import type { Outgoing } from './outgoing.js';

/** Cancels an INVITE of the application's (RFC 3261 section 9.1); the result is the answer to the application. */
export function cancel(engine: Engine, transactionId: string, wanted: Request): string {
  const invite = engine.outgoing.byId(transactionId);
  if (invite?.request.method !== 'INVITE') return `NOK|unable to cancel unknown transaction id: ${transactionId}`;
  if (invite.cancelled) return 'NOK|internal server error canceling transaction: it is cancelled already';
  const text = cancelInvite(engine, invite, wanted);
  const told = { text, transactionId: randomUUID(), dialogId: '', path: invite.path };
  return requestSent(told, invite.heldCancel ? 0 : text.length);
}

/** Sends the CANCEL now, or as soon as the callee shows that it has the INVITE; nothing when the answer is there already. */
export function cancelInvite(engine: Engine, invite: Outgoing, wanted?: Request): string {
  const text = print(composeSameBranch(invite, { method: 'CANCEL', to: headerOf(invite.request, 'to') ?? '' }, wanted));
  invite.cancelled = true;
  if (invite.finalSeen) {
    if (invite.dialog && !invite.isInDialog && !invite.dialog.acks.has(invite.dialog.inviteSeq))
      invite.dialog.cancelled = true;
    return text;
  }
  invite.heldCancel = text;
  if (invite.provisionalSeen) releaseCancel(engine, invite);
  return text;
}
