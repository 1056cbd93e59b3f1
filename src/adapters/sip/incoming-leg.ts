import { randomBytes } from 'node:crypto';
import type { DialogIds } from '../../domain/dialog.js';
import type { Answer, Early, IncomingLeg, Offer, Party } from '../../flows/ports.js';
import { isAudioRefused } from './audio-refused.js';
import type { CancelWatch } from './cancel-watch.js';
import { earlyContact, takeCallerUpdates } from './early-update.js';
import { focusMark } from './focus.js';
import { assertedIdentity, capabilitiesWith, type Headers } from './headers.js';
import { refuseWith } from './refuse.js';
import { newSession, type Session } from './session.js';
import { answerHeaders, termsFor } from './session-expires.js';
import type { OpenLegs, SipLeg } from './sip-leg.js';
import { chooseTag, type SipRequest, type SipResponse, within } from './srf.js';

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

/** A caller's or picker's leg over drachtio: we are its UAS. */
export const incomingLeg = (parts: IncomingParts, cancel: CancelWatch): IncomingLeg => {
  const { req, res, offer } = parts;
  const session = newSession();
  const ids = chooseIds(req, res);
  takeCallerUpdates(req);
  let final = false;
  const ringing = makeRinging(parts, session);

  const answer = async (body: string, talksTo: Party, as?: 'focus'): Promise<Answer & { leg?: SipLeg }> => {
    if (cancel.gone || final) return { ok: false, refusal: 'picker-gone' };
    final = true;
    const terms = termsFor(req);
    const own = { ...capabilitiesWith(parts.open.joins), ...(as === 'focus' && focusContact(req)) };
    const headers = { ...own, ...assertedIdentity(talksTo), ...answerHeaders(terms) };
    const promise = new Promise<SipLeg>((resolve, reject) => {
      req.srf.createUAS(req, res, { localSdp: session.write(body), headers }, (error, dialog) => {
        if (dialog) resolve(parts.open.open(dialog, session, { terms }));
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
    get isFinal() {
      return final;
    },
    onGone: (listener) => void (cancel.gone ? listener(cancel.reason) : cancel.listeners.push(listener)),
    ringing: (early) => {
      if (!final && !cancel.gone) ringing(early);
    },
    answer,
    answerWithOffer: async (body, talksTo, as) => {
      const answered = await answer(body, talksTo, as);
      return answered.ok ? { ...answered, ...(await sdpOfAck(answered.leg as SipLeg)) } : answered;
    },
    refuse: (status, phrase, headers = {}) => {
      if (final || cancel.gone) return;
      final = true;
      refuseWith(res, { status, ...(phrase !== undefined && { phrase }), headers });
    },
  };
};

/** The middle of a conference says so (RFC 4579 section 4.1). */
const focusContact = (req: SipRequest): Headers => ({ Contact: `${earlyContact(req).Contact}${focusMark}` });

/** Says that it rings, once; and once more, or before, where there is something to hear. */
const makeRinging = (parts: IncomingParts, session: Session) => {
  let rung = false;
  let said = false;
  return (early: Early = {}): void => {
    // A reliable response is said once: another one would need the PRACK of the first.
    if ((rung && !early.sdp) || (said && wantsReliable(parts.req))) return;
    said = true;
    rung ||= !early.isProgress;
    const body = early.sdp === undefined ? undefined : session.write(early.sdp);
    ring(parts, { ...early, status: early.isProgress ? 183 : 180, ...(body !== undefined && { body }) });
  };
};

interface Provisional extends Pick<Early, 'talksTo'> {
  readonly status: 180 | 183;
  readonly body?: string;
}

/** Sends 180 or 183, reliably where the phone requires that, with what it hears and whom it is told of. */
const ring = ({ req, res, open }: IncomingParts, { status, body, talksTo }: Provisional): void => {
  const described = { ...(body !== undefined && { 'Content-Type': 'application/sdp' }) };
  const headers = {
    ...capabilitiesWith(open.joins),
    ...earlyContact(req),
    ...(talksTo && assertedIdentity(talksTo)),
    ...described,
  };
  const message = { headers, ...(body !== undefined && { body }) };
  if (wantsReliable(req)) res.send(status, { ...message, headers: { ...headers, Require: '100rel' } }, null, takePrack);
  else res.send(status, message);
};

/** The ids of the dialog to be, with a tag of ours that is known before anything is answered. */
const chooseIds = (req: SipRequest, res: SipResponse): DialogIds => {
  const remoteTag = randomBytes(8).toString('hex');
  chooseTag(res, remoteTag);
  return { sipCallId: req.get('Call-ID') ?? '', localTag: req.getParsedHeader('from').params.tag ?? '', remoteTag };
};

/**
 * Answers the PRACK of our 180 before it comes to the door of those that belong to nothing. srf tells of the ACK here too,
 * where that comes first, and before the dialog hears of it: it has no answer.
 */
const takePrack = (req: SipRequest): void => {
  if (req.method === 'PRACK') req.res.send(200);
};

/** A caller that requires reliable provisional responses gets them (RFC 3262 section 3); nobody else does. */
const wantsReliable = (req: SipRequest): boolean => /\b100rel\b/i.test(req.get('Require') ?? '');

const sdpOfAck = async (leg: SipLeg): Promise<{ sdp?: string }> => {
  const promise = Promise.race([leg.acked, leg.ended.then(() => '')]);
  const sdp = await within(ackDeadline, 'ACK', { promise }).catch(() => '');
  return sdp && !isAudioRefused(sdp) ? { sdp } : {};
};
