import type { Dialog } from '../dialog/dialog.js';
import { contactOf } from '../dialog/route.js';
import { tagOf } from '../message/address.js';
import { headerOf, makeHeader, print } from '../message/message.js';
import { messageArrived, newRequest } from '../wire/events.js';
import type { Engine } from './engine.js';
import type { Incoming } from './incoming.js';
import { answerAlone } from './open-incoming.js';
import { settlePrack } from './reliable.js';
import { phraseOf, replyTo } from './reply.js';

const known =
  'INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, INFO, OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, MESSAGE, REFER, PUBLISH';
const methods = new Set(known.split(', '));
/** These make no sense without the dialog they name. */
const dialogBound = new Set(['BYE', 'UPDATE', 'PRACK']);
const refreshesTarget = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY']);

/** Hands a new request to the application that owns its dialog, or to the next one that wants its method. */
export function deliver(engine: Engine, incoming: Incoming): void {
  const { request } = incoming;
  const toTag = tagOf(headerOf(request, 'to'));
  const callId = headerOf(request, 'call-id') ?? '';
  const dialog = toTag && engine.dialogs.ofRequest(callId, toTag, tagOf(headerOf(request, 'from')));
  if (dialog) {
    deliverInDialog(engine, incoming, dialog);
    return;
  }
  const names = toTag !== undefined && request.method === 'INVITE';
  if (names || dialogBound.has(request.method)) {
    answerAlone(engine, incoming, 481);
    return;
  }
  offer(engine, incoming);
}

function offer(engine: Engine, incoming: Incoming): void {
  const { request } = incoming;
  // Methods have case (RFC 3261 section 7.1): `invite` is no INVITE, though an application's word for its route is small.
  const route = request.method === request.method.toUpperCase() ? request.method.toLowerCase() : '';
  const client = engine.clients.choose(route);
  if (!client) {
    methods.has(request.method) ? answerAlone(engine, incoming, 503) : refuseUnknown(engine, incoming);
    return;
  }
  incoming.client = client;
  const told = { text: print(request), transactionId: incoming.id, dialogId: '', path: incoming.path };
  client.send(newRequest(told, incoming.bytes));
}

/** A method that no application asked for and no RFC of ours names (RFC 3261 section 21.5.2). */
function refuseUnknown(engine: Engine, incoming: Incoming): void {
  const headers = [makeHeader('Allow', known)];
  const reply = replyTo(incoming.request, { status: 501, reason: phraseOf(501), toTag: incoming.toTag, headers });
  engine.incoming.finish(incoming);
  incoming.transaction.respond(501, print(reply));
}

function deliverInDialog(engine: Engine, incoming: Incoming, dialog: Dialog): void {
  const { request } = incoming;
  const isPrack = request.method === 'PRACK';
  if (isPrack && !settlePrack(dialog, request)) {
    answerAlone(engine, incoming, 481);
    return;
  }
  // The caller ends an early dialog with CANCEL; drachtio-server knows no other way, either.
  if (request.method === 'BYE' && !dialog.confirmed && !dialog.isCaller) {
    answerAlone(engine, incoming, 481);
    return;
  }
  if (request.method === 'BYE') engine.dialogs.remove(dialog);
  if (!dialog.owner?.open) {
    answerAlone(engine, incoming, 481);
    return;
  }
  follow(dialog, incoming);
  incoming.dialog = dialog;
  incoming.client = dialog.owner;
  const told = { text: print(request), transactionId: incoming.id, dialogId: dialog.id, path: incoming.path };
  dialog.owner.send(messageArrived(told, incoming.bytes));
}

/** The peer's newest Contact and source are where our requests go (RFC 3261 section 12.2.2). */
function follow(dialog: Dialog, incoming: Incoming): void {
  dialog.path = incoming.path;
  if (!refreshesTarget.has(incoming.request.method)) return;
  dialog.target = contactOf(incoming.request) ?? dialog.target;
  // A NOTIFY may come before the 2xx to our SUBSCRIBE (RFC 6665 section 4.1.2.4).
  if (!dialog.confirmed) dialog.remoteTag ??= tagOf(headerOf(incoming.request, 'from'));
}
