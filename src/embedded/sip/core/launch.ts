import type { Dialog } from '../dialog/dialog.js';
import { headerOf, print, type Response } from '../message/message.js';
import { clientInvite } from '../transaction/client-invite.js';
import { clientPlain } from '../transaction/client-plain.js';
import type { Path } from '../transport/path.js';
import type { Client } from '../wire/client.js';
import { madeUpResponse } from '../wire/events.js';
import { type Composed, composeSameBranch } from './compose-request.js';
import type { Engine } from './engine.js';
import { inviteAnswered } from './invite-answered.js';
import { makeOutgoing, type Outgoing } from './outgoing.js';
import { plainAnswered } from './plain-answered.js';
import { phraseOf, replyTo } from './reply.js';

/** A request of the application, composed and with its way found. */
export interface Launch {
  readonly composed: Composed;
  readonly path: Path;
  readonly client: Client;
  readonly dialog: Dialog | undefined;
  readonly isInDialog: boolean;
}

/** Sends it, and has its responses told to the application. */
export function launch(engine: Engine, { composed, path, client, dialog, isInDialog }: Launch): Outgoing {
  const { request, branch } = composed;
  const outgoing = makeOutgoing({ branch, request, path, client, dialog, isInDialog });
  engine.outgoing.add(outgoing);
  const ended = (): void => engine.outgoing.remove(outgoing);
  const failed = (status: 408 | 503): void => madeUpFailure(engine, outgoing, status);
  const options = { clock: engine.clock, path, text: print(request) };
  if (request.method === 'INVITE') {
    const ackFor = (failure: Response): string =>
      print(composeSameBranch(outgoing, { method: 'ACK', to: headerOf(failure, 'to') ?? '' }));
    const response = (answer: Response): void => inviteAnswered(engine, outgoing, answer);
    outgoing.transaction = clientInvite({ ...options, user: { response, failed, ackFor, ended } });
  } else {
    const response = (answer: Response): void => plainAnswered(engine, outgoing, answer);
    outgoing.transaction = clientPlain({ ...options, user: { response, failed, ended } });
  }
  return outgoing;
}

/** Nobody answered: the application hears a response that nobody sent. */
function madeUpFailure(engine: Engine, outgoing: Outgoing, status: 408 | 503): void {
  const { request, dialog, path } = outgoing;
  outgoing.finalSeen = true;
  const endsDialog = dialog && (!dialog.confirmed || request.method === 'BYE');
  if (endsDialog) engine.dialogs.remove(dialog);
  const text = print(replyTo(request, { status, reason: phraseOf(status) }));
  outgoing.client?.send(madeUpResponse({ text, transactionId: outgoing.id, dialogId: dialog?.id ?? '', path }));
}
