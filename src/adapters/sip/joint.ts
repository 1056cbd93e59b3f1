import type { Leg, Log } from '../../flows/ports.js';
import { isHeaderSafe } from './headers.js';
import { type Joint, type Relayed, relayChange, relayDeadline } from './session-change.js';
import type { SipLeg } from './sip-leg.js';
import { type SipRequest, type SipResponse, within } from './srf.js';

/**
 * Joins two established legs: what one phone sends reaches the other (re-INVITE, UPDATE, INFO, MESSAGE), and when one
 * hangs up the other is ended. srf would answer most of these by itself, with stale SDP (protocol.md 18.8).
 */
export const joinLegs = (
  a: Leg,
  b: Leg,
  { log, onEnded }: { log: Log; onEnded: (first: Leg | undefined) => void },
): void => {
  const joint: Joint = { changing: false, log };
  const [one, other] = [a as SipLeg, b as SipLeg];
  relay(joint, one, other);
  relay(joint, other, one);
  let first: Leg | undefined;
  const passEnd = async (from: SipLeg, to: SipLeg): Promise<void> => {
    const bye = await from.ended;
    if (bye) first ??= from;
    await to.end(otherParty(bye?.reason));
  };
  void Promise.all([passEnd(one, other), passEnd(other, one)]).then(() => onEnded(first));
};

const otherParty = (reason?: string) => ({ kind: 'other-party' as const, ...(reason !== undefined && { reason }) });

const relay = (joint: Joint, from: SipLeg, to: SipLeg): void => {
  const change = (req: SipRequest, res: SipResponse) => {
    const relayed = { from, to, req, res };
    if (req.method === 'INVITE' || req.body) return void relayChange(joint, relayed);
    // UPDATE without SDP only keeps the session alive (RFC 4028).
    res.send(200, { headers: { Contact: from.dialog.local.contact } });
  };
  for (const [req, res] of from.takeEarly()) change(req, res);
  from.dialog.on('modify', change);
  from.dialog.on('update', change);
  from.dialog.on('info', (req, res) => void relayRequest(joint, { from, to, req, res }));
  from.dialog.on('message', (req, res) => void relayRequest(joint, { from, to, req, res }));
  // A transfer we do not make must not look made: srf would answer 200 (protocol.md R 13.1).
  from.dialog.on('refer', (_req, res) => res.send(603));
};

/** INFO and MESSAGE go on with body and type as they are: DTMF by INFO must arrive (protocol.md C24). */
const relayRequest = async (joint: Joint, { to, req, res }: Relayed): Promise<void> => {
  const headers = Object.fromEntries(
    ['Content-Type', 'Info-Package', 'Content-Disposition'].flatMap((name) => {
      const value = req.get(name);
      return value && isHeaderSafe(value) ? [[name, value]] : [];
    }),
  );
  const body = req.body ? { body: req.body } : {};
  try {
    const promise = to.dialog.request({ method: req.method, headers, ...body });
    const reply = await within(relayDeadline, req.method, { promise });
    res.send(reply.status);
  } catch (error) {
    joint.log.warn({ error: String(error), method: req.method }, 'request inside the call not answered');
    res.send(408);
  }
};
