import type { SipLeg } from './sip-leg.js';
import type { SipDialog, SipRequest, SipResponse } from './srf.js';

/** Takes one request of a phone inside its dialog, and answers it. */
export type Listener = (req: SipRequest, res: SipResponse) => void;

/** Who takes what: srf answers by itself what nobody takes, a re-INVITE with stale SDP (protocol.md 18.8). */
export type Listeners = Readonly<Record<'modify' | 'update' | 'info' | 'message' | 'refer', Listener>>;

const listening = new WeakMap<SipDialog, Listeners>();

/** Has the requests of a leg's phone taken by these from now on, and by nobody else; what came before anybody did, too. */
export const listenTo = ({ dialog, takeEarly }: SipLeg, listeners: Listeners): void => {
  const before = listening.get(dialog);
  listening.set(dialog, listeners);
  for (const [name, listener] of entries(before)) dialog.off(name, listener);
  const early = before ? [] : takeEarly();
  for (const [name, listener] of entries(listeners)) dialog.on(name, listener);
  for (const [req, res] of early) listeners.modify(req, res);
};

const entries = (listeners: Listeners | undefined) => Object.entries(listeners ?? {}) as [keyof Listeners, Listener][];

const pending: Listener = (_req, res) => res.send(491);

/** A leg that is moved to another party has none to pass anything on to: what cannot wait is asked for again. */
export const listenAlone = (leg: SipLeg): void => {
  const refreshed = () => ({ headers: { Contact: leg.dialog.local.contact } });
  listenTo(leg, {
    modify: pending,
    // UPDATE without SDP only keeps the session alive (RFC 4028 section 7.4).
    update: (req, res) => (req.body ? res.send(491) : res.send(200, refreshed())),
    info: (_req, res) => res.send(200),
    message: (_req, res) => res.send(480),
    refer: pending,
  });
};
