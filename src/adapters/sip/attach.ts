import type { AttachListener, Joint, Leg, Log } from '../../flows/ports.js';
import { digitIn } from './digit-info.js';
import { listenAlone, listenTo } from './leg-listeners.js';
import { takeMediaChange } from './media-change.js';
import type { SipLeg } from './sip-leg.js';
import type { SipRequest, SipResponse } from './srf.js';

/** Lets one leg talk with the media server alone: there is no other leg to pass anything on to. */
export const attachLeg = (leg: Leg, listener: AttachListener, log: Log): Joint => {
  const own = leg as SipLeg;
  let isParted = false;
  const change = (req: SipRequest, res: SipResponse) =>
    void takeMediaChange({ log }, { leg: own, req, res, changes: listener.changes });
  listenTo(own, {
    modify: change,
    update: change,
    info: (req, res) => {
      const digit = digitIn(req.get('Content-Type'), req.body);
      res.send(200);
      if (digit !== undefined) listener.digit(digit);
    },
    message: (_req, res) => res.send(480),
    refer: (_req, res) => res.send(603),
  });
  void own.ended.then(() => isParted || listener.ended());
  return {
    part: () => {
      isParted = true;
      listenAlone(own);
    },
  };
};
