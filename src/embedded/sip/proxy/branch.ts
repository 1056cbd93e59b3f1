import { cancelInvite } from '../core/cancel.js';
import { type Composed, composeSameBranch } from '../core/compose-request.js';
import type { Engine } from '../core/engine.js';
import { releaseCancel } from '../core/invite-answered.js';
import { makeOutgoing, type Outgoing } from '../core/outgoing.js';
import { phraseOf, replyTo } from '../core/reply.js';
import { headerOf, print, type Response } from '../message/message.js';
import { clientInvite } from '../transaction/client-invite.js';
import { clientPlain } from '../transaction/client-plain.js';
import type { Path } from '../transport/path.js';

/** A target that rings longer than this is cancelled (timer C, RFC 3261 section 16.8). */
const ringTime = 185_000;

/** What one target makes of its copy. */
export interface BranchEvents {
  provisional(response: Response): void;
  /** The final response, once; made up when there is none. */
  final(response: Response): void;
  /** A 2xx that comes after the final response: again, or of another fork. */
  again(response: Response): void;
}

/** A copy of a request on its way. */
export interface Branch {
  readonly outgoing: Outgoing;
  /** Wants no answer any more; only an INVITE can be called back. */
  cancel(): void;
}

/** Sends a copy to one target. */
export function branchTo(engine: Engine, copy: Composed & { readonly path: Path }, events: BranchEvents): Branch {
  const { request, path } = copy;
  const outgoing = makeOutgoing(copy);
  engine.outgoing.add(outgoing);
  const cancel = (): void => {
    if (request.method === 'INVITE' && !outgoing.finalSeen && !outgoing.cancelled) cancelInvite(engine, outgoing);
  };
  const ringing = request.method === 'INVITE' ? engine.clock.after(ringTime, cancel) : () => {};
  const response = (answer: Response): void => {
    if (answer.status < 200) {
      outgoing.provisionalSeen = true;
      if (outgoing.heldCancel) releaseCancel(engine, outgoing);
      if (answer.status > 100) events.provisional(answer);
      return;
    }
    const isFirst = !outgoing.finalSeen;
    outgoing.finalSeen = true;
    ringing();
    if (isFirst) events.final(answer);
    else if (answer.status < 300) events.again(answer);
  };
  const user = {
    response,
    failed: (status: 408 | 503): void => response(replyTo(request, { status, reason: phraseOf(status) })),
    ended: (): void => engine.outgoing.remove(outgoing),
    ackFor: (failure: Response): string =>
      print(composeSameBranch(outgoing, { method: 'ACK', to: headerOf(failure, 'to') ?? '' })),
  };
  const options = { clock: engine.clock, path, text: print(request), user };
  outgoing.transaction = request.method === 'INVITE' ? clientInvite(options) : clientPlain(options);
  return { outgoing, cancel };
}
