import { createHash } from 'node:crypto';

/**
 * Where a call has been with us already, one token a visit: so that one that comes back for the same extension is known,
 * at whichever instance (RFC 7332; Max-Forwards alone would let it ring everybody seventy times).
 */
export const visitedHeader = 'X-Callpickup-Visited';

/** So often a call may be sent on through us, from one extension to another. */
const mostVisits = 10;

const token = (number: string, domain: string): string =>
  createHash('sha256').update(`${number}@${domain.toLowerCase()}`).digest('hex').slice(0, 12);

/** What goes with the INVITE to an extension: where the call has been, and that it goes there now. */
export const visitedWith = (
  before: string | undefined,
  { number, domain }: { number: string; domain: string },
): string => [...visitsIn(before), token(number, domain)].join(', ');

/** Whether a call for this number has been there already, or goes round and round. */
export const isLoop = (visited: string, { number, domain }: { number: string; domain: string }): boolean => {
  const visits = visitsIn(visited);
  return visits.length >= mostVisits || visits.includes(token(number, domain));
};

const visitsIn = (value: string | undefined): string[] => value?.match(/\b[0-9a-f]{12}\b/g) ?? [];
