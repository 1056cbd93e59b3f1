import type { Log } from '../../flows/ports.js';
import { refuseWith } from './refuse.js';
import { agreed, bodyOfAck, changeRefusal, hearAck } from './session-request.js';
import type { SipLeg } from './sip-leg.js';
import type { SipRequest, SipResponse } from './srf.js';

/** A phone that talks with a media server wants its session changed. */
export interface MediaChange {
  readonly leg: SipLeg;
  readonly req: SipRequest;
  readonly res: SipResponse;
  /** The media server's answer to an offer; undefined refuses it. */
  changes(offer: string): Promise<string | undefined>;
}

/**
 * Takes a re-INVITE or an UPDATE of a phone whose other end is a media server: that answers its offer. Where the phone
 * leaves the offer to us it gets what it was told last, and its answer goes to the media server.
 */
export const takeMediaChange = async ({ log }: { log: Log }, change: MediaChange): Promise<void> => {
  const { leg, req, res } = change;
  await hearAck(leg);
  const refusal = changeRefusal(req, leg);
  if (refusal) return refuseWith(res, refusal);
  // UPDATE without SDP only keeps the session alive (RFC 4028 section 7.4).
  if (req.method === 'UPDATE' && !req.body) return res.send(200, { headers: agreed(leg, req) });
  leg.turn.take('theirs');
  try {
    await answer(change);
  } catch (error) {
    log.warn({ error: String(error), method: req.method }, 'change of the session not answered');
    refuseWith(res, { status: 500 });
  } finally {
    leg.turn.giveBack();
  }
};

const answer = async ({ leg, req, res, changes }: MediaChange): Promise<void> => {
  const sdp = req.body ? await changes(req.body) : leg.session.told;
  if (sdp === undefined) return refuseWith(res, { status: 488 });
  const headers = { ...agreed(leg, req), 'Content-Type': 'application/sdp' };
  const acked = req.body ? undefined : bodyOfAck(leg, req);
  res.send(200, { headers, body: leg.session.write(sdp) });
  const answered = await acked;
  if (answered) await changes(answered);
};
