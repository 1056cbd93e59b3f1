import { acrossChange } from '../domain/changed-phones.js';
import type { Group } from '../domain/group.js';
import { mayGreet } from '../domain/hunt.js';
import type { CallId, Extension, InstanceId, TenantId } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import { wantsNoCalls } from '../domain/presence.js';
import { canHearEarly, givesEarly } from './anchor/early-media.js';
import { type ConnectDeps, connectCallee } from './connect-callee.js';
import { finish } from './held-call.js';
import { type LiveCall, liveCall, type RingEnd } from './live-call.js';
import { shownCaller } from './party.js';
import type { Binding, CallResult, IncomingLeg, Legs, Log, Offer, Party } from './ports.js';
import type { RingGroup } from './ring-group.js';
import { ringPhones, stopPhones } from './ring-phones.js';
import { showCaller } from './shown-dialogs.js';
import { trunkPhone } from './trunk-phone.js';
import type { WokenPhones } from './waking-leg.js';

/** What routing a call needs. */
export interface RouteCallDeps extends ConnectDeps {
  readonly legs: Pick<Legs, 'dial' | 'join'>;
  readonly log: Log;
  readonly self: InstanceId;
  readonly newCallId: () => CallId;
  /** The phones last seen for an extension, for when the store cannot be reached. */
  readonly knownPhones: (tenant: TenantId, target: Extension) => Binding[];
  readonly wokenPhones: WokenPhones;
  readonly ringGroup: RingGroup;
}

/** A call that came in for an extension. */
export interface IncomingCall {
  readonly tenant: Tenant;
  readonly caller: IncomingLeg;
  readonly callerParty: Party;
  /** The caller's extension, where it is proven: a call of one's own is no candidate for a pickup. */
  readonly callerExtension?: Extension;
  readonly target: Extension;
  /** The group that has this number. */
  readonly group?: Group;
  /** Where a number goes that no extension has: the trunk's SIP URI. */
  readonly trunk?: string;
  /** The caller asked that nobody else may have or watch the call. */
  readonly isPrivate?: boolean;
  readonly passed: Readonly<Record<string, string>>;
}

/** Rings every phone of the extension, or a group as its strategy says, and connects the first that answers unless a picker was quicker. */
export const makeRouteCall =
  (deps: RouteCallDeps) =>
  async (incoming: IncomingCall): Promise<void> => {
    const call = open(deps, incoming);
    const phones = await begin(deps, call, incoming.trunk);
    if (wantsNoCalls(incoming.tenant, incoming.target)) call.settle(disturbsNobody);
    if (!call.isOver) ring(deps, call, { incoming, phones });

    const end = await call.over;
    await conclude(deps, call, end);
  };

interface Begun {
  readonly incoming: IncomingCall;
  readonly phones: readonly Binding[];
}

const ring = (deps: RouteCallDeps, call: LiveCall, { incoming: { group, passed }, phones }: Begun): void => {
  if (group) void deps.ringGroup(call, { group, passed });
  else if (phones.length === 0) call.settle({ kind: 'failed', status: 480 });
  else ringPhones(deps, call, { phones, passed });
};

/** RFC 3261 section 21.4.18 names this very case; the call goes nowhere else. */
const disturbsNobody: RingEnd = { kind: 'failed', status: 480, reason: 'Do Not Disturb' };

const open = (deps: RouteCallDeps, incoming: IncomingCall): LiveCall => {
  const { tenant, caller, callerParty, callerExtension = '', target } = incoming;
  const id = deps.newCallId();
  const log = deps.log.child({ callId: id, tenant: tenant.id });
  const isPrivate = incoming.isPrivate === true || isPrivateExtension(tenant, callerExtension, target);
  const record = {
    id,
    tenant: tenant.id,
    ...shownCaller(callerParty),
    caller: callerExtension,
    isPrivate,
    target,
    ...(incoming.group && { group: target }),
    owner: deps.self,
  };
  const call = liveCall({ record, tenant, caller, callerParty, log, toPhones: toPhones(deps, incoming) });
  deps.live.add(call);
  log.info({ caller: callerParty.number, target, sipCallId: caller.sipCallId }, 'call');
  caller.onGone((reason) => call.settle({ kind: 'abandoned', ...(reason !== undefined && { reason }) }));
  return call;
};

/** A phone that is to talk through the media server makes an offer for that, and gets no answer of the caller's. */
const toPhones = (deps: RouteCallDeps, { tenant, caller, group }: IncomingCall): Offer => {
  const isGreeted = group !== undefined && mayGreet(tenant, group) && canHearEarly(deps, { caller });
  const isThrough = deps.mediaUse === 'always' || isGreeted || givesEarly(deps, { tenant, caller });
  return isThrough ? { kind: 'delayed' } : caller.offer;
};

const isPrivateExtension = ({ extensions }: Tenant, ...numbers: string[]): boolean =>
  numbers.some((number) => extensions.get(number as Extension)?.isPrivate);

/** The store notes the call and tells the phones. Without the store calls go on with the phones last seen. */
const begin = async (deps: RouteCallDeps, call: LiveCall, trunk: string | undefined): Promise<Binding[]> => {
  const { target } = call.record;
  const outside = trunk === undefined ? undefined : [trunkPhone(trunk, target)];
  try {
    const phones = await deps.calls.begin(call.record, showCaller(call, 'trying'), acrossChange(call.tenant, target));
    return outside ?? phones;
  } catch (error) {
    call.log.warn({ error: String(error) }, 'store away, call goes on without it');
    return outside ?? deps.knownPhones(call.tenant.id, target);
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
      return connectCallee(deps, call, end);
    case 'abandoned':
      stopPhones(call, { kind: 'other-party', ...(end.reason !== undefined && { reason: end.reason }) });
      return finish(deps, call, { result: 'cancelled', event: 'cancelled' });
    case 'unanswered':
      stopPhones(call, { kind: 'other-party' });
      call.caller.refuse(480, 'No Answer');
      return finish(deps, call, { result: 'timeout', event: 'timeout' });
    case 'failed':
      stopPhones(call, { kind: 'other-party' });
      call.caller.refuse(end.status, end.reason);
      return finish(deps, call, { result: resultOf(end.status), event: 'rejected' });
    case 'lost':
      stopPhones(call, { kind: 'failure', text: end.text });
      call.caller.refuse(503, 'Service Unavailable', { 'Retry-After': '1' });
      return finish(deps, call, { result: 'error', event: 'error' });
  }
};

const resultOf = (status: number): CallResult => {
  if (status === 486 || status === 600) return 'busy';
  return status >= 500 && status < 600 ? 'error' : 'rejected';
};
