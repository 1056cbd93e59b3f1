import { bestFailure, type Failure } from '../domain/final-response.js';
import type { CallId, Extension, InstanceId, TenantId } from '../domain/names.js';
import { domainOf, type Tenant } from '../domain/office.js';
import { type LiveCall, liveCall, type RingEnd } from './live-call.js';
import type { LiveCalls } from './live-calls.js';
import type {
  Binding,
  CallResult,
  CallStore,
  DialResult,
  IncomingLeg,
  Leg,
  Legs,
  Log,
  Meter,
  OutgoingLeg,
  Party,
} from './ports.js';

/** What routing a call needs. */
export interface RouteCallDeps {
  readonly calls: CallStore;
  readonly legs: Pick<Legs, 'dial' | 'join'>;
  readonly live: LiveCalls;
  readonly meter: Meter;
  readonly log: Log;
  readonly self: InstanceId;
  readonly newCallId: () => CallId;
  /** The phones last seen for an extension, for when the store cannot be reached. */
  readonly knownPhones: (tenant: TenantId, target: Extension) => Binding[];
}

/** A call that came in for an extension. */
export interface IncomingCall {
  readonly tenant: Tenant;
  readonly caller: IncomingLeg;
  readonly callerParty: Party;
  /** The caller's extension, where it is proven: a call of one's own is no candidate for a pickup. */
  readonly callerExtension?: Extension;
  readonly target: Extension;
  /** Where a number goes that no extension has: the trunk's SIP URI. */
  readonly trunk?: string;
  readonly passed: Readonly<Record<string, string>>;
}

/** Rings every phone of the extension, and connects the first that answers unless a picker was quicker. */
export const makeRouteCall =
  (deps: RouteCallDeps) =>
  async (incoming: IncomingCall): Promise<void> => {
    const call = open(deps, incoming);
    const phones = await begin(deps, call, incoming.trunk);
    if (!call.isOver && phones.length === 0) call.settle({ kind: 'failed', status: 480 });
    if (!call.isOver) ringPhones(deps, call, { phones, incoming });

    const end = await call.over;
    await conclude(deps, call, end);
  };

const open = (deps: RouteCallDeps, incoming: IncomingCall): LiveCall => {
  const { tenant, caller, callerParty, callerExtension = '', target } = incoming;
  const id = deps.newCallId();
  const log = deps.log.child({ callId: id, tenant: tenant.id });
  const record = { id, tenant: tenant.id, caller: callerExtension, target, owner: deps.self };
  const call = liveCall({ record, tenant, caller, callerParty, log });
  deps.live.add(call);
  log.info({ caller: callerParty.number, target, sipCallId: caller.sipCallId }, 'call');
  caller.onGone((reason) => call.settle({ kind: 'abandoned', ...(reason !== undefined && { reason }) }));
  return call;
};

/** The store notes the call and tells the phones. Without the store calls go on with the phones last seen. */
const begin = async (deps: RouteCallDeps, call: LiveCall, trunk: string | undefined): Promise<Binding[]> => {
  const { target } = call.record;
  const outside =
    trunk === undefined ? undefined : [{ id: 'trunk', contact: trunk.replace(/^(sips?:)/, `$1${target}@`), path: [] }];
  try {
    const phones = await deps.calls.begin(call.record);
    return outside ?? phones;
  } catch (error) {
    call.log.warn({ error: String(error) }, 'store away, call goes on without it');
    return outside ?? deps.knownPhones(call.tenant.id, target);
  }
};

interface Ringing {
  readonly phones: readonly Binding[];
  readonly incoming: IncomingCall;
}

const ringPhones = (deps: RouteCallDeps, call: LiveCall, { phones, incoming }: Ringing): void => {
  const failures: Failure[] = [];
  const timer = setTimeout(() => call.settle({ kind: 'unanswered' }), call.tenant.ringSeconds * 1000);
  void call.over.then(() => clearTimeout(timer));
  for (const phone of phones) {
    const leg = dial(deps, call, { phone, incoming });
    call.dialled(leg);
    void leg.result.then((result) => legResult(deps, call, { leg, result, failures }));
  }
};

const dial = (deps: RouteCallDeps, call: LiveCall, { phone, incoming }: { phone: Binding; incoming: IncomingCall }) =>
  deps.legs.dial({
    call: call.record.id,
    uri: phone.contact,
    path: phone.path,
    caller: call.callerParty,
    callee: { number: call.record.target, domain: domainOf(call.tenant) },
    offer: call.caller.offer,
    passed: incoming.passed,
    onRinging: (dialog) => {
      if (call.isOver) return;
      const first = call.noted.size === 0;
      if (!call.noted.has(dialog.leg)) deps.meter.earlyDialog(1);
      call.rang(dialog);
      beside(call, deps.calls.ring(call.record, dialog));
      call.caller.ringing();
      if (first) deps.meter.ringing(1);
    },
  });

