import { type Dialog, dialogIdOf } from '../dialog/dialog.js';
import { contactOf, valuesOf } from '../dialog/route.js';
import { parseAddress, tagOf, withTag } from '../message/address.js';
import { headerOf, type Response } from '../message/message.js';
import type { ServerInvite } from '../transaction/server-invite.js';
import type { Engine } from './engine.js';
import type { Incoming } from './incoming.js';
import { expireAfter } from './subscription.js';

/** What the application's answer does to the dialog of that request: it begins, is confirmed, or ends. */
export function followAnswer(engine: Engine, incoming: Incoming, answer: Response): void {
  const { method } = incoming.request;
  if (method === 'REGISTER' && answer.status === 200) {
    rememberContacts(engine, incoming, answer);
    return;
  }
  if (method === 'NOTIFY' && answer.status >= 200) followNotifyAnswer(engine, incoming);
  if (method === 'INVITE') followInviteAnswer(engine, incoming, answer);
  if (method === 'SUBSCRIBE' && answer.status >= 200 && answer.status < 300) {
    rememberContacts(engine, incoming, answer);
    incoming.dialog ??= begin(engine, incoming);
    incoming.dialog.confirmed = true;
    expireAfter(engine, incoming.dialog, answer, incoming.request);
  }
}

/** The last NOTIFY of a subscription of ours ends it (RFC 6665 section 4.1.3). */
function followNotifyAnswer(engine: Engine, { request, dialog }: Incoming): void {
  const isLast = /^terminated/i.test(headerOf(request, 'subscription-state') ?? '');
  if (isLast && dialog?.method === 'SUBSCRIBE') engine.dialogs.remove(dialog);
}

function followInviteAnswer(engine: Engine, incoming: Incoming, answer: Response): void {
  if (answer.status === 100) return;
  if (answer.status >= 300) {
    if (incoming.dialog && !incoming.dialog.confirmed) engine.dialogs.remove(incoming.dialog);
    return;
  }
  incoming.dialog ??= begin(engine, incoming);
  if (answer.status < 200) return;
  const transaction = incoming.transaction as ServerInvite;
  incoming.dialog.unacked.set(Number.parseInt(headerOf(incoming.request, 'cseq') ?? '', 10), {
    transactionId: incoming.id,
    initial: !incoming.isInDialog,
    stop: () => transaction.acknowledged(),
  });
  incoming.dialog.confirmed = true;
}

/** The dialog that our answer makes, seen from the callee (RFC 3261 section 12.1.1). */
function begin(engine: Engine, incoming: Incoming): Dialog {
  const { request, path } = incoming;
  const callId = headerOf(request, 'call-id') ?? '';
  const from = headerOf(request, 'from') ?? '';
  const fromTag = tagOf(from);
  const dialog: Dialog = {
    id: dialogIdOf(callId, fromTag ?? ''),
    callId,
    localTag: incoming.toTag,
    remoteTag: fromTag,
    method: request.method,
    isCaller: false,
    localAddress: withTag(headerOf(request, 'to') ?? '', incoming.toTag),
    remoteAddress: from,
    localSeq: Number.parseInt(headerOf(request, 'cseq') ?? '', 10),
    target: contactOf(request) ?? parseAddress(from)?.uri ?? '',
    routes: valuesOf(request, 'record-route'),
    path,
    owner: incoming.client,
    confirmed: false,
    inviteSeq: 0,
    acks: new Map(),
    rack: undefined,
    unpracked: undefined,
    cancelled: false,
    unacked: new Map(),
    stopExpiring: () => {},
  };
  engine.dialogs.add(dialog);
  return dialog;
}

/** Calls to a phone that registered over TCP use its connection. */
function rememberContacts(engine: Engine, incoming: Incoming, answer: Response): void {
  const { request, path } = incoming;
  if (path.proto !== 'tcp') return;
  const whole = headerOf(answer, 'expires') ?? headerOf(request, 'expires') ?? '3600';
  for (const value of valuesOf(request, 'contact')) {
    const contact = parseAddress(value);
    if (contact)
      engine.bindings.remember(contact.uri, path, Number.parseInt(contact.params.get('expires') ?? whole, 10) || 0);
  }
}
