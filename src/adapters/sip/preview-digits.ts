import type { DialogIds } from '../../domain/dialog.js';
import { digitIn } from './digit-info.js';
import type { Door } from './door.js';
import { refuseWith } from './refuse.js';
import type { SipRequest } from './srf.js';

/** The keys that phones tell of by INFO before they are answered. */
export interface EarlyDigits {
  /** Hears those of the phone with this early dialog; returns how to stop. */
  readonly listen: (ids: DialogIds, listener: (digit: string) => void) => () => void;
  /** The door of every INFO that belongs to no established dialog. */
  readonly door: Door;
}

/** Who looks at a call may press a key; every other INFO is for a dialog that is not there. */
export const makeEarlyDigits = (): EarlyDigits => {
  const ears = new Map<string, { ids: DialogIds; listener: (digit: string) => void }>();
  return {
    listen: (ids, listener) => {
      const ear = { ids, listener };
      ears.set(ids.sipCallId, ear);
      return () => void (ears.get(ids.sipCallId) === ear && ears.delete(ids.sipCallId));
    },
    door: (req, res) => {
      const ear = ears.get(req.get('Call-ID') ?? '');
      if (!ear || !isOf(req, ear.ids)) return refuseWith(res, { status: 481 });
      const digit = digitIn(req.get('Content-Type'), req.body);
      res.send(200);
      if (digit !== undefined) ear.listener(digit);
    },
  };
};

/** A Call-ID alone could be anybody's (RFC 3261 section 12.2.2). */
const isOf = (req: SipRequest, { localTag, remoteTag }: DialogIds): boolean =>
  req.getParsedHeader('from').params.tag === localTag && req.getParsedHeader('to').params.tag === remoteTag;
