import type { JoinListener, Leg, Log, Joint as Parting } from '../../flows/ports.js';
import { isHeaderSafe } from './headers.js';
import { listenAlone, listenTo } from './leg-listeners.js';
import { relayDeadline } from './reinvite.js';
import { type Joint, type Relayed, takeChange } from './session-change.js';
import type { SipLeg } from './sip-leg.js';
import { type SipRequest, type SipResponse, within } from './srf.js';

/** How two legs are joined. */
export interface JoinParts {
  readonly log: Log;
  /** Hears of no end of legs that were parted. */
  readonly listener: JoinListener;
  /** A phone asks to be replaced by another (RFC 3515). */
  readonly onRefer: ReferDoor;
}

/** Answers a REFER inside a call, and follows it or not. */
export type ReferDoor = (from: SipLeg, req: SipRequest, res: SipResponse) => void;

/**
 * Joins two established legs: what one phone sends reaches the other (re-INVITE, UPDATE, INFO, MESSAGE), and when one
 * hangs up the other is ended. srf would answer most of these by itself, with stale SDP (protocol.md 18.8).
 */
export const joinLegs = (a: Leg, b: Leg, { log, listener, onRefer }: JoinParts): Parting => {
  const joint: Joint = { log, listener };
  const [one, other] = [a as SipLeg, b as SipLeg];
  relay(joint, { from: one, to: other, onRefer });
  relay(joint, { from: other, to: one, onRefer });
  let first: Leg | undefined;
  let isParted = false;
  const passEnd = async (from: SipLeg, to: SipLeg): Promise<void> => {
    const bye = await from.ended;
    if (isParted) return;
    if (bye) first ??= from;
    await to.end(otherParty(bye?.reason));
  };
  void Promise.all([passEnd(one, other), passEnd(other, one)]).then(() => isParted || listener.ended(first));
  return {
    part: () => {
      isParted = true;
      for (const leg of [one, other]) listenAlone(leg);
    },
  };
};

const otherParty = (reason?: string) => ({ kind: 'other-party' as const, ...(reason !== undefined && { reason }) });

const relay = (
  joint: Joint,
  { from, to, onRefer }: Pick<Relayed, 'from' | 'to'> & Pick<JoinParts, 'onRefer'>,
): void => {
  const change = (req: SipRequest, res: SipResponse) => void takeChange(joint, { from, to, req, res });
  const pass = (req: SipRequest, res: SipResponse) => void relayRequest(joint, { from, to, req, res });
  const refer = (req: SipRequest, res: SipResponse) => onRefer(from, req, res);
  listenTo(from, { modify: change, update: change, info: pass, message: pass, refer });
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
