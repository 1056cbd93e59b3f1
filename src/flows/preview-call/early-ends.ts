import type { CallId } from '../../domain/names.js';
import type { Endpoint, MediaServers } from '../media.js';
import type { IncomingLeg } from '../ports.js';

/**
 * What a phone hears before it has the call it looks at. Its 200 must repeat the answer to its offer (RFC 3261 section
 * 13.3.1.4), so it stays with its endpoint.
 */
export interface EarlyEnds {
  readonly phone: Endpoint;
  /** What stands for the phone towards a call that another instance holds. */
  readonly call?: Endpoint;
}

/** What is to be opened. */
export interface EarlyEndsRequest {
  readonly leg: Pick<IncomingLeg, 'offer'>;
  readonly call: CallId;
  readonly isHere: boolean;
}

/** All or nothing: undefined where there is no media server, or the phone made no offer that it can make anything of. */
export const openEarlyEnds = async (
  media: MediaServers,
  { leg: { offer }, call, isHere }: EarlyEndsRequest,
): Promise<EarlyEnds | undefined> => {
  if (offer.kind !== 'sdp' || !media.isUp) return undefined;
  const phone = await media.open({ offer: offer.body, call });
  if (!phone || isHere) return phone && { phone };
  const beside = await media.open({ call, beside: phone });
  if (beside) return { phone, call: beside };
  void phone.release();
  return undefined;
};

/** Ends what was opened. */
export const releaseEnds = ({ phone, call }: EarlyEnds): void => {
  void phone.release();
  void call?.release();
};

/** Settles when a part of it is lost. */
export const endsLost = ({ phone, call }: EarlyEnds): Promise<void> =>
  Promise.race([phone.gone, ...(call ? [call.gone] : [])]);

/**
 * The phone as who takes the call for it sees it: with the offer of the endpoint that stands for it. It is answered when
 * the two endpoints are one way through.
 */
export const throughEnds = (leg: IncomingLeg, ends: Required<EarlyEnds>): IncomingLeg => ({
  sipCallId: leg.sipCallId,
  ids: leg.ids,
  offer: { kind: 'sdp', body: ends.call.sdp },
  get gone() {
    return leg.gone;
  },
  onGone: leg.onGone,
  ringing: leg.ringing,
  answer: async (sdp, talksTo, as) => {
    const isOpen = (await ends.call.change(sdp)) !== undefined && (await ends.phone.bridge(ends.call));
    if (isOpen) return leg.answer(ends.phone.sdp, talksTo, as);
    return { ok: false, refusal: ends.phone.isGone ? 'media-unavailable' : 'media-mismatch' };
  },
  // Only who made no offer is asked for one; this one always has.
  answerWithOffer: async () => ({ ok: false, refusal: 'error' }),
  refuse: leg.refuse,
});
