import type { Endpoint, ListenMode } from '../media.js';
import type { Answer, IncomingLeg, Party } from '../ports.js';

/** Connects the phone of a supervisor with its endpoint, and tells it whose side is taken. A failed one is not refused here. */
export const connectPhone = async (
  leg: IncomingLeg,
  endpoint: Endpoint,
  { talksTo, mode }: { talksTo: Party; mode: ListenMode },
): Promise<Answer> => {
  // Who enters a call makes a conference of it.
  const as = mode === 'barge' ? 'focus' : undefined;
  if (leg.offer.kind === 'sdp') return leg.answer(endpoint.sdp, talksTo, as);
  const answered = await leg.answerWithOffer(endpoint.sdp, talksTo, as);
  if (!answered.ok) return answered;
  if (answered.sdp !== undefined && (await endpoint.change(answered.sdp)) !== undefined) return answered;
  await answered.leg.end({ kind: 'failure', text: 'No Usable SDP In ACK' });
  return { ok: false, refusal: 'media-mismatch' };
};
