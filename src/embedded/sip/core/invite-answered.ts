import { type Dialog, keepAck } from '../dialog/dialog.js';
import { contactOf, valuesOf } from '../dialog/route.js';
import { tagOf } from '../message/address.js';
import { headerOf, print, type Response } from '../message/message.js';
import type { ClientInvite } from '../transaction/client-invite.js';
import { clientPlain } from '../transaction/client-plain.js';
import { composeInDialog } from './compose-request.js';
import { pathInDialog } from './dialog-path.js';
import type { Engine } from './engine.js';
import { hangUp, sendBye } from './made-up.js';
import type { Outgoing } from './outgoing.js';
import { tell } from './plain-answered.js';

/** A response to an INVITE of ours: what it does to the dialog, then the application hears it. */
export function inviteAnswered(engine: Engine, outgoing: Outgoing, answer: Response): void {
  if (answer.status < 200) {
    provisional(engine, outgoing, answer);
    return;
  }
  if (answer.status < 300) {
    accepted(engine, outgoing, answer);
    return;
  }
  outgoing.finalSeen = true;
  outgoing.heldCancel = undefined;
  const { dialog } = outgoing;
  if (dialog && !dialog.confirmed) engine.dialogs.remove(dialog);
  tell(outgoing, answer);
}

function provisional(engine: Engine, outgoing: Outgoing, answer: Response): void {
  outgoing.provisionalSeen = true;
  if (outgoing.heldCancel) releaseCancel(engine, outgoing);
  const toTag = tagOf(headerOf(answer, 'to'));
  if (answer.status === 100 || !isNews(outgoing, answer, toTag ?? '')) return;
  const { dialog } = outgoing;
  if (dialog && !dialog.confirmed && toTag) learn(dialog, answer, toTag);
  const rseq = headerOf(answer, 'rseq');
  if (dialog && rseq) dialog.rack = `${rseq} ${headerOf(outgoing.request, 'cseq')}`;
  tell(outgoing, answer);
}

/** A reliable provisional that comes again has been told already (RFC 3262 section 4). */
function isNews(outgoing: Outgoing, answer: Response, fork: string): boolean {
  const rseq = Number(headerOf(answer, 'rseq') ?? 0);
  if (rseq === 0) return true;
  const isNew = rseq > (outgoing.reliableSeen.get(fork) ?? 0);
  if (isNew) outgoing.reliableSeen.set(fork, rseq);
  return isNew;
}

/** What a response that makes a dialog says about the peer (RFC 3261 section 12.1.2). */
function learn(dialog: Dialog, answer: Response, toTag: string): void {
  dialog.remoteTag = toTag;
  dialog.routes = valuesOf(answer, 'record-route').reverse();
  dialog.target = contactOf(answer) ?? dialog.target;
}

function accepted(engine: Engine, outgoing: Outgoing, answer: Response): void {
  const { dialog } = outgoing;
  const toTag = tagOf(headerOf(answer, 'to')) ?? '';
  if (!dialog) return;
  if (outgoing.finalSeen) {
    acceptedAgain(engine, outgoing, { dialog, answer, toTag });
    return;
  }
  outgoing.finalSeen = true;
  outgoing.heldCancel = undefined;
  if (!outgoing.isInDialog) learn(dialog, answer, toTag);
  dialog.target = contactOf(answer) ?? dialog.target;
  dialog.confirmed = true;
  dialog.inviteSeq = Number.parseInt(headerOf(outgoing.request, 'cseq') ?? '', 10);
  dialog.cancelled = outgoing.cancelled;
  if (outgoing.client?.open) {
    tell(outgoing, answer);
    return;
  }
  // Its application is gone: nobody will acknowledge, and nobody wants the call.
  acknowledge(engine, dialog);
  hangUp(engine, dialog, 'SIP;cause=503;text="application gone"');
}

/** The same 2xx again gets the same ACK; one of another fork is taken and hung up (RFC 3261 section 13.2.2.4). */
function acceptedAgain(
  engine: Engine,
  outgoing: Outgoing,
  about: { readonly dialog: Dialog; readonly answer: Response; readonly toTag: string },
): void {
  const { dialog, answer, toTag } = about;
  const number = Number.parseInt(headerOf(outgoing.request, 'cseq') ?? '', 10);
  if (toTag === dialog.remoteTag) {
    const ack = dialog.acks.get(number);
    ack?.path.send(ack.text);
    return;
  }
  const fork: Dialog = { ...dialog, acks: new Map(), unacked: new Map(), owner: undefined, localSeq: number };
  learn(fork, answer, toTag);
  fork.inviteSeq = number;
  acknowledge(engine, fork);
  sendBye(engine, fork, 'SIP;cause=200;text="Call completed elsewhere"');
}

/** Sends the ACK to the 2xx of the last INVITE in that dialog, and keeps it for repetitions. */
export function acknowledge(engine: Engine, dialog: Dialog): void {
  const path = pathInDialog(engine, dialog);
  if (!path) return;
  const text = print(composeInDialog(dialog, { method: 'ACK', seq: dialog.inviteSeq, path }).request);
  keepAck(dialog, { text, path });
  path.send(text);
}

/** Sends the CANCEL that waited for a provisional. */
export function releaseCancel(engine: Engine, outgoing: Outgoing): void {
  const text = outgoing.heldCancel ?? '';
  outgoing.heldCancel = undefined;
  engine.outgoing.addCancel(
    outgoing,
    clientPlain({
      clock: engine.clock,
      path: outgoing.path,
      text,
      user: { response: () => {}, failed: () => {}, ended: () => engine.outgoing.removeCancel(outgoing) },
    }),
  );
  (outgoing.transaction as ClientInvite).giveUpSoon();
}
