import type { DialogIds } from '../domain/dialog.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import type { AnchorDeps } from './anchor/anchor-deps.js';
import type { Anchoring } from './anchoring.js';
import { beside, finish, type HoldDeps, hold } from './held-call.js';
import type { LiveCall } from './live-call.js';
import type { Endpoint } from './media.js';
import type { Claim, IncomingLeg, Leg, Legs, Party, PickedUp } from './ports.js';
import { stopPhones } from './ring-phones.js';
import { showPicked } from './shown-dialogs.js';

/** Crosses two offers into two answers, or says why they cannot be (protocol.md section 11). */
export type CrossOffers = (
  callerOffer: string,
  pickerOffer: string,
) => { ok: true; toCaller: string; toPicker: string } | { ok: false; why: string };

/** What taking a call needs. */
export interface TakeCallDeps extends HoldDeps, AnchorDeps {
  readonly legs: Pick<Legs, 'join' | 'attach'>;
  readonly crossOffers: CrossOffers;
  readonly anchoring: Pick<Anchoring, 'relax'>;
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
  /**
   * What the picker's phone has heard already: its 200 says the same SDP again (RFC 3261 section 13.3.1.4). If the taking
   * fails, it is left to who opened it.
   */
  readonly pickerEndpoint?: Endpoint;
}

/** A taking, with what has been done so far and must be undone if the rest fails. */
export interface Doing extends Taking {
  /** The call's caller, or how it is to be answered where it has been told something already. */
  caller: IncomingLeg;
  readonly legs: Leg[];
  /** The ringing has ended as picked up: the call is this pickup's to finish. */
  closed: boolean;
}

/** How the taking ended: the picker was answered, or must be refused. */
export type Taken = { ok: true } | { ok: false; refusal: Refusal };

/** The point of no return: the ringing ends as picked up. */
export const closeRinging = (taking: Doing): boolean => {
  taking.closed = taking.call.settle({ kind: 'picked' });
  return taking.closed;
};

/**
 * Lets the caller's 200 go out, and behind it the news that somebody has the call, to the phones and the store: two
 * people wait for the one, nobody for the others. srf sends a 200 one microtask after it is asked to.
 */
export const thenTell = async <T>(deps: TakeCallDeps, taking: Taking, answering: Promise<T>): Promise<T> => {
  const { call, claim, by, picker, pickerIds = picker.ids } = taking;
  await undefined;
  stopPhones(call, { kind: 'elsewhere' });
  const ids = pickerIds === 'unknown' ? undefined : pickerIds;
  const shown = showPicked(call, ids && { extension: by.picker, ids, direction: 'initiator' });
  beside(call, deps.calls.confirm(call.record, { ...by, token: claim.token }, shown));
  return answering;
};

/** Picker and caller talk. */
export const connect = (deps: TakeCallDeps, { call }: Taking, legs: readonly [caller: Leg, picker: Leg]): Taken => {
  hold(deps, call, { legs, result: 'picked_up' });
  return { ok: true };
};

/** The caller hung up while the picker was being answered: the picker is alone on the line and hears why. */
export const leftAlone = async (picker: Leg): Promise<Taken> => {
  await picker.end({ kind: 'other-party' });
  return { ok: false, refusal: 'caller-gone' };
};

/** The same, when the call was the picker's already. */
export const lateCaller = (deps: TakeCallDeps, { call }: Taking, picker: Leg): Promise<Taken> => {
  finish(deps, call, { result: 'cancelled', event: 'cancelled' });
  return leftAlone(picker);
};
