import { randomInt } from 'node:crypto';
import { dialogIdOf } from '../dialog/dialog.js';
import { tagOf } from '../message/address.js';
import { type Header, headerOf, makeHeader, print, type Response } from '../message/message.js';
import { responseSent } from '../wire/events.js';
import { appHeaders, guessedType } from './app-headers.js';
import { followAnswer } from './callee-dialog.js';
import type { Engine } from './engine.js';
import type { Incoming } from './incoming.js';
import { ownContact } from './own-contact.js';
import { lists, repeatUntilPrack, takesReliable } from './reliable.js';
import { replyTo } from './reply.js';

/** Sends the application's response to a request from the network; the result is the answer to the application. */
export function respond(engine: Engine, transactionId: string, wanted: Response): string {
  const incoming = engine.incoming.byId(transactionId);
  if (!incoming) return 'NOK|Response not sent due to unknown transaction';
  const isReliable = wanted.status > 100 && wanted.status < 200 && lists(wanted, 'require', '100rel');
  if (isReliable && !takesReliable(incoming.request)) return 'NOK|Remote endpoint does not support 100rel';
  fixTag(incoming, wanted);
  if (isReliable) incoming.lastRseq = incoming.lastRseq === 0 ? randomInt(1, 2 ** 20) : incoming.lastRseq + 1;
  const rseq = isReliable ? [makeHeader('RSeq', String(incoming.lastRseq))] : [];
  const text = print(compose(incoming, wanted, rseq));
  if (wanted.status >= 200) engine.incoming.finish(incoming);
  incoming.transaction.respond(wanted.status, text);
  incoming.provisionalSent = true;
  followAnswer(engine, incoming, wanted);
  if (isReliable) repeatUntilPrack(engine, incoming, { rseq: incoming.lastRseq, text });
  return responseSent({ text, transactionId, dialogId: echoedDialogId(incoming), path: incoming.path });
}

/** The first response that carries a tag decides it (RFC 3261 section 8.2.6.2); the application may choose it. */
function fixTag(incoming: Incoming, wanted: Response): void {
  if (incoming.tagIsFixed || wanted.status === 100) return;
  incoming.toTag = tagOf(headerOf(wanted, 'to')) ?? incoming.toTag;
  incoming.tagIsFixed = true;
}

function needsContact(incoming: Incoming, status: number, isReliable: boolean): boolean {
  const { method } = incoming.request;
  if (method !== 'INVITE' && method !== 'SUBSCRIBE') return false;
  return isReliable || (status >= 200 && status < 300);
}

function compose(incoming: Incoming, wanted: Response, rseq: readonly Header[]): Response {
  const own = appHeaders(wanted, incoming.path.local);
  const lacksContact =
    needsContact(incoming, wanted.status, rseq.length > 0) && !own.some(({ key }) => key === 'contact');
  const contact = lacksContact ? [ownContact(incoming.path)] : [];
  return replyTo(incoming.request, {
    status: wanted.status,
    reason: wanted.reason,
    toTag: wanted.status > 100 ? incoming.toTag : undefined,
    headers: [...contact, ...own, ...rseq, ...guessedType(wanted)],
    body: wanted.body,
  });
}

/** Empty where drachtio-server leaves it empty: for BYE, and outside of dialogs for all that makes none. */
function echoedDialogId(incoming: Incoming): string {
  const { request, dialog } = incoming;
  if (request.method === 'BYE') return '';
  if (dialog) return dialog.id;
  if (request.method !== 'INVITE') return '';
  return dialogIdOf(headerOf(request, 'call-id') ?? '', tagOf(headerOf(request, 'from')) ?? '');
}
