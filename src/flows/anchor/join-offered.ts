import type { Refusal } from '../../domain/outcome.js';
import { joinDelayed, type Offered } from '../delayed-offer.js';
import type { HoldDeps } from '../held-call.js';
import type { LiveCall } from '../live-call.js';
import type { Endpoint } from '../media.js';
import type { IncomingLeg, Leg, Party } from '../ports.js';
import type { CrossOffers } from '../taking.js';
import { type AnchorDeps, mayAnchor } from './anchor-deps.js';
import { answerThrough, wantedBy } from './answer-through.js';
import { openPair, type Pair } from './open-pair.js';
import { talkThrough } from './talk-through.js';
import { toldCaller } from './told-caller.js';

/** What joining a caller with a phone that was called without an offer needs. */
export interface JoinOfferedDeps extends HoldDeps, AnchorDeps {
  readonly crossOffers: CrossOffers;
}

/** Two legs that were joined, or why they were not; then the phone that was called has been let go. */
export type JoinedOrNot = { ok: true; legs: readonly [caller: Leg, phone: Leg] } | { ok: false; refusal: Refusal };

/** Whom to join, and whom the caller is told about. */
export interface Joining {
  readonly call: LiveCall;
  readonly offered: Offered;
  readonly talksTo: Party;
}

/**
 * Joins the caller with a phone that has made an offer in its 200: through the media server where the caller is there
 * already or all calls are, else directly where that can be. Rejects if the last ACK cannot be sent.
 */
export const joinOffered = async (deps: JoinOfferedDeps, joining: Joining): Promise<JoinedOrNot> => {
  const { call, offered } = joining;
  const heard = await call.early;
  const caller = heard?.isGone ? toldCaller(call.caller, heard.sdp) : call.caller;
  const at = heard && !heard.isGone ? heard : undefined;
  if (at || deps.mediaUse === 'always' || 'at' in wantedBy(deps.anchors, caller)) {
    return joinThrough(deps, joining, { caller, at });
  }
  if (caller.offer.kind === 'delayed') return orGone(await joinDelayed(caller, offered, joining.talksTo));
  const crossed = deps.crossOffers(caller.offer.body, offered.sdp);
  if (crossed.ok) return joinCrossed(joining, crossed);
  if (mayAnchor(deps)) return joinThrough(deps, joining, { caller, at });
  await offered.abandon();
  return { ok: false, refusal: 'media-mismatch' };
};

const orGone = (legs: readonly [Leg, Leg] | undefined): JoinedOrNot =>
  legs ? { ok: true, legs } : { ok: false, refusal: 'caller-gone' };

/** Both made an offer: each gets an answer made of the other's. */
const joinCrossed = async (
  { call, offered, talksTo }: Joining,
  { toCaller, toPicker }: { toCaller: string; toPicker: string },
): Promise<JoinedOrNot> => {
  const answer = await call.caller.answer(toCaller, talksTo);
  if (!answer.ok) {
    await offered.abandon();
    return answer;
  }
  return { ok: true, legs: [answer.leg, await acknowledge(offered, toPicker, answer.leg)] };
};

/** Nobody is left on the line where the last ACK cannot be sent. */
const acknowledge = async (offered: Offered, sdp: string, caller: Leg): Promise<Leg> => {
  try {
    return await offered.acknowledge(sdp);
  } catch (error) {
    await caller.end({ kind: 'failure', text: 'Other Leg Lost' });
    throw error;
  }
};

/** How the caller is answered, and where it is already. */
interface Side {
  readonly caller: IncomingLeg;
  readonly at: Endpoint | undefined;
}

const joinThrough = async (deps: JoinOfferedDeps, joining: Joining, { caller, at }: Side): Promise<JoinedOrNot> => {
  const { call, offered, talksTo } = joining;
  const wanted = at ? { at } : wantedBy(deps.anchors, caller);
  const pair = await openPair(deps.media, call.record.id, [wanted, { offer: offered.sdp }]);
  const isReady = pair !== undefined && (await pair.bridge());
  if (!pair || !isReady) {
    pair?.release();
    await offered.abandon();
    return { ok: false, refusal: 'media-unavailable' };
  }
  const answer = await answerThrough(deps.anchors, { incoming: caller, endpoint: pair.endpoints[0] }, talksTo);
  if (!answer.ok) {
    pair.release();
    await offered.abandon();
    return answer;
  }
  return { ok: true, legs: await seat(deps, joining, { pair, caller: answer.leg }) };
};

const seat = async (
  deps: JoinOfferedDeps,
  { call, offered }: Joining,
  { pair, caller }: { pair: Pair; caller: Leg },
): Promise<readonly [Leg, Leg]> => {
  try {
    const phone = await acknowledge(offered, pair.endpoints[1].sdp, caller);
    talkThrough(deps, caller, pair.endpoints[0]);
    talkThrough(deps, phone, pair.endpoints[1]);
    delete call.early; // It is the leg's from now on.
    return [caller, phone];
  } catch (error) {
    pair.release();
    throw error;
  }
};
