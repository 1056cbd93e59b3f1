import { tagOf } from '../message/address.js';
import { headerOf, print } from '../message/message.js';
import { messageArrived } from '../wire/events.js';
import type { Engine } from './engine.js';
import type { Incoming } from './incoming.js';
import { hangUp } from './made-up.js';
import { answerAlone } from './open-incoming.js';

/** A CANCEL (RFC 3261 section 9.2): 200 to it, 487 to the INVITE, and the application is told. */
export function cancelArrived(engine: Engine, cancel: Incoming, invite: Incoming | undefined): void {
  if (!invite || invite.transaction.answered) {
    cancelTooLate(engine, cancel);
    return;
  }
  cancel.toTag = invite.toTag;
  answerAlone(engine, cancel, 200);
  const dialogId = invite.provisionalSent || invite.isInDialog ? (invite.dialog?.id ?? '') : '';
  answerAlone(engine, invite, 487);
  invite.stopSearch();
  const told = { text: print(cancel.request), transactionId: invite.id, dialogId, path: cancel.path };
  invite.client?.send(messageArrived(told, cancel.bytes));
}

/** Nothing to cancel. Who cancels inside a dialog that has no ACK yet does not want it: it is hung up. */
function cancelTooLate(engine: Engine, cancel: Incoming): void {
  answerAlone(engine, cancel, 481);
  const toTag = tagOf(headerOf(cancel.request, 'to'));
  const callId = headerOf(cancel.request, 'call-id') ?? '';
  const dialog = toTag && engine.dialogs.ofRequest(callId, toTag, tagOf(headerOf(cancel.request, 'from')));
  if (dialog && dialog.unacked.size > 0) hangUp(engine, dialog, 'SIP;cause=200;text="CANCEL after 200 OK"');
}
