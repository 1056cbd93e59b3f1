import { type Headers, isHeaderSafe } from './headers.js';
import type { SipResponse } from './srf.js';

/**
 * Sends a final no; drachtio knows a phrase for each status, ours says more where it can. A phone may invent a status, at
 * which srf throws: it counts as the first of its class (RFC 3261 section 8.1.3.2).
 */
export const refuseWith = (
  res: SipResponse,
  { status, phrase, headers = {} }: { status: number; phrase?: string; headers?: Headers },
): void => {
  try {
    if (phrase !== undefined && isHeaderSafe(phrase)) res.send(status, phrase.slice(0, 60), { headers });
    else res.send(status, { headers });
  } catch {
    res.send(Math.floor(status / 100) * 100, { headers });
  }
};
