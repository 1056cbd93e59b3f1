import type { Dialog } from '../dialog/dialog.js';
import { contactOf, valuesOf } from '../dialog/route.js';
import { tagOf } from '../message/address.js';
import { headerOf, print, type Response } from '../message/message.js';
import { messageArrived } from '../wire/events.js';
import type { Engine } from './engine.js';
import type { Outgoing } from './outgoing.js';
import { expireAfter } from './subscription.js';

/** A response to any request of ours but INVITE: what it does to the dialog, then the application hears it. */
export function plainAnswered(engine: Engine, outgoing: Outgoing, answer: Response): void {
  if (answer.status === 100) return;
  if (answer.status >= 200) outgoing.finalSeen = true;
  const { request, dialog } = outgoing;
  if (dialog && answer.status >= 200) settle(engine, dialog, { method: request.method, outgoing, answer });
  tell(outgoing, answer);
}

/** Passes a response on to the application that sent the request. */
export function tell(outgoing: Outgoing, answer: Response): void {
  const text = print(answer);
  const dialogId = outgoing.dialog?.id ?? '';
  outgoing.client?.send(
    messageArrived({ text, transactionId: outgoing.id, dialogId, path: outgoing.path }, text.length),
  );
}

function settle(engine: Engine, dialog: Dialog, about: { method: string; outgoing: Outgoing; answer: Response }): void {
  const { method, answer } = about;
  const isChallenge = answer.status === 401 || answer.status === 407;
  const isGood = answer.status < 300;
  if (method === 'BYE' && !isChallenge) engine.dialogs.remove(dialog);
  if (method === 'NOTIFY' && !isChallenge && dialog.method === 'SUBSCRIBE') settleNotify(engine, dialog, about);
  if (method === 'UPDATE' && isGood) dialog.target = contactOf(answer) ?? dialog.target;
  if (method !== 'SUBSCRIBE') return;
  if (isGood) confirmSubscription(engine, dialog, about);
  else if (!dialog.confirmed) engine.dialogs.remove(dialog);
}

/** The last NOTIFY ends the subscription, and so does a watcher that no longer knows it (RFC 6665 section 4.2.2). */
function settleNotify(engine: Engine, dialog: Dialog, about: { outgoing: Outgoing; answer: Response }): void {
  const isLast = /^\s*terminated/i.test(headerOf(about.outgoing.request, 'subscription-state') ?? '');
  if (isLast || about.answer.status === 481) engine.dialogs.remove(dialog);
}

function confirmSubscription(engine: Engine, dialog: Dialog, about: { outgoing: Outgoing; answer: Response }): void {
  const { outgoing, answer } = about;
  if (!dialog.confirmed) {
    dialog.remoteTag = tagOf(headerOf(answer, 'to')) ?? dialog.remoteTag;
    dialog.routes = valuesOf(answer, 'record-route').reverse();
    dialog.confirmed = true;
  }
  dialog.target = contactOf(answer) ?? dialog.target;
  expireAfter(engine, dialog, answer, outgoing.request);
}
