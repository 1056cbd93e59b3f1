import type { DialogIds } from '../domain/dialog.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { beside, finish, hold } from './held-call.js';
import type { LiveCall } from './live-call.js';
import type { LiveCalls } from './live-calls.js';
import type { CallStore, Claim, IncomingLeg, Leg, Legs, Meter, Party, PickedUp } from './ports.js';
import { stopPhones } from './ring-phones.js';
import { showPicked } from './shown-dialogs.js';

/** Crosses two offers into two answers, or says why they cannot be (protocol.md section 11). */
export type CrossOffers = (
  callerOffer: string,
  pickerOffer: string,
) => { ok: true; toCaller: string; toPicker: string } | { ok: false; why: string };

/** What taking a call needs. */
export interface TakeCallDeps {
  readonly calls: CallStore;
  readonly legs: Pick<Legs, 'join'>;
  readonly live: LiveCalls;
  readonly meter: Meter;
  readonly crossOffers: CrossOffers;
}

/** Who takes which call with which claim. */
export interface Taking {
  readonly tenant: Tenant;
  readonly call: LiveCall;
  readonly claim: Pick<Claim, 'token'>;
  readonly by: PickedUp;
  readonly picker: IncomingLeg;
  readonly pickerParty: Party;
  /**
   * The dialog of the picker's phone, where that is at another instance and `picker` only the leg from there; `unknown` if
   * that instance could not say.
   */
  readonly pickerIds?: DialogIds | 'unknown';
}

/** What has been done so far and must be undone if the rest fails. */
interface Doing extends Taking {
  readonly legs: Leg[];
  /** The ringing has ended as picked up: the call is this pickup's to finish. */
  closed: boolean;
}

/** How the taking ended: the picker was answered, or must be refused. */
export type Taken = { ok: true } | { ok: false; refusal: Refusal };

/**
 * The owner's part of a pickup, in the order it happens: media first, then the picker's 200, then the caller's 200 and
 * the CANCELs. Until the picker is answered any failure gives the call back and its phones ring on (DESIGN 3.3).
 */
export const makeTakeCall =
  (deps: TakeCallDeps) =>
  async (request: Taking): Promise<Taken> => {
    const taking: Doing = { ...request, legs: [], closed: false };
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
  const [caller, picker] = [taking.call.caller.offer, taking.picker.offer];
  if (caller.kind === 'sdp' && picker.kind === 'sdp') return joinCrossed(deps, taking, [caller.body, picker.body]);
  if (caller.kind === 'sdp') return joinDelayedPicker(deps, taking, caller.body);
  if (picker.kind === 'sdp') return joinDelayedCaller(deps, taking, picker.body);
  return { ok: false, refusal: 'media-mismatch' };
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
    return { ok: false, refusal: 'media-mismatch' };
  }
  const picked = await taking.picker.answer(crossed.toPicker, taking.call.callerParty);
  if (!picked.ok) return picked;
  taking.legs.push(picked.leg);
  if (!closeRinging(taking)) return leftAlone(picked.leg);

  const caller = await thenTell(deps, taking, taking.call.caller.answer(crossed.toCaller, taking.pickerParty));
  return caller.ok ? connect(deps, taking, [caller.leg, picked.leg]) : lateCaller(deps, taking, picked.leg);
};

/** The picker made no offer: the caller's offer goes to the picker, and the picker's ACK answers the caller. */
const joinDelayedPicker = async (deps: TakeCallDeps, taking: Doing, callerOffer: string): Promise<Taken> => {
  const picked = await taking.picker.answerWithOffer(callerOffer, taking.call.callerParty);
  if (!picked.ok) return picked;
  taking.legs.push(picked.leg);
  if (picked.sdp === undefined) return noAnswer(picked.leg);
  if (!closeRinging(taking)) return leftAlone(picked.leg);

  const caller = await thenTell(deps, taking, taking.call.caller.answer(picked.sdp, taking.pickerParty));
  return caller.ok ? connect(deps, taking, [caller.leg, picked.leg]) : lateCaller(deps, taking, picked.leg);
};

/**
 * The caller made no offer: the picker's offer goes to the caller, whose ACK answers the picker. The caller's 200
 * cannot be taken back, so the ringing ends before it.
 */
const joinDelayedCaller = async (deps: TakeCallDeps, taking: Doing, pickerOffer: string): Promise<Taken> => {
  if (!closeRinging(taking)) return { ok: false, refusal: 'caller-gone' };
  const answering = taking.call.caller.answerWithOffer(pickerOffer, taking.pickerParty);
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

/** The point of no return: the ringing ends as picked up. */
const closeRinging = (taking: Doing): boolean => {
  taking.closed = taking.call.settle({ kind: 'picked' });
  return taking.closed;
};

/**
 * Lets the caller's 200 go out, and behind it the news that somebody has the call, to the phones and the store: two
 * people wait for the one, nobody for the others. srf sends a 200 one microtask after it is asked to.
 */
const thenTell = async <T>(deps: TakeCallDeps, taking: Taking, answering: Promise<T>): Promise<T> => {
  const { call, claim, by, picker, pickerIds = picker.ids } = taking;
  await undefined;
  stopPhones(call, { kind: 'elsewhere' });
  const ids = pickerIds === 'unknown' ? undefined : pickerIds;
  const shown = showPicked(call, ids && { extension: by.picker, ids, direction: 'initiator' });
  beside(call, deps.calls.confirm(call.record, { ...by, token: claim.token }, shown));
  return answering;
};

const connect = (deps: TakeCallDeps, { call }: Taking, legs: readonly [caller: Leg, picker: Leg]): Taken => {
  hold(deps, call, { legs, result: 'picked_up' });
  return { ok: true };
};

/** The caller hung up while the picker was being answered: the picker is alone on the line and hears why. */
const leftAlone = async (picker: Leg): Promise<Taken> => {
  await picker.end({ kind: 'other-party' });
  return { ok: false, refusal: 'caller-gone' };
};

const lateCaller = (deps: TakeCallDeps, { call }: Taking, picker: Leg): Promise<Taken> => {
  finish(deps, call, { result: 'cancelled', event: 'cancelled' });
  return leftAlone(picker);
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
