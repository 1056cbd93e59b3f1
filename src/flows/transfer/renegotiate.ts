import type { Leg, Party } from '../ports.js';

/** Whether two phones have agreed, or the status of the one that would not. */
export type Agreed = { ok: true } | { ok: false; status: number };

/** A phone, and who is at it, as the other one is told. */
export interface Agreeing {
  readonly leg: Leg;
  readonly party: Party;
}

/**
 * Has two phones agree on media with each other: one makes the offer, the other answers it (RFC 3725 section 4.1, flow I,
 * inside dialogs). If either refuses, both sessions stay as they were (RFC 3261 section 14.1).
 */
export const renegotiate = async (offerer: Agreeing, answerer: Agreeing): Promise<Agreed> => {
  const offer = await offerer.leg.change(undefined, answerer.party);
  if (!offer.ok) return offer;
  const answer = await answerer.leg.change(offer.sdp, offerer.party);
  offer.acknowledge(answer.ok ? answer.sdp : undefined);
  return answer.ok ? { ok: true } : answer;
};
