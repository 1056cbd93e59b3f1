import { type Joined, joinDelayed } from './delayed-offer.js';
import { beside, finish, type HoldDeps, hold } from './held-call.js';
import type { LiveCall, RingEnd } from './live-call.js';
import { extensionParty } from './party.js';
import type { Party } from './ports.js';
import { stopPhones } from './ring-phones.js';
import { showAnswered } from './shown-dialogs.js';

/** Connects the caller with the phone that answered, and stops the others. */
export const connectCallee = async (
  deps: HoldDeps,
  call: LiveCall,
  end: Extract<RingEnd, { kind: 'answered' | 'offered' }>,
): Promise<void> => {
  stopPhones(call, { kind: 'elsewhere' }, end.by);
  const ids = end.kind === 'answered' ? end.leg.ids : end.ids;
  beside(call, deps.calls.note(call.record, showAnswered(call, end.by, ids)));
  const joined = end.kind === 'answered' ? await connectAnswered(call, end) : await connectOffered(call, end);
  if (!joined) return finish(deps, call, { result: 'cancelled', event: 'cancelled' });
  hold(deps, call, { legs: joined, result: 'answered' });
};

const connectAnswered = async (call: LiveCall, end: Extract<RingEnd, { kind: 'answered' }>): Promise<Joined> => {
  const answer = await call.caller.answer(end.sdp, calleeOf(call));
  if (answer.ok) return [answer.leg, end.leg];
  await end.leg.end({ kind: 'other-party' });
  return undefined;
};

/** The caller made no offer: the phone's goes to the caller, whose ACK answers it. */
const connectOffered = async (call: LiveCall, end: Extract<RingEnd, { kind: 'offered' }>): Promise<Joined> => {
  try {
    return await joinDelayed(call.caller, end, calleeOf(call));
  } catch (error) {
    call.log.warn({ error: String(error) }, 'phone not acknowledged');
    return undefined;
  }
};

const calleeOf = ({ tenant, record }: LiveCall): Party => extensionParty(tenant, record.target, false);
