import { isHold } from '../../domain/sdp/hold.js';
import type { JoinListener, Log } from '../../flows/ports.js';
import { carryFocus } from './focus.js';
import { takeMediaChange } from './media-change.js';
import { refuseWith } from './refuse.js';
import { type Reinvited, reinvite, relayDeadline } from './reinvite.js';
import { parseSdp } from './sdp-text.js';
import { askHeaders, termsIn } from './session-expires.js';
import { agreed, bodyOfAck, changeRefusal, hearAck } from './session-request.js';
import type { SipLeg } from './sip-leg.js';
import { type SipRequest, type SipResponse, within } from './srf.js';
import { answerTo, withLinesOf } from './transfer-lines.js';

/** Two legs whose sessions change together. */
export interface Joint {
  readonly log: Log;
  readonly listener: JoinListener;
}

/** A request of one phone on its way to the other. */
export interface Relayed {
  readonly from: SipLeg;
  readonly to: SipLeg;
  readonly req: SipRequest;
  readonly res: SipResponse;
}

/**
 * Takes a re-INVITE or an UPDATE (RFC 3311) of one phone. A change of the session is passed on as the method that it came
 * in, and its answer back, one at a time; what changes nothing is answered here.
 */
export const takeChange = async (joint: Joint, relayed: Relayed): Promise<void> => {
  const { from, to, req, res } = relayed;
  const { changes, held } = joint.listener;
  if (changes) {
    const change = async (offer: string) => {
      const answer = await changes(from, offer);
      if (answer !== undefined) held?.(from, holds(offer));
      return answer;
    };
    return takeMediaChange(joint, { leg: from, req, res, changes: change });
  }
  await hearAck(from);
  const refusal = changeRefusal(req, from, to);
  if (refusal) return refuseWith(res, refusal);
  // UPDATE without SDP only keeps the session alive (RFC 4028 section 7.4).
  if (req.method === 'UPDATE' && !req.body) return res.send(200, { headers: agreed(from, req) });
  // srf gives an UPDATE that comes meanwhile to the INVITE, or answers it 500 if nobody listens there.
  if (req.method === 'INVITE') req.on('update', (update, reply) => void from.dialog.emit('update', update, reply));
  if (joint.listener.carriesFocus) carryFocus(to, req);
  from.turn.take('theirs');
  to.turn.take('ours');
  try {
    const isMade = await relayChange(relayed);
    if (isMade && req.body) joint.listener.held?.(from, holds(req.body));
  } catch (error) {
    joint.log.warn({ error: String(error), method: req.method }, 'change of the session not answered');
    await refuseChange(relayed, { status: 408 });
  } finally {
    from.turn.giveBack();
    to.turn.giveBack();
  }
};

/** Passes a change on and its answer back; false if it was refused. */
const relayChange = async (relayed: Relayed): Promise<boolean> => {
  const { from, to, req, res } = relayed;
  const ask = req.method === 'INVITE' ? reinvite : update;
  const reply = await ask(to, req.body);
  if (reply.status !== 200) {
    await refuseChange(relayed, reply);
    return false;
  }
  const body = from.session.write(reply.sdp);
  res.send(200, { headers: { ...agreed(from, req), 'Content-Type': 'application/sdp' }, body });
  if (reply.isOffer) await passAck(relayed, reply);
  return true;
};

const holds = (offer: string): boolean => {
  const sdp = parseSdp(offer);
  return sdp !== undefined && isHold(sdp);
};

/** A re-INVITE that failed leaves the session as it was, but 408 and 481 end the call (RFC 3261 section 14.1). */
const refuseChange = async ({ from, to, res }: Relayed, reply: { status: number }): Promise<void> => {
  const gone = reply.status === 408 || reply.status === 481;
  refuseWith(res, { status: gone ? 481 : reply.status >= 400 ? reply.status : 500 });
  if (gone)
    await Promise.all([from, to].map((leg) => leg.end({ kind: 'failure', text: 'Session change not answered' })));
};

/** The initiator made no offer: the other phone's offer went back in our 200, and the initiator's ACK answers it. */
const passAck = async ({ from, req }: Relayed, reply: Reinvited): Promise<void> =>
  reply.acknowledge(await bodyOfAck(from, req));

const update = async (to: SipLeg, offer = ''): Promise<Reinvited> => {
  const before = to.session.told;
  const promise = to.dialog.request({
    method: 'UPDATE',
    headers: { Contact: to.dialog.local.contact, 'Content-Type': 'application/sdp', ...askHeaders(to.timer.terms) },
    body: to.session.write(withLinesOf(before, offer)),
  });
  const res = await within(relayDeadline, 'UPDATE', { promise });
  if (res.status >= 300) to.session.takeBack(before);
  else to.timer.agree(termsIn(res));
  return { status: res.status, sdp: answerTo(offer, res.body ?? ''), isOffer: false, acknowledge: () => undefined };
};
