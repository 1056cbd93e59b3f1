import { refuseWith } from './refuse.js';
import type { SipRequest, SipResponse } from './srf.js';

/**
 * BYEs of phones that answered and hung up before we have acknowledged (RFC 3261 section 15 forbids it, and people do it).
 * Where the phone's 200 made the offer, the ACK waits for the other phone's answer, and srf has no dialog until then.
 */
export interface EarlyByes {
  /** From now on a BYE of this call is for us. */
  expect(sipCallId: string): ExpectedBye;
  /** Takes a BYE that srf knows no dialog of. */
  take(req: SipRequest, res: SipResponse): void;
}

/** A BYE that may come, or not. */
export interface ExpectedBye {
  /** The BYE, if it has come; and it is waited for no more. */
  end(): SipRequest | undefined;
}

/** No BYE expected yet. */
export const earlyByes = (): EarlyByes => {
  const expected = new Map<string, SipRequest | undefined>();
  return {
    expect: (sipCallId) => {
      expected.set(sipCallId, undefined);
      return {
        end: () => {
          const bye = expected.get(sipCallId);
          expected.delete(sipCallId);
          return bye;
        },
      };
    },
    take: (req, res) => {
      const sipCallId = req.get('Call-ID') ?? '';
      if (!expected.has(sipCallId)) return refuseWith(res, { status: 481 });
      expected.set(sipCallId, req);
      res.send(200);
    },
  };
};
