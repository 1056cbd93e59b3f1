import { headerOf } from '../message/message.js';
import { parse } from '../message/parse.js';
import type { Order } from '../wire/admin.js';
import type { Client } from '../wire/client.js';
import { cancel } from './cancel.js';
import type { Engine } from './engine.js';
import { originate } from './originate.js';
import { respond } from './respond.js';
import { sendWithin } from './within.js';

/** Does what the application asks for with `sip|transaction|dialog|route`, and answers it. */
export function obeySip(engine: Engine, client: Client, order: Order): void {
  client.answer(order.messageId, dispatch(engine, client, order));
}

function dispatch(engine: Engine, client: Client, order: Order): string {
  const [transactionId = '', dialogId = '', routeUrl = ''] = order.tokens;
  const { message, rest } = parse(order.sip);
  if (!message) return 'NOK|invalid sip message';
  // The application counts its body in other units than bytes: what follows the empty line is the body.
  const wanted = { ...message, body: rest };
  if (wanted.kind === 'response') return respond(engine, transactionId, wanted);
  if (dialogId) return sendWithin(engine, dialogId, { client, wanted });
  if (wanted.method === 'CANCEL') return cancel(engine, transactionId, wanted);
  if (transactionId) return 'NOK|only a CANCEL names a transaction';
  const known = engine.dialogs.confirmedWithCallId(headerOf(wanted, 'call-id') ?? '');
  return known ? sendWithin(engine, known.id, { client, wanted }) : originate(engine, client, { wanted, routeUrl });
}
