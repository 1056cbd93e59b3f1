import type { Response } from '../message/message.js';

/** Failures that tell the caller what to change; they are worth more than others of their class. */
const helpful = new Set([401, 407, 415, 420, 484]);

/** The smaller, the better: 6xx first, then the lowest class, then what helps the caller (RFC 3261 section 16.7, step 6). */
function rank({ status }: Response): number {
  const group = status >= 600 ? 0 : Math.floor(status / 100);
  return group * 1000 + (helpful.has(status) ? 0 : 100) + (status % 100);
}

/** The failure that the caller hears, of those that the targets gave. */
export function bestOf(failures: readonly Response[]): Response | undefined {
  return [...failures].sort((a, b) => rank(a) - rank(b))[0];
}
