import { randomInt } from 'node:crypto';
import { capabilitiesWith, type Headers } from './headers.js';
import { relayDeadline } from './reinvite.js';
import { answerHeaders, termsFor, timerRefusal } from './session-expires.js';
import type { SipLeg } from './sip-leg.js';
import { type SipRequest, within } from './srf.js';

/** A final no. */
export interface ChangeRefusal {
  readonly status: number;
  readonly phrase?: string;
  readonly headers?: Record<string, string>;
}

/**
 * Waits a moment where the phone's last change seems open: its ACK may have come in the same breath as this request, and
 * what it has done is seen only when that breath is over. Not done by {@link changeRefusal}: what that says must hold until
 * the turn is taken, in the same moment.
 */
export const hearAck = async ({ turn }: SipLeg): Promise<void> => {
  if (turn.taken === 'theirs') await new Promise((next) => setImmediate(next));
};

/** Why a phone's change of the session cannot even be looked at; `to` is the other leg that it would change. */
export const changeRefusal = (req: SipRequest, from: SipLeg, to?: SipLeg): ChangeRefusal | undefined => {
  // A dialog that is there already takes no other's place (protocol.md R23).
  if (req.has('Replaces') || req.has('Join')) return { status: 400, phrase: 'Replaces Inside A Dialog' };
  const refusal = timerRefusal(req);
  if (refusal || (req.method === 'UPDATE' && !req.body)) return refusal;
  // It has not heard our answer to its last one (RFC 3261 section 14.2, RFC 3311 section 5.2).
  if (from.turn.taken === 'theirs') return { status: 500, headers: { 'Retry-After': String(randomInt(0, 11)) } };
  return from.turn.taken || to?.turn.taken ? { status: 491 } : undefined;
};

/** The headers of our 200, and the session timer that it agrees to. */
export const agreed = ({ dialog, timer, joins }: SipLeg, req: SipRequest): Headers => {
  const terms = termsFor(req, timer);
  timer.agree(terms);
  return { ...capabilitiesWith(joins), Contact: dialog.local.contact, ...answerHeaders(terms) };
};

/** The body of the ACK to our 200 to this request: the phone's answer where that made the offer; empty if none comes. */
export const bodyOfAck = async ({ dialog, ended }: SipLeg, req: SipRequest): Promise<string> => {
  const sequence = req.getParsedHeader('cseq').seq;
  let hear: (ack: SipRequest) => void = () => undefined;
  const heard = new Promise<string>((resolve) => {
    hear = (ack) => ack.getParsedHeader('cseq').seq === sequence && resolve(ack.body ?? '');
  });
  dialog.on('ack', hear);
  const promise = Promise.race([heard, ended.then(() => '')]);
  const body = await within(relayDeadline, 'ACK', { promise }).catch(() => '');
  dialog.off('ack', hear);
  return body;
};
