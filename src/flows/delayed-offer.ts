import type { DialResult, IncomingLeg, Leg, Party } from './ports.js';

/** A phone (or the owner of a call) that answered an INVITE of ours without an offer, and so made one itself. */
export type Offered = Pick<Extract<DialResult, { kind: 'offered' }>, 'sdp' | 'acknowledge' | 'abandon'>;

/** Two legs that were joined, or undefined if one of them was lost on the way; then the other has been ended. */
export type Joined = readonly [incoming: Leg, outgoing: Leg] | undefined;

/**
 * Neither INVITE carried an offer: the offer in the 200 to ours goes on in our 200, and the answer in the ACK to that
 * goes back in our ACK (RFC 3261 section 13.2.1). Rejects if the last ACK cannot be sent.
 */
export const joinDelayed = async (incoming: IncomingLeg, offered: Offered, talksTo: Party): Promise<Joined> => {
  const answer = await incoming.answerWithOffer(offered.sdp, talksTo);
  if (!answer.ok) {
    await offered.abandon();
    return undefined;
  }
  if (answer.sdp === undefined) {
    await Promise.all([offered.abandon(), answer.leg.end({ kind: 'failure', text: 'No SDP in ACK' })]);
    return undefined;
  }
  try {
    return [answer.leg, await offered.acknowledge(answer.sdp)];
  } catch (error) {
    await answer.leg.end({ kind: 'failure', text: 'Other Leg Lost' });
    throw error;
  }
};
