import { randomUUID } from 'node:crypto';
import { tagOf } from '../message/address.js';
import { headerOf, print, type Request } from '../message/message.js';
import { newTag } from '../transaction/key.js';
import { serverInvite } from '../transaction/server-invite.js';
import { serverPlain } from '../transaction/server-plain.js';
import type { Path } from '../transport/path.js';
import type { Engine } from './engine.js';
import type { Incoming } from './incoming.js';
import { hangUpUnacknowledged } from './made-up.js';
import { phraseOf, replyTo } from './reply.js';

/** An application that says nothing for so long to an INVITE has forgotten it. */
const patience = 64_000;

/** Begins the transaction of a new request, and answers an INVITE with 100 at once (RFC 3261 section 17.2.1). */
export function openIncoming(
  engine: Engine,
  arrived: { readonly request: Request; readonly path: Path; readonly key: string; readonly bytes: number },
): Incoming {
  const { request, path } = arrived;
  const isInvite = request.method === 'INVITE';
  const ended = (): void => engine.incoming.remove(incoming);
  const user = { ended, unacknowledged: () => hangUpUnacknowledged(engine, incoming) };
  const toTag = tagOf(headerOf(request, 'to'));
  const incoming: Incoming = {
    ...arrived,
    id: randomUUID(),
    transaction: isInvite
      ? serverInvite({ clock: engine.clock, path, user })
      : serverPlain({ clock: engine.clock, path, ended }),
    toTag: toTag ?? newTag(),
    tagIsFixed: toTag !== undefined,
    isInDialog: toTag !== undefined,
    client: undefined,
    dialog: undefined,
    provisionalSent: false,
    lastRseq: 0,
    stopSearch: () => {},
    stopPatience: isInvite ? engine.clock.after(patience, () => losePatience(engine, incoming)) : () => {},
  };
  engine.incoming.add(incoming);
  if (isInvite) path.send(print(replyTo(request, { status: 100, reason: phraseOf(100) })));
  return incoming;
}

function losePatience(engine: Engine, incoming: Incoming): void {
  if (!incoming.provisionalSent) answerAlone(engine, incoming, 408);
}

/** Answers in the application's stead, finally. */
export function answerAlone(engine: Engine, incoming: Incoming, status: number): void {
  const reply = replyTo(incoming.request, { status, reason: phraseOf(status), toTag: incoming.toTag });
  engine.incoming.finish(incoming);
  incoming.transaction.respond(status, print(reply));
  if (incoming.dialog && !incoming.dialog.confirmed) engine.dialogs.remove(incoming.dialog);
}
