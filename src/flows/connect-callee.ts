import { domainOf } from '../domain/office.js';
import { finish, type HoldDeps, hold } from './held-call.js';
import type { LiveCall, RingEnd } from './live-call.js';
import type { Leg, Party } from './ports.js';
import { stopPhones } from './ring-phones.js';

/** Connects the caller with the phone that answered, and stops the others. */
export const connectCallee = async (
  deps: HoldDeps,
  call: LiveCall,
  end: Extract<RingEnd, { kind: 'answered' | 'offered' }>,
): Promise<void> => {
  stopPhones(call, { kind: 'elsewhere' }, end.by);
  const joined = end.kind === 'answered' ? await connectAnswered(call, end) : await connectOffered(call, end);
  if (!joined) return finish(deps, call, 'cancelled');
  hold(deps, call, { legs: joined, result: 'answered' });
};

type Joined = readonly [caller: Leg, other: Leg] | undefined;

const connectAnswered = async (call: LiveCall, end: Extract<RingEnd, { kind: 'answered' }>): Promise<Joined> => {
  const answer = await call.caller.answer(end.sdp, calleeOf(call));
  if (answer.ok) return [answer.leg, end.leg];
  await end.leg.end({ kind: 'other-party' });
  return undefined;
};

/** The caller made no offer: the phone's offer goes to the caller, whose ACK answers it (RFC 3261 section 13.2.1). */
const connectOffered = async (call: LiveCall, end: Extract<RingEnd, { kind: 'offered' }>): Promise<Joined> => {
  const answer = await call.caller.answerWithOffer(end.sdp, calleeOf(call));
  if (!answer.ok) {
    await end.abandon();
    return undefined;
  }
  if (answer.sdp === undefined) {
    await Promise.all([end.abandon(), answer.leg.end({ kind: 'failure', text: 'No SDP in ACK' })]);
    return undefined;
  }
  try {
    return [answer.leg, await end.acknowledge(answer.sdp)];
  } catch (error) {
    call.log.warn({ error: String(error) }, 'phone not acknowledged');
    await answer.leg.end({ kind: 'failure', text: 'Phone Lost' });
    return undefined;
  }
};

const calleeOf = (call: LiveCall): Party => ({
  name: call.tenant.extensions.get(call.record.target)?.name ?? '',
  number: call.record.target,
  domain: domainOf(call.tenant),
  private: false,
});
