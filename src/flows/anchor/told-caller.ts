import type { IncomingLeg, Party } from '../ports.js';

/**
 * A caller who was played something by a media server that is lost by now: the 200 must say the same SDP all the same (RFC
 * 3261 section 13.3.1.4), and whoever it talks to comes by a re-INVITE after it. So others must make the offer.
 */
export const toldCaller = (caller: IncomingLeg, told: string): IncomingLeg => {
  const answerWithOffer: IncomingLeg['answerWithOffer'] = async (body: string, talksTo: Party) => {
    const answered = await caller.answer(told, talksTo);
    if (!answered.ok) return answered;
    const changed = await answered.leg.change(body);
    return changed.ok ? { ...answered, sdp: changed.sdp } : answered;
  };
  return {
    ...{ sipCallId: caller.sipCallId, ids: caller.ids, offer: { kind: 'delayed' } },
    get gone() {
      return caller.gone;
    },
    onGone: (listener) => caller.onGone(listener),
    ringing: (early) => caller.ringing(early),
    answer: answerWithOffer,
    answerWithOffer,
    refuse: (...no) => caller.refuse(...no),
  };
};
