import type { Refusal } from '../domain/outcome.js';
import { mayAnchor } from './anchor/anchor-deps.js';
import { takeThrough } from './anchor/take-through.js';
import { toldCaller } from './anchor/told-caller.js';
import { beside, finish } from './held-call.js';
import type { Endpoint } from './media.js';
import type { Leg } from './ports.js';
import {
  closeRinging,
  connect,
  type Doing,
  lateCaller,
  leftAlone,
  type TakeCallDeps,
  type Taken,
  type Taking,
  thenTell,
} from './taking.js';

/** What a taking is made of. */
export type { CrossOffers, TakeCallDeps, Taken, Taking } from './taking.js';

/**
 * The owner's part of a pickup, in the order it happens: media first, then the picker's 200, then the caller's 200 and
 * the CANCELs. Until the picker is answered any failure gives the call back and its phones ring on (DESIGN 3.3).
 */
export const makeTakeCall =
  (deps: TakeCallDeps) =>
  async (request: Taking): Promise<Taken> => {
    const taking: Doing = { ...request, caller: request.call.caller, legs: [], closed: false };
    const joined = await tryToJoin(deps, taking);
    if (!joined.ok) giveBack(deps, taking, joined.refusal);
    return joined;
  };

/** Whatever goes wrong, a claim is never kept: the call would be nobody's. */
const tryToJoin = async (deps: TakeCallDeps, taking: Doing): Promise<Taken> => {
  try {
    return await joinLegs(deps, taking);
  } catch (error) {
    taking.call.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
    await Promise.all(taking.legs.map((leg) => leg.end({ kind: 'failure', text: 'Pickup Failed' })));
    if (taking.closed) finish(deps, taking.call, { result: 'error', event: 'error' });
    return { ok: false, refusal: 'error' };
  }
};

const joinLegs = (deps: TakeCallDeps, taking: Doing): Promise<Taken> | Taken => {
  const { early } = taking.call;
  if (early) return early.then((heard) => joinHeard(deps, taking, heard));
  return mustAnchor(deps, taking) ? joinThrough(deps, taking) : joinDirectly(deps, taking);
};

/** The caller hears the media server's tone, and its 200 must say the same SDP (RFC 3261 section 13.3.1.4). */
const joinHeard = (deps: TakeCallDeps, taking: Doing, heard: Endpoint | undefined): Promise<Taken> | Taken => {
  if (heard && !heard.isGone) return joinThrough(deps, taking, heard);
  const caller = heard ? toldCaller(taking.caller, heard.sdp) : taking.caller;
  taking.caller = caller;
  return mustAnchor(deps, taking) ? joinThrough(deps, taking) : joinDirectly(deps, taking);
};

/** Whether the call cannot, or is not to be joined without the media server, whatever was offered. */
const mustAnchor = (deps: TakeCallDeps, { caller, pickerEndpoint, tenant }: Doing): boolean =>
  deps.mediaUse === 'always' ||
  pickerEndpoint !== undefined ||
  (caller.moved !== undefined && deps.anchors.endpointOf(caller.moved.leg) !== undefined) ||
  (tenant.media.announce && mayAnchor(deps));

const joinThrough = async (deps: TakeCallDeps, taking: Doing, heard?: Endpoint): Promise<Taken> => {
  const taken = await takeThrough(deps, taking, heard);
  if (taken) return taken;
  const isForced = deps.mediaUse === 'always' || heard || taking.pickerEndpoint || taking.caller.moved;
  return isForced ? { ok: false, refusal: 'media-unavailable' } : joinDirectly(deps, taking);
};

const joinDirectly = (deps: TakeCallDeps, taking: Doing): Promise<Taken> | Taken => {
  const [caller, picker] = [taking.caller.offer, taking.picker.offer];
  if (caller.kind === 'sdp' && picker.kind === 'sdp') return joinCrossed(deps, taking, [caller.body, picker.body]);
  if (caller.kind === 'sdp') return joinDelayedPicker(deps, taking, caller.body);
  if (picker.kind === 'sdp') return joinDelayedCaller(deps, taking, picker.body);
  return joinMismatched(deps, taking);
};

