import type { Party } from '../../flows/ports.js';
import { type Ack, askInside } from './ask-inside.js';
import type { ChangeTurn } from './change-turn.js';
import { assertedIdentity } from './headers.js';
import { type Session, unchangedAnswer } from './session.js';
import { askHeaders, leastIn, type Terms, termsIn } from './session-expires.js';
import type { SessionTimer } from './session-timer.js';
import { type SipDialog, type SipResponse, within } from './srf.js';
import { answerTo, withLinesOf } from './transfer-lines.js';

/** How long the other phone may take to answer a request inside the call, in milliseconds: timer F. */
export const relayDeadline = 32_000;

/** A leg whose session can be changed. */
export interface Changeable {
  readonly dialog: SipDialog;
  readonly session: Session;
  readonly turn: ChangeTurn;
  readonly timer: SessionTimer;
}

/** The final response to a re-INVITE of ours. */
export interface Reinvited {
  readonly status: number;
  readonly sdp: string;
  /** The SDP is the phone's own offer and waits for our answer. */
  readonly isOffer: boolean;
  /** Gives the answer to the phone's own offer, in the ACK; without one, the session stays as it was. */
  acknowledge(answer?: string): void;
}

/**
 * Sends one re-INVITE, with an offer of ours or to be made one. The session timer of the leg lives on with it, longer
 * where the phone wants that (422). Rejects if the phone does not answer in time or the connection is lost.
 */
export const reinvite = async (leg: Changeable, offer: string | undefined, talksTo?: Party): Promise<Reinvited> => {
  const { session, timer } = leg;
  const before = session.told;
  const body = offer ? session.write(withLinesOf(before, offer)) : undefined;
  const asking = { body, talksTo };
  try {
    let reply = await once(leg, asking, timer.terms);
    if (reply.status === 422 && timer.terms) reply = await once(leg, asking, longer(timer.terms, reply.least));
    if (reply.status >= 300) session.takeBack(before);
    else timer.agree(reply.terms);
    return offer ? { ...reply, sdp: answerTo(offer, reply.sdp) } : reply;
  } catch (error) {
    session.takeBack(before);
    throw error;
  }
};

const longer = (terms: Terms, least = 0): Terms => ({ ...terms, seconds: Math.max(terms.seconds, least) });

/** What one re-INVITE says. */
interface Asking {
  readonly body: string | undefined;
  /** Who is at the other end from now on (RFC 3325). */
  readonly talksTo: Party | undefined;
}

interface Replied extends Reinvited {
  readonly terms: Terms | undefined;
  /** The shortest session timer that the phone takes. */
  readonly least: number | undefined;
}

/** Not by `dialog.modify`, which hangs after one failure (protocol.md 18.4); provisional responses are passed over (18.5). */
const once = (leg: Changeable, { body, talksTo }: Asking, terms: Terms | undefined): Promise<Replied> => {
  const { dialog } = leg;
  const type = body && { 'Content-Type': 'application/sdp' };
  const told = talksTo && assertedIdentity(talksTo);
  const headers = { Contact: dialog.local.contact, ...type, ...told, ...askHeaders(terms) };
  const promise = new Promise<Replied>((resolve, reject) => {
    askInside(dialog, { headers, ...(body && { body }) }, (error, res, ack) => {
      if (error) reject(error);
      else if (res && res.status >= 200) resolve(replied(leg, res, ack));
    });
  });
  // Whoever made an offer too late must hear an answer all the same, or says its 200 for half a minute.
  return within(relayDeadline, 're-INVITE', { promise, late: (reply) => reply.acknowledge() });
};

const replied = ({ session, turn }: Changeable, res: SipResponse, ack: Ack | undefined): Replied => {
  const sdp = res.body ?? '';
  let isAcknowledged = ack === undefined;
  const reply: Replied = {
    status: res.status,
    sdp,
    terms: termsIn(res),
    least: leastIn(res),
    isOffer: ack !== undefined,
    acknowledge: (answer) => {
      if (isAcknowledged) return;
      isAcknowledged = true;
      try {
        ack?.({ body: session.write(answer || unchangedAnswer(session.told, sdp)) });
      } catch {
        // The connection is lost, and the leg with it.
      }
    },
  };
  // A phone that was told BYE does not look at an ACK of before any more, so that goes out first.
  if (ack) turn.beforeEnd(() => reply.acknowledge());
  return reply;
};
