import type { Log } from '../../flows/ports.js';
import type { SipRequest, SipResponse } from './srf.js';

/** What takes one kind of request and gives it its final response. */
export type Door = (req: SipRequest, res: SipResponse) => Promise<void> | void;

/**
 * Guards a door: what nobody expected is logged with the request's Call-ID and answered 500, and never ends the
 * process (style.md 10.9).
 */
export const guarded =
  (door: Door, log: Log) =>
  async (req: SipRequest, res: SipResponse): Promise<void> => {
    try {
      await door(req, res);
    } catch (error) {
      const sipCallId = req.get('Call-ID')?.slice(0, 200);
      log.error(
        { sipCallId, method: req.method, error: error instanceof Error ? error.stack : String(error) },
        'surprise',
      );
      if (!res.finalResponseSent) res.send(500);
    }
  };
