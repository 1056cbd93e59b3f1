import { replyTo } from '../../sip/core/reply.js';
import { tagOf } from '../../sip/message/address.js';
import { flawOf } from '../../sip/message/check.js';
import { headerOf, print, type Request } from '../../sip/message/message.js';
import { type Parsed, parse } from '../../sip/message/parse.js';
import { stampVia, topVia, type Via } from '../../sip/message/via.js';
import { clientKey, newTag, serverKey } from '../../sip/transaction/key.js';
import { type ServerInvite, serverInvite } from '../../sip/transaction/server-invite.js';
import { serverPlain } from '../../sip/transaction/server-plain.js';
import type { Path } from '../../sip/transport/path.js';
import { hangUp } from '../channel/hang-up.js';
import { answer } from './answer.js';
import { dialogKey, seqOf } from './dialog.js';
import { requestInDialog } from './in-dialog.js';
import { inviteArrived } from './invite.js';
import type { Incoming, UserAgent } from './user-agent.js';

/** The longest refusal that is worth sending. */
const refusalLimit = 4096;

/** Takes one message from the network; nothing that comes in can harm. */
export function takeMessage(ua: UserAgent, text: string, path: Path): void {
  const parsed = parse(text.trimStart());
  const { message } = parsed;
  if (message?.kind === 'response') {
    const [, method = ''] = (headerOf(message, 'cseq') ?? '').split(/\s+/);
    ua.outgoing.get(clientKey(topVia(message)?.params.get('branch') ?? '', method))?.received(message);
    return;
  }
  const flaw = flawOf(parsed);
  if (flaw) refuse(parsed, flaw, path);
  else if (message) requestArrived(ua, message, path);
}

/** What is no request for anybody is answered without a transaction; an ACK is not answered. */
function refuse({ headers, startLine }: Parsed, flaw: { status: number; reason: string }, path: Path): void {
  if (/^(ACK |SIP\/)/i.test(startLine) || !headers.some(({ key }) => key === 'via')) return;
  const bare: Request = { kind: 'request', method: startLine.split(' ', 1)[0] ?? '', uri: '', headers, body: '' };
  const via = topVia(bare);
  const refusal = print(replyTo(via ? stampVia(bare, via, path) : bare, { ...flaw, toTag: newTag() }));
  if (refusal.length <= refusalLimit) path.send(refusal);
}

function requestArrived(ua: UserAgent, message: Request, path: Path): void {
  const via = topVia(message);
  if (!via) return;
  const request = stampVia(message, via, path);
  const key = serverKey(request, via);
  const known = ua.incoming.get(key);
  if (request.method === 'ACK') {
    ackArrived(ua, request, known);
    return;
  }
  if (known) {
    known.transaction.retransmitted();
    return;
  }
  const incoming = openIncoming(ua, { request, path, key });
  if (request.method === 'CANCEL') {
    cancelArrived(ua, incoming, via);
    return;
  }
  if (tagOf(headerOf(request, 'to'))) {
    requestInDialog(ua, incoming);
    return;
  }
  requestOutside(ua, incoming);
}

function openIncoming(ua: UserAgent, arrived: { request: Request; path: Path; key: string }): Incoming {
  const { request, path, key } = arrived;
  const ended = (): void => void ua.incoming.delete(key);
  const toTag = tagOf(headerOf(request, 'to')) ?? newTag();
  const unacknowledged = (): void => giveUp(ua, dialogKey(request, toTag));
  const { clock } = ua;
  const isInvite = request.method === 'INVITE';
  const transaction = isInvite
    ? serverInvite({ clock, path, user: { ended, unacknowledged } })
    : serverPlain({ clock, path, ended });
  const incoming: Incoming = { request, path, transaction, toTag };
  ua.incoming.set(key, incoming);
  if (isInvite) transaction.respond(100, print(replyTo(request, { status: 100, reason: 'Trying' })));
  return incoming;
}

/** Our 200 was never acknowledged: the call cannot stand (RFC 3261 section 13.3.1.4). */
function giveUp({ dialogs, server }: UserAgent, key: string): void {
  const channel = server.channels.get(dialogs.get(key)?.channelId ?? '');
  if (channel) hangUp(server, channel, { cause: 'RECOVERY_ON_TIMER_EXPIRE' });
}

function ackArrived({ dialogs }: UserAgent, request: Request, known: Incoming | undefined): void {
  const waiting = dialogs.get(dialogKey(request))?.unacknowledged;
  const invite = waiting?.get(seqOf(request)) ?? (known?.transaction as ServerInvite | undefined);
  waiting?.delete(seqOf(request));
  invite?.acknowledged();
}

function cancelArrived(ua: UserAgent, cancel: Incoming, via: Via): void {
  const invite = ua.incoming.get(serverKey(cancel.request, via, 'INVITE'));
  answer(cancel, { status: invite ? 200 : 481 });
  if (invite && !invite.transaction.answered) answer(invite, { status: 487 });
}

function requestOutside(ua: UserAgent, incoming: Incoming): void {
  const { method } = incoming.request;
  if (method === 'INVITE') {
    inviteArrived(ua, incoming).catch(() => answer(incoming, { status: 500 }));
  } else if (method === 'OPTIONS') answer(incoming, { status: 200 });
  else answer(incoming, { status: method === 'BYE' || method === 'UPDATE' ? 481 : 501 });
}