/** Only a media server can join the two. */
const joinMismatched = async (deps: TakeCallDeps, taking: Doing): Promise<Taken> => {
  const taken = mayAnchor(deps) ? await takeThrough(deps, taking) : undefined;
  return taken ?? { ok: false, refusal: 'media-mismatch' };
};

/** Both made an offer: each gets an answer made of the other's. */
const joinCrossed = async (
  deps: TakeCallDeps,
  taking: Doing,
  [callerOffer, pickerOffer]: [string, string],
): Promise<Taken> => {
  const crossed = deps.crossOffers(callerOffer, pickerOffer);
  if (!crossed.ok) {
    taking.call.log.info({ why: crossed.why }, 'offers cannot be crossed');
    return joinMismatched(deps, taking);
  }
  const picked = await taking.picker.answer(crossed.toPicker, taking.call.callerParty);
  if (!picked.ok) return picked;
  taking.legs.push(picked.leg);
  if (!closeRinging(taking)) return leftAlone(picked.leg);

  const caller = await thenTell(deps, taking, taking.caller.answer(crossed.toCaller, taking.pickerParty));
  return caller.ok ? connect(deps, taking, [caller.leg, picked.leg]) : lateCaller(deps, taking, picked.leg);
};

/** The picker made no offer: the caller's offer goes to the picker, and the picker's ACK answers the caller. */
const joinDelayedPicker = async (deps: TakeCallDeps, taking: Doing, callerOffer: string): Promise<Taken> => {
  const picked = await taking.picker.answerWithOffer(callerOffer, taking.call.callerParty);
  if (!picked.ok) return picked;
  taking.legs.push(picked.leg);
  if (picked.sdp === undefined) return noAnswer(picked.leg);
  if (!closeRinging(taking)) return leftAlone(picked.leg);

  const caller = await thenTell(deps, taking, taking.caller.answer(picked.sdp, taking.pickerParty));
  return caller.ok ? connect(deps, taking, [caller.leg, picked.leg]) : lateCaller(deps, taking, picked.leg);
};

/**
 * The caller made no offer: the picker's offer goes to the caller, whose ACK answers the picker. The caller's 200
 * cannot be taken back, so the ringing ends before it.
 */
const joinDelayedCaller = async (deps: TakeCallDeps, taking: Doing, pickerOffer: string): Promise<Taken> => {
  if (!closeRinging(taking)) return { ok: false, refusal: 'caller-gone' };
  const answering = taking.caller.answerWithOffer(pickerOffer, taking.pickerParty);
  const caller = await thenTell(deps, taking, answering);
  if (caller.ok) taking.legs.push(caller.leg);
  if (!caller.ok || caller.sdp === undefined) {
    if (caller.ok) await caller.leg.end({ kind: 'failure', text: 'No SDP in ACK' });
    finish(deps, taking.call, { result: 'cancelled', event: 'cancelled' });
    return { ok: false, refusal: 'caller-gone' };
  }
  const picked = await taking.picker.answer(caller.sdp, taking.call.callerParty);
  if (picked.ok) return connect(deps, taking, [caller.leg, picked.leg]);
  await caller.leg.end({ kind: 'other-party' });
  finish(deps, taking.call, { result: 'cancelled', event: 'cancelled' });
  return picked;
};

const noAnswer = async (picker: Leg): Promise<Taken> => {
  await picker.end({ kind: 'failure', text: 'No SDP in ACK' });
  return { ok: false, refusal: 'media-mismatch' };
};

const giveBack = (deps: TakeCallDeps, { tenant, call, claim }: Taking, refusal: Refusal): void => {
  call.giveBack(claim.token);
  if (call.isOver) return;
  call.log.info({ refusal }, 'claim released, the phones ring on');
  beside(call, deps.calls.release(tenant.id, call.record.id, claim.token));
};
