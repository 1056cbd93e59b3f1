import { answerTo, canBundle } from './sdp/answer.js';
import { crossLine } from './sdp/crossed-line.js';
import type { Media, Sdp } from './sdp/description.js';
import { offeredLines, pairLines } from './sdp/line.js';
import type { Origin } from './sdp/origin.js';
import type { CrossingPolicy } from './sdp/policy.js';
import { type CrossingRefusal, refused } from './sdp/refusal.js';

/** A session description as plain values. */
export type { Sdp } from './sdp/description.js';
/** Our own `o=` line, and a description under it. */
export { type Origin, withOrigin } from './sdp/origin.js';
/** What a site allows. */
export type { CrossingPolicy } from './sdp/policy.js';
/** Why two offers cannot answer each other. */
export type { CrossingRefusal } from './sdp/refusal.js';

/** Two offers that both wait for an answer, and our `o=` line towards each of those who made them. */
export interface PendingOffers {
  readonly caller: Sdp;
  readonly picker: Sdp;
  readonly origins: { readonly caller: Origin; readonly picker: Origin };
  readonly policy?: CrossingPolicy;
}

/** The two answers, or what stands between the two offers. */
export type Crossing =
  | { readonly ok: true; readonly toCaller: Sdp; readonly toPicker: Sdp }
  | { readonly ok: false; readonly why: CrossingRefusal };

const usesIce = ({ media, iceUfrag, icePwd, iceOptions, icelite }: Sdp): boolean =>
  [iceUfrag, icePwd, iceOptions, icelite].some((attribute) => attribute !== undefined) ||
  media.some((line) => line.iceUfrag !== undefined || line.icePwd !== undefined || line.candidates?.length);

/**
 * Makes each of two offers the answer to the other, so that caller and picker talk to each other directly. Only where both
 * answers are valid ones (RFC 3264 section 6); everything else is refused by name, for the media server or a 488. What
 * is not sound never crosses, but fails to: only the first pair of audio lines must cross, other lines are rejected singly.
 */
export const crossOffers = ({ caller, picker, origins, policy = {} }: PendingOffers): Crossing => {
  // Both ends would believe that they control the checks; the tie-break is not for phones (RFC 8445 section 7.3.1).
  if (usesIce(caller) || usesIce(picker)) return refused('ice');
  const pairs = pairLines(offeredLines(caller), offeredLines(picker));
  const voice = pairs.find((pair) => pair.caller.media.type === 'audio');
  if (!voice) return refused('no-audio');

  const [toCaller, toPicker] = [new Map<number, Media>(), new Map<number, Media>()];
  for (const pair of pairs) {
    const crossed = crossLine(pair, policy);
    if (!crossed.ok && pair === voice) return crossed;
    if (!crossed.ok) continue;
    toCaller.set(pair.caller.index, crossed.toCaller);
    toPicker.set(pair.picker.index, crossed.toPicker);
  }
  const bundle = canBundle(caller, picker);
  return {
    ok: true,
    toCaller: answerTo(caller, toCaller, { origin: origins.caller, bundle }),
    toPicker: answerTo(picker, toPicker, { origin: origins.picker, bundle }),
  };
};
