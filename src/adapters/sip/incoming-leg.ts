import { randomBytes } from 'node:crypto';
import type { Answer, IncomingLeg, Offer, Party } from '../../flows/ports.js';
import { earlyContact, takeCallerUpdates } from './early-update.js';
import { assertedIdentity, capabilities, type Headers } from './headers.js';
import { refuseWith } from './refuse.js';
import { newSession } from './session.js';
import { answerHeaders, termsFor } from './session-expires.js';
import type { OpenLegs, SipLeg } from './sip-leg.js';
import { chooseTag, keepPending, type SipRequest, type SipResponse, within } from './srf.js';

export { refuseWith } from './refuse.js';

/** An INVITE to us and how it may be answered. */
export interface IncomingParts {
  readonly req: SipRequest;
  readonly res: SipResponse;
  readonly offer: Offer;
  readonly open: OpenLegs;
}

/** How long drachtio may take to send a 200, in milliseconds. */
const sendDeadline = 2_000;

/** How long the ACK with the phone's answer may take, in milliseconds, when our 200 made the offer (protocol.md O15). */
const ackDeadline = 5_000;

/** Notes a CANCEL from the first moment on. Must run before anything is awaited: srf emits it once (protocol.md 17). */
export const watchCancel = (req: SipRequest): CancelWatch => {
  const watch: CancelWatch = { gone: false, listeners: [] };
  const tag = req.getParsedHeader('from').params.tag;
  req.on('cancel', (cancel) => {
    // Somebody else's CANCEL under the same Call-ID: srf takes our INVITE off its book with it, after this.
    if (cancel.getParsedHeader('from').params.tag !== tag) return queueMicrotask(() => keepPending(req, req.res));
    watch.gone = true;
    watch.reason = cancel.get('Reason');
    for (const listener of watch.listeners) listener(watch.reason);
    watch.listeners = [];
  });
  return watch;
};

/** What {@link watchCancel} has seen. */
export interface CancelWatch {
  gone: boolean;
  reason?: string | undefined;
  listeners: ((reason?: string) => void)[];
}

/** A caller's or picker's leg over drachtio: we are its UAS. */
export const incomingLeg = (parts: IncomingParts, cancel: CancelWatch): IncomingLeg => {
  const { req, res, offer } = parts;
  const session = newSession();
  const ids = {
    sipCallId: req.get('Call-ID') ?? '',
    localTag: req.getParsedHeader('from').params.tag ?? '',
    remoteTag: randomBytes(8).toString('hex'),
  };
  chooseTag(res, ids.remoteTag);
  takeCallerUpdates(req);
  let final = false;
  let rung = false;

  const answer = async (body: string, talksTo: Party): Promise<Answer & { leg?: SipLeg }> => {
    if (cancel.gone || final) return { ok: false, refusal: 'picker-gone' };
    final = true;
    const terms = termsFor(req);
    const headers = { ...capabilities, ...assertedIdentity(talksTo), ...answerHeaders(terms) };
    const promise = new Promise<SipLeg>((resolve, reject) => {
      req.srf.createUAS(req, res, { localSdp: session.write(body), headers }, (error, dialog) => {
        if (dialog) resolve(parts.open.open(dialog, session, terms));
        else reject(error);
      });
    });
    try {
      const late = (leg: SipLeg) => void leg.end({ kind: 'failure', text: 'Too Late' });
      return { ok: true, leg: await within(sendDeadline, '200', { promise, late }) };
    } catch {
      // Cancelled while the 200 was on its way to the stack, or the stack is gone: either way nobody was answered.
      return { ok: false, refusal: cancel.gone ? 'picker-gone' : 'error' };
    }
  };

  return {
    sipCallId: ids.sipCallId,
    ids,
    offer,
    get gone() {
      return cancel.gone;
    },
    onGone: (listener) => {
      if (cancel.gone) listener(cancel.reason);
      else cancel.listeners.push(listener);
    },
    ringing: () => {
      if (rung || final || cancel.gone) return;
      rung = true;
      const headers = { ...capabilities, ...earlyContact(req), ...reliable(req) };
      res.send(180, { headers }, null, takePrack);
    },
    answer,
    answerWithOffer: async (body, talksTo) => {
      const answered = await answer(body, talksTo);
      return answered.ok ? { ...answered, ...(await sdpOfAck(answered.leg as SipLeg)) } : answered;
    },
    refuse: (status, phrase, headers = {}) => {
      if (final || cancel.gone) return;
      final = true;
      refuseWith(res, { status, ...(phrase !== undefined && { phrase }), headers });
    },
  };
};

/** Answers the PRACK of our 180 before it comes to the door of those that belong to nothing. */
const takePrack = (prack: SipRequest): void => prack.res.send(200);

/** A caller that requires reliable provisional responses gets them (RFC 3262 section 3); nobody else does. */
const reliable = (req: SipRequest): Headers =>
  /\b100rel\b/i.test(req.get('Require') ?? '') ? { Require: '100rel' } : {};

const sdpOfAck = async (leg: SipLeg): Promise<{ sdp?: string }> => {
  const promise = Promise.race([leg.acked, leg.ended.then(() => '')]);
  const sdp = await within(ackDeadline, 'ACK', { promise }).catch(() => '');
  return sdp ? { sdp } : {};
};
