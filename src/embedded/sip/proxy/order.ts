import type { Engine } from '../core/engine.js';
import { answerAlone } from '../core/open-incoming.js';
import { print, type Response } from '../message/message.js';
import { parse } from '../message/parse.js';
import type { Path } from '../transport/path.js';
import type { Order } from '../wire/admin.js';
import type { Client } from '../wire/client.js';
import { branchAnswered } from '../wire/events.js';
import { hopsAreOver } from './forward.js';
import { search } from './search.js';

/** `500ms` or `2s` in milliseconds; 0 when nothing is said. */
function readTime(text: string): number {
  const [, number, unit] = /^(\d{1,6})(ms|s)$/.exec(text) ?? [];
  return Number(number ?? 0) * (unit === 's' ? 1000 : 1);
}

/** Does what the application asks for with `proxy|transaction|...|destinations`. */
export function obeyProxy(engine: Engine, client: Client, order: Order): void {
  const [transactionId = '', remain, , follow, forking, patience = '', , ...targets] = order.tokens;
  const incoming = engine.incoming.byId(transactionId);
  const { message: added } = parse(order.sip);
  if (!incoming || added?.kind !== 'request') {
    client.answer(order.messageId, 'NOK|unknown transaction');
    return;
  }
  if (hopsAreOver(incoming.request)) {
    answerAlone(engine, incoming, 483);
    client.answer(order.messageId, 'NOK|too many hops');
    return;
  }
  const wanted = {
    targets,
    staysOnPath: remain === 'remainInDialog',
    followsRedirects: follow === 'followRedirects',
    inParallel: forking === 'simultaneous',
    provisionalTime: readTime(patience),
    added,
  };
  const events = {
    final: (response: Response, path: Path) => client.answer(order.messageId, branchAnswered(print(response), path)),
    done: () => client.answer(order.messageId, 'OK|done'),
  };
  search(engine, incoming, { order: wanted, events });
}
