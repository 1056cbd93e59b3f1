import { randomInt } from 'node:crypto';
import { crossOffers } from '../../domain/sdp.js';
import type { CrossOffers } from '../../flows/take-call.js';
import { parseSdp, writeSdp } from './sdp-text.js';

/** The o= line of an answer before the leg puts its own in its place (session.ts). */
const origin = () => ({ username: 'callpickup', sessionId: randomInt(1, 2 ** 47), version: 1 });

/** Crosses two offers as texts. */
export const crossOfferTexts: CrossOffers = (callerOffer, pickerOffer) => {
  const [caller, picker] = [parseSdp(callerOffer), parseSdp(pickerOffer)];
  if (!caller || !picker) return { ok: false, why: 'unparseable' };
  const crossed = crossOffers({ caller, picker, origins: { caller: origin(), picker: origin() } });
  return crossed.ok
    ? { ok: true, toCaller: writeSdp(crossed.toCaller), toPicker: writeSdp(crossed.toPicker) }
    : crossed;
};
