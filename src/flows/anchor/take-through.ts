import { announceCall } from '../announce-call.js';
import { finish } from '../held-call.js';
import type { Endpoint } from '../media.js';
import type { IncomingLeg, Leg } from '../ports.js';
import {
  closeRinging,
  connect,
  type Doing,
  lateCaller,
  leftAlone,
  type TakeCallDeps,
  type Taken,
  thenTell,
} from '../taking.js';
import { answerThrough, wantedBy } from './answer-through.js';
import { openPair, type Pair } from './open-pair.js';
import { talkThrough } from './talk-through.js';

/**
 * Joins picker and caller by two endpoints, in the order of every pickup: the media is ready before the phones stop
 * ringing, and until then any failure gives the call back. Undefined if there are no endpoints to be had: nobody has heard
 * of anything then. `heard` is the endpoint whose tone the caller hears.
 */
export const takeThrough = async (deps: TakeCallDeps, taking: Doing, heard?: Endpoint): Promise<Taken | undefined> => {
  const { call, caller, picker, pickerEndpoint } = taking;
  const pair = await openPair(deps.media, call.record.id, [
    heard ? { at: heard } : wantedBy(deps.anchors, caller),
    pickerEndpoint ? { at: pickerEndpoint } : wantedBy(deps.anchors, picker),
  ]);
  if (!pair) return undefined;
  try {
    const taken = await takeBy(deps, taking, pair);
    if (!taken.ok) giveUp(pair, heard);
    return taken;
  } catch (error) {
    giveUp(pair, heard);
    throw error;
  }
};

/** The caller that hears a tone hears it again. */
const giveUp = (pair: Pair, heard: Endpoint | undefined): void => {
  pair.release();
  void heard?.play('ringback');
};

const takeBy = async (deps: TakeCallDeps, taking: Doing, pair: Pair): Promise<Taken> => {
  const { call, caller, picker, pickerParty } = taking;
  const [callersEndpoint, pickersEndpoint] = pair.endpoints;
  const toPicker = { incoming: picker, endpoint: pickersEndpoint };
  // Beside the picker's 200, for two people wait; unless there is something to be heard first.
  const bridging = hearsSomethingFirst(taking) ? undefined : pair.bridge();
  const picked = await answerThrough(deps.anchors, toPicker, call.callerParty);
  if (!picked.ok) return picked;
  taking.legs.push(picked.leg);
  const refusal = await makeReady(deps, taking, { picker: picked.leg, pair, bridging });
  if (refusal) return refusal;
  if (!closeRinging(taking)) return leftAlone(picked.leg);

  const toCaller = { incoming: caller, endpoint: callersEndpoint };
  const answered = await thenTell(deps, taking, answerThrough(deps.anchors, toCaller, pickerParty));
  if (!answered.ok) return lateCaller(deps, taking, picked.leg);
  if (pair.endpoints.some(({ isGone }) => isGone)) return lostTogether(deps, taking, [answered.leg, picked.leg]);
  talkThrough(deps, answered.leg, callersEndpoint);
  talkThrough(deps, picked.leg, pickersEndpoint);
  delete call.early; // It is the leg's from now on.
  const taken = connect(deps, taking, [answered.leg, picked.leg]);
  settle(deps, taking, [answered.leg, picked.leg]);
  return taken;
};

/** What is left to do between the picker's 200 and the caller's. */
interface Readying {
  readonly picker: Leg;
  readonly pair: Pair;
  /** Has begun already, unless there is something to be heard first. */
  readonly bridging: Promise<boolean> | undefined;
}

/** The picker has heard whose call it is, if that is wanted, and the two hear each other. */
const makeReady = async (
  deps: TakeCallDeps,
  taking: Doing,
  { picker, pair, bridging }: Readying,
): Promise<Taken | undefined> => {
  const endpoint = pair.endpoints[1];
  if (!bridging && !(await hearsFirst(deps, taking, { picker, endpoint }))) {
    return { ok: false, refusal: 'picker-gone' };
  }
  if (taking.call.isOver || (await (bridging ?? pair.bridge()))) return undefined;
  await picker.end({ kind: 'failure', text: 'Media Server Lost' });
  return { ok: false, refusal: 'media-unavailable' };
};

/** Keys are made with the server by DTLS, once the phone has its answer (RFC 5763 section 5). */
export const makesKeys = ({ offer }: Pick<IncomingLeg, 'offer'>): boolean =>
  offer.kind === 'sdp' && /^a=fingerprint:/m.test(offer.body);

const hearsSomethingFirst = ({ tenant, picker }: Doing): boolean => tenant.media.announce || makesKeys(picker);

/**
 * Lets the picker's phone hear what it is to hear before the caller, or get so far that it can hear anything. False if the
 * picker hangs up meanwhile. A caller that does breaks it off.
 */
const hearsFirst = async (
  deps: TakeCallDeps,
  { call, tenant }: Doing,
  { picker, endpoint }: { picker: Leg; endpoint: Endpoint },
): Promise<boolean> => {
  let isThere = true;
  const left = picker.ended.then(() => {
    isThere = false;
  });
  const alone = { ended: () => undefined, changes: (offer: string) => endpoint.change(offer), digit: () => undefined };
  const joint = deps.legs.attach(picker, alone);
  // To be hushed, an endpoint must be able to hear commands.
  await Promise.race([tenant.media.announce ? announceCall(endpoint, call) : endpoint.hush(), left, call.over]);
  joint.part();
  return isThere;
};

const lostTogether = async (deps: TakeCallDeps, taking: Doing, legs: readonly Leg[]): Promise<Taken> => {
  finish(deps, taking.call, { result: 'error', event: 'error' });
  await Promise.all(legs.map((leg) => leg.end({ kind: 'failure', text: 'Media Server Lost' })));
  return { ok: false, refusal: 'media-unavailable' };
};

/** Who could have talked directly does so as soon as nobody needs otherwise. */
const settle = (deps: TakeCallDeps, { caller, picker }: Doing, [callerLeg, pickerLeg]: readonly [Leg, Leg]): void => {
  // A caller who was moved was there because of the call before.
  if (caller.moved) {
    deps.anchoring.relax(pickerLeg);
    return;
  }
  if (caller.offer.kind !== 'sdp' || picker.offer.kind !== 'sdp') return;
  if (deps.crossOffers(caller.offer.body, picker.offer.body).ok) deps.anchoring.relax(pickerLeg);
  else deps.anchors.keep(callerLeg, pickerLeg);
};
