import type { Refusal } from '../domain/outcome.js';
import { type JoinedOrNot, type JoinOfferedDeps, joinOffered } from './anchor/join-offered.js';
import type { Anchoring } from './anchoring.js';
import { beside, finish, hold } from './held-call.js';
import type { LiveCall, RingEnd } from './live-call.js';
import { extensionParty } from './party.js';
import type { Party } from './ports.js';
import { stopPhones } from './ring-phones.js';
import { showAnswered } from './shown-dialogs.js';

/** What connecting a caller with a phone needs. */
export interface ConnectDeps extends JoinOfferedDeps {
  readonly anchoring: Pick<Anchoring, 'relax'>;
}

/** Connects the caller with the phone that answered, and stops the others. */
export const connectCallee = async (
  deps: ConnectDeps,
  call: LiveCall,
  end: Extract<RingEnd, { kind: 'answered' | 'offered' }>,
): Promise<void> => {
  stopPhones(call, { kind: 'elsewhere' }, end.by);
  const ids = end.kind === 'answered' ? end.leg.ids : end.ids;
  beside(call, deps.calls.note(call.record, showAnswered(call, end.by, ids)));
  const joined = end.kind === 'answered' ? await connectAnswered(call, end) : await connectOffered(deps, call, end);
  if (!joined.ok) return notConnected(deps, call, joined.refusal);
  hold(deps, call, { legs: joined.legs, result: 'answered' });
  deps.anchoring.relax(joined.legs[0]); // A caller that only heard the media server's tone needs it no more.
};

/** A caller who has not gone by itself must hear why. */
const notConnected = (deps: ConnectDeps, call: LiveCall, refusal: Refusal): void => {
  const isMedia = refusal === 'media-mismatch' || refusal === 'media-unavailable';
  if (isMedia) call.caller.refuse(refusal === 'media-mismatch' ? 488 : 503);
  finish(deps, call, isMedia ? { result: 'error', event: 'error' } : { result: 'cancelled', event: 'cancelled' });
};

const connectAnswered = async (call: LiveCall, end: Extract<RingEnd, { kind: 'answered' }>): Promise<JoinedOrNot> => {
  const answer = await call.caller.answer(end.sdp, calleeOf(call));
  if (answer.ok) return { ok: true, legs: [answer.leg, end.leg] };
  await end.leg.end({ kind: 'other-party' });
  return answer;
};

/** The phone has made the offer: because the caller made none, or because the call goes through the media server. */
const connectOffered = async (
  deps: ConnectDeps,
  call: LiveCall,
  offered: Extract<RingEnd, { kind: 'offered' }>,
): Promise<JoinedOrNot> => {
  try {
    return await joinOffered(deps, { call, offered, talksTo: calleeOf(call) });
  } catch (error) {
    call.log.warn({ error: String(error) }, 'phone not acknowledged');
    return { ok: false, refusal: 'error' };
  }
};

const calleeOf = ({ tenant, record }: LiveCall): Party => extensionParty(tenant, record.target, false);
