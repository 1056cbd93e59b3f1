import type { Anchors } from '../anchors.js';
import type { Endpoint } from '../media.js';
import type { Answer, IncomingLeg, Leg, Party } from '../ports.js';
import type { Wanted } from './open-pair.js';

/** Where a phone that waits for our answer is to be: where it is already, or at a new endpoint. */
export const wantedBy = (anchors: Anchors, incoming: IncomingLeg): Wanted => {
  const at = incoming.moved && anchors.endpointOf(incoming.moved.leg);
  if (at) return { at };
  return incoming.offer.kind === 'sdp' ? { offer: incoming.offer.body } : {};
};

/** Answers a phone with its endpoint, which has made an offer where the phone made none (RFC 3261 section 13.2.1). */
export const answerThrough = async (
  anchors: Anchors,
  { incoming, endpoint }: { incoming: IncomingLeg; endpoint: Endpoint },
  talksTo: Party,
): Promise<Answer> => {
  if (incoming.moved && anchors.endpointOf(incoming.moved.leg) === endpoint) {
    void showParty(incoming.moved.leg, endpoint, talksTo);
    return incoming.moved.stays();
  }
  if (incoming.offer.kind === 'sdp') return incoming.answer(endpoint.sdp, talksTo);
  const answered = await incoming.answerWithOffer(endpoint.sdp, talksTo);
  if (!answered.ok) return answered;
  if (answered.sdp !== undefined && (await endpoint.change(answered.sdp)) !== undefined) return answered;
  await answered.leg.end({ kind: 'failure', text: answered.sdp === undefined ? 'No SDP in ACK' : 'Media Mismatch' });
  return { ok: false, refusal: 'media-mismatch' };
};

/** Tells a phone that stays at its endpoint who is at the other end now: by re-INVITE, with what it was told before. */
export const showParty = async (leg: Leg, endpoint: Endpoint, talksTo: Party): Promise<void> => {
  const changed = await leg.change(() => endpoint.sdp, talksTo);
  if (changed.ok) await endpoint.change(changed.sdp);
};
