import { randomUUID } from 'node:crypto';
import { tagOf } from '../message/address.js';
import { headerOf, print, type Request } from '../message/message.js';
import type { ServerInvite } from '../transaction/server-invite.js';
import type { Path } from '../transport/path.js';
import { messageArrived } from '../wire/events.js';
import type { Engine } from './engine.js';
import type { Incoming } from './incoming.js';

/** An ACK: to a failure it ends the repetition of it; to a 2xx it goes to the application, once. */
export function ackArrived(
  engine: Engine,
  ack: { readonly request: Request; readonly path: Path; readonly bytes: number },
  invite: Incoming | undefined,
): void {
  const { request, path } = ack;
  const toTag = tagOf(headerOf(request, 'to')) ?? '';
  const dialog = engine.dialogs.ofRequest(headerOf(request, 'call-id') ?? '', toTag, tagOf(headerOf(request, 'from')));
  const number = Number.parseInt(headerOf(request, 'cseq') ?? '', 10);
  const waiting = dialog?.unacked.get(number);
  if (!dialog || !waiting) {
    if (invite?.request.method === 'INVITE') (invite.transaction as ServerInvite).acknowledged();
    return;
  }
  waiting.stop();
  dialog.unacked.delete(number);
  const transactionId = waiting.initial ? waiting.transactionId : randomUUID();
  dialog.owner?.send(messageArrived({ text: print(request), transactionId, dialogId: dialog.id, path }, ack.bytes));
}
