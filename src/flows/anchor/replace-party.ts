import type { Refusal } from '../../domain/outcome.js';
import type { HoldDeps } from '../held-call.js';
import type { LiveCall } from '../live-call.js';
import type { Answer, IncomingLeg, Leg, Party } from '../ports.js';
import { at } from '../transfer/person.js';
import { type Agreeing, renegotiate } from '../transfer/renegotiate.js';
import { type AnchorDeps, mayAnchor } from './anchor-deps.js';
import { answerThrough, showParty, wantedBy } from './answer-through.js';
import { askToCome, isUnwilling } from './ask-to-come.js';
import { openPair } from './open-pair.js';
import { talkThrough } from './talk-through.js';

/** What putting a phone in the place of another one needs. */
export interface ReplaceDeps extends HoldDeps, AnchorDeps {}

/** Who comes in whose place, to whom. */
export interface Replacing {
  readonly call: LiveCall;
  readonly replaced: Leg;
  readonly remaining: Agreeing;
  readonly picker: IncomingLeg;
  readonly pickerParty: Party;
}

/**
 * Has the phone that remains talk with one that waits for our answer: directly where the two can, else through the media
 * server; a phone that is there already stays there. Until the picker is answered any failure leaves the media as it was.
 */
export const replaceParty = async (deps: ReplaceDeps, replacing: Replacing): Promise<Answer> => {
  const { leg } = replacing.remaining;
  if (deps.mediaUse === 'always' || deps.anchors.endpointOf(leg)) return replaceThrough(deps, replacing);
  const { offer } = replacing.picker;
  const picked = await (offer.kind === 'sdp' ? replaceBy(replacing, offer.body) : replaceByRemaining(replacing));
  if (picked.ok || picked.refusal !== 'media-mismatch' || !mayAnchor(deps)) return picked;
  const joined = await replaceThrough(deps, replacing);
  if (joined.ok) deps.anchors.keep(leg, joined.leg);
  return joined.ok || joined.refusal !== 'media-unavailable' ? joined : picked;
};

/** The one who remains answers the picker's offer. */
const replaceBy = async (replacing: Replacing, offer: string): Promise<Answer> => {
  const { call, replaced, remaining, picker, pickerParty } = replacing;
  const answer = await remaining.leg.change(offer, pickerParty);
  if (!answer.ok) return { ok: false, refusal: refusalBy(answer.status) };
  const picked = await picker.answer(answer.sdp, remaining.party);
  if (picked.ok) return picked;
  // The one who remains talks to a phone that is gone already: back to the one before.
  const agreed = await renegotiate(at(call, replaced), at(call, remaining.leg));
  if (!agreed.ok) call.log.warn({ status: agreed.status }, 'session not restored');
  return picked;
};

/** The picker made no offer: the one who remains does, and hears the picker's answer. */
const replaceByRemaining = async ({ remaining, picker, pickerParty }: Replacing): Promise<Answer> => {
  const offer = await remaining.leg.change(undefined, pickerParty);
  if (!offer.ok) return { ok: false, refusal: refusalBy(offer.status) };
  const picked = await picker.answerWithOffer(offer.sdp, remaining.party);
  offer.acknowledge(picked.ok ? picked.sdp : undefined);
  if (!picked.ok || picked.sdp !== undefined) return picked;
  await picked.leg.end({ kind: 'failure', text: 'No SDP in ACK' });
  return { ok: false, refusal: 'picker-gone' };
};

/** Who does not know the call any more has gone; whoever says something else does not want the media. */
const refusalBy = (status: number): Refusal => (status === 481 || status === 408 ? 'caller-gone' : 'media-mismatch');

const replaceThrough = async (deps: ReplaceDeps, replacing: Replacing): Promise<Answer> => {
  const { call, replaced, remaining, picker, pickerParty } = replacing;
  const { anchors } = deps;
  const wasAt = anchors.endpointOf(remaining.leg);
  const coming = await askToCome(deps, { leg: remaining.leg }, pickerParty);
  if (isUnwilling(coming)) return { ok: false, refusal: refusalBy(coming.status) };
  const pair = await openPair(deps.media, call.record.id, [coming.wanted, wantedBy(anchors, picker)]);
  const picked: Answer = pair
    ? await answerThrough(anchors, { incoming: picker, endpoint: pair.endpoints[1] }, remaining.party)
    : { ok: false, refusal: 'media-unavailable' };
  if (pair && picked.ok && (await pair.bridge())) {
    coming.sit(pair.endpoints[0]);
    talkThrough(deps, picked.leg, pair.endpoints[1]);
    if (wasAt) void showParty(remaining.leg, wasAt, pickerParty);
    return picked;
  }
  coming.stay();
  pair?.release();
  if (pair && wasAt) await anchors.endpointOf(replaced)?.bridge(wasAt);
  if (!picked.ok) return picked;
  await picked.leg.end({ kind: 'failure', text: 'Media Server Lost' });
  return { ok: false, refusal: 'media-unavailable' };
};
