import { randomInt } from 'node:crypto';
import type { Changed, OwnOffer, Party } from '../../flows/ports.js';
import { isAudioRefused } from './audio-refused.js';
import { type Changeable, type Reinvited, reinvite, relayDeadline } from './reinvite.js';
import { within } from './srf.js';

/** A leg whose session we change ourselves. */
export interface ChangingLeg extends Changeable {
  /** Settles when the leg has ended. */
  readonly ended: Promise<unknown>;
  /** Settles with the ACK to our 200, where we sent one. */
  readonly acked: Promise<unknown>;
  end(reason: { kind: 'failure'; text: string }): Promise<void>;
}

/** What one re-INVITE came to: a final response, or what none counts as. */
type Reply = Reinvited | { readonly status: 408 | 481 | 491 };

/** How long to wait, in milliseconds, after the phone said 491: who made the Call-ID waits longer (RFC 3261 section 14.1). */
const backOff = ({ dialog }: Changeable): number =>
  dialog.type === 'uac' ? 10 * randomInt(210, 401) : 10 * randomInt(0, 201);

/**
 * Changes the session of one leg by re-INVITE: in its turn, and again while the phone says that it is changing it itself
 * and there is time. 408, 481 and silence end the leg (RFC 3261 section 14.1). Who takes no audio has refused (488).
 */
export const changeLeg = async (leg: ChangingLeg, own?: OwnOffer, talksTo?: Party): Promise<Changed> => {
  const before = leg.session.told;
  let offer: string | undefined;
  const offerNow = (): string | undefined => {
    offer = typeof own === 'function' ? own() : own;
    return offer;
  };
  const changed = await changeTo(leg, offerNow, talksTo);
  if (!offer || !changed.ok || isAudioRefused(offer) || !isAudioRefused(changed.sdp)) return changed;
  // It has agreed to hear nothing: it gets back what it had.
  if (before) await changeTo(leg, () => before);
  return { ok: false, status: 488 };
};

const changeTo = async (leg: ChangingLeg, offerNow: () => string | undefined, talksTo?: Party): Promise<Changed> => {
  const until = Date.now() + relayDeadline;
  const ask = () => attempt(leg, () => reinvite(leg, offerNow(), talksTo), until);
  let reply = await ask();
  for (let pause = backOff(leg); reply.status === 491 && Date.now() + pause < until; pause = backOff(leg)) {
    await beforeEnd(leg, new Promise((over) => setTimeout(over, pause)), until);
    reply = await ask();
  }
  if (reply.status === 408 || reply.status === 481)
    void leg.end({ kind: 'failure', text: 'Session change not answered' });
  return 'sdp' in reply ? changed(leg, reply) : { ok: false, status: reply.status };
};

/** One re-INVITE, when nobody else's is open. Unless an offer of the phone waits for our answer, the next may follow. */
const attempt = async (leg: ChangingLeg, ask: () => Promise<Reinvited>, until: number): Promise<Reply> => {
  // Who sent the 200 to the INVITE sends no request before the ACK.
  if (leg.dialog.type === 'uas') await beforeEnd(leg, leg.acked, until);
  while (leg.dialog.connected && leg.turn.taken && Date.now() < until) await beforeEnd(leg, leg.turn.free(), until);
  if (!leg.dialog.connected) return { status: 481 };
  if (leg.turn.taken) return { status: 491 };
  leg.turn.take('ours');
  try {
    const asked = ask();
    const reply = await Promise.race([asked, leg.ended.then(() => ({ status: 481 as const }))]);
    // Who made an offer after the end must hear an ACK all the same (RFC 3261 section 13.2.2.4).
    if (reply.status === 481) asked.then(({ acknowledge }) => acknowledge()).catch(() => undefined);
    if (!('isOffer' in reply && reply.isOffer)) leg.turn.giveBack();
    return reply;
  } catch {
    leg.turn.giveBack();
    return { status: 408 };
  }
};

/** Waits, but neither longer than the leg is there nor than is left of the time. */
const beforeEnd = async (leg: ChangingLeg, promise: Promise<unknown>, until: number): Promise<void> => {
  const either = Promise.race([promise, leg.ended]);
  await within(Math.max(0, until - Date.now()), 'turn', { promise: either }).catch(() => undefined);
};

const changed = (leg: ChangingLeg, reply: Reinvited): Changed => {
  if (reply.status >= 300) return { ok: false, status: reply.status };
  return reply.isOffer ? offered(leg, reply) : answered(reply);
};

/** A 200 without an answer tells nothing of the phone's media. */
const answered = ({ sdp }: Reinvited): Changed =>
  sdp ? { ok: true, sdp, acknowledge: () => undefined } : { ok: false, status: 488 };

/** The phone's offer waits for our answer; nothing else may be changed meanwhile. */
const offered = (leg: ChangingLeg, { sdp, acknowledge }: Reinvited): Changed => {
  let isOpen = true;
  const answer = (body?: string) => {
    if (!isOpen) return;
    isOpen = false;
    acknowledge(body);
    leg.turn.giveBack();
  };
  if (!sdp) {
    answer();
    return { ok: false, status: 488 };
  }
  void leg.ended.then(() => answer());
  return { ok: true, sdp, acknowledge: answer };
};
