import type { Proto } from '../transport/path.js';

/** Milliseconds, RFC 3261 table 4. */
export const T1 = 500;
/** The longest pause between two retransmissions. */
export const T2 = 4000;
/** How long a message may stay in the network. */
export const T4 = 5000;
/** When a transaction gives up: timers B, F, H, J, L and M. */
export const giveUp = 64 * T1;

/** A wait that only an unreliable transport needs (timers D, I, J, K); zero over TCP. */
export function unlessReliable(proto: Proto, ms: number): number {
  return proto === 'udp' ? ms : 0;
}
