import type { Sdp } from './description.js';
import { offeredLines } from './line.js';

/**
 * Whether an offer puts the other party on hold: its phone wants to hear nothing any more (RFC 3264 section 8.4), or says
 * so by an address that nobody can send to, as RFC 2543 had it.
 */
export const isHold = (offer: Sdp): boolean =>
  offeredLines(offer).every(({ direction }) => direction === 'sendonly' || direction === 'inactive');