interface LegEnd {
  readonly leg: OutgoingLeg;
  readonly result: DialResult;
  readonly failures: Failure[];
}

const legResult = async (deps: RouteCallDeps, call: LiveCall, { leg, result, failures }: LegEnd): Promise<void> => {
  if (result.kind === 'failed') {
    failures.push(result);
    legGone(deps, call, { leg, failures });
  } else if (call.isOver || !(await calleeWins(deps, call)) || !call.settle({ ...result, by: leg })) {
    legGone(deps, call, { leg, failures });
    await (result.kind === 'answered' ? result.leg.end(call.toLosers) : result.abandon());
  }
};

/** A phone does not ring any more. When none is left, or one declined for all, the caller hears the best of what they said. */
const legGone = (deps: RouteCallDeps, call: LiveCall, { leg, failures }: Omit<LegEnd, 'result'>): void => {
  call.legGone(leg);
  if (call.isOver) return;
  const declined = failures.some(({ status }) => status >= 600);
  if (declined || call.ringing.size === 0) {
    call.settle({ ...bestFailure(failures), kind: 'failed' });
  } else if (call.noted.has(leg.id)) {
    beside(call, deps.calls.legEnded(call.record, { leg: leg.id, sipCallId: leg.sipCallId }));
  }
};

/** The callee's own 200 is a claimant too (DESIGN 3.3). Without the store, this instance decides alone. */
const calleeWins = async (deps: RouteCallDeps, call: LiveCall): Promise<boolean> => {
  try {
    return await deps.calls.answer(call.record);
  } catch (error) {
    call.log.warn({ error: String(error) }, 'store away, callee answers without it');
    return true;
  }
};

const conclude = async (deps: RouteCallDeps, call: LiveCall, end: RingEnd): Promise<void> => {
  if (call.noted.size > 0) deps.meter.ringing(-1);
  deps.meter.earlyDialog(-call.noted.size);
  switch (end.kind) {
    case 'picked':
      return; // take-call has stopped the phones and holds both legs.
    case 'answered':
    case 'offered':
      return connect(deps, call, end);
    case 'abandoned':
      stopPhones(call, { kind: 'other-party', ...(end.reason !== undefined && { reason: end.reason }) });
      return finish(deps, call, 'cancelled');
    case 'unanswered':
      stopPhones(call, { kind: 'other-party' });
      call.caller.refuse(480, 'No Answer');
      return finish(deps, call, 'timeout');
    case 'failed':
      stopPhones(call, { kind: 'other-party' });
      call.caller.refuse(end.status, end.reason);
      return finish(deps, call, resultOf(end.status));
    case 'lost':
      stopPhones(call, { kind: 'failure', text: end.text });
      call.caller.refuse(503, 'Service Unavailable', { 'Retry-After': '1' });
      return finish(deps, call, 'error');
  }
};

const resultOf = (status: number): CallResult => {
  if (status === 486 || status === 600) return 'busy';
  return status >= 500 && status < 600 ? 'error' : 'rejected';
};

/** CANCELs every phone that still rings, but not the one that answered. */
export const stopPhones = (call: LiveCall, reason: Parameters<OutgoingLeg['stop']>[0], but?: OutgoingLeg): void => {
  for (const leg of call.ringing.values()) if (leg !== but) leg.stop(reason);
};

const connect = async (
  deps: RouteCallDeps,
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

/** Joins the two legs of a connected call until one of them ends. */
export const hold = (
  deps: Pick<RouteCallDeps, 'calls' | 'live' | 'meter'> & { readonly legs: Pick<Legs, 'join'> },
  call: LiveCall,
  { legs: [caller, other], result }: { legs: readonly [Leg, Leg]; result: CallResult },
): void => {
  deps.meter.connected(1);
  deps.live.connected(call, [caller, other]);
  deps.legs.join(caller, other, () => {
    deps.meter.connected(-1);
    finish(deps, call, result);
  });
};

/** The call is over: nothing of it stays, here or in the store. */
export const finish = (
  deps: Pick<RouteCallDeps, 'calls' | 'live' | 'meter'>,
  call: LiveCall,
  result: CallResult,
): void => {
  deps.live.remove(call);
  deps.meter.callEnded(result);
  call.log.info({ result }, 'call ended');
  const legs = [...call.noted.values()].map(({ leg, sipCallId }) => ({ leg, sipCallId }));
  beside(call, deps.calls.end(call.record, legs));
};

/** Lets the store follow without the phone waiting for it. */
export const beside = (call: LiveCall, change: Promise<unknown>): void => {
  change.catch((error) => call.log.warn({ error: String(error) }, 'store did not follow'));
};
