import { randomInt } from 'node:crypto';
import type { Headers } from './headers.js';
import { refuseWith } from './refuse.js';
import { timerRefusal } from './session-expires.js';
import type { SipRequest, SipResponse } from './srf.js';

/**
 * UPDATE before the call is answered (RFC 3311). It may say where the phone is from now on, or that it is still there;
 * an offer in it cannot be looked at, for the one in the INVITE waits for its answer (section 5.2).
 */
const takeUpdate =
  (whileOffering: (res: SipResponse) => void) =>
  (req: SipRequest, res: SipResponse): void => {
    const refusal = timerRefusal(req);
    if (refusal) refuseWith(res, refusal);
    else if (req.body) whileOffering(res);
    else res.send(200, { headers: earlyContact(req) });
  };

/**
 * Where requests reach us before the call is answered (RFC 3261 section 12.1.1): drachtio says it in a 200 to an INVITE
 * alone. It knows better than we which address of ours the phone can reach, and writes it for `localhost`.
 */
export const earlyContact = ({ protocol }: SipRequest): Headers => ({
  Contact: `<sip:callpickup@localhost${protocol === 'tcp' ? ';transport=tcp' : ''}>`,
});

/** The caller's: its own offer is not answered yet. */
export const takeCallerUpdates = (invite: SipRequest): void => {
  invite.on(
    'update',
    takeUpdate((res) => refuseWith(res, { status: 500, headers: { 'Retry-After': String(randomInt(0, 11)) } })),
  );
};

/**
 * A ringing phone's: our offer to it is not answered yet. srf would answer with our offer once more; its listener comes
 * right after this is called.
 */
export const takeCalleeUpdates = (invite: SipRequest): void =>
  queueMicrotask(() => {
    invite.removeAllListeners('update');
    invite.on(
      'update',
      takeUpdate((res) => refuseWith(res, { status: 491 })),
    );
  });
