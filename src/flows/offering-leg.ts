import type { Answer, DialResult, IncomingLeg, Leg } from './ports.js';

/** A phone that was called without an offer, and has made one with its 200. */
type Offering = Extract<DialResult, { kind: 'offered' }>;

/** How long the ACK may take to go out, in milliseconds. */
const sendDeadline = 2_000;

/**
 * A phone that we have called and that waits for our ACK, as a leg that waits for our answer: whoever answers phones that
 * have dialled a code answers this one in the same way. Its ACK carries the answer (RFC 3261 section 13.2.2.4); a no is an
 * ACK that refuses the media, and a BYE.
 */
export const offeringLeg = (phone: Offering): IncomingLeg => {
  let isFinal = false;
  const answer = async (body: string): Promise<Answer> => {
    if (isFinal) return { ok: false, refusal: 'picker-gone' };
    isFinal = true;
    const leg = await inTime(phone.acknowledge(body)).catch(() => undefined);
    return leg ? { ok: true, leg } : { ok: false, refusal: 'picker-gone' };
  };
  return {
    sipCallId: phone.ids.sipCallId,
    ids: phone.ids,
    offer: { kind: 'sdp', body: phone.sdp },
    // A BYE before our ACK is told by the leg, which ends as soon as it is made.
    gone: false,
    onGone: () => undefined,
    get isFinal() {
      return isFinal;
    },
    ringing: () => undefined,
    answer,
    answerWithOffer: answer,
    refuse: () => {
      if (isFinal) return;
      isFinal = true;
      void phone.abandon().catch(() => undefined);
    },
  };
};

/** A leg that comes later than its deadline is ended. */
const inTime = (acknowledged: Promise<Leg>): Promise<Leg | undefined> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(undefined);
      void acknowledged.then((leg) => leg.end({ kind: 'failure', text: 'Too Late' })).catch(() => undefined);
    }, sendDeadline);
    acknowledged.then(resolve, reject).finally(() => clearTimeout(timer));
  });
