import type { DialogChange, DialogIds } from '../domain/dialog.js';
import type { ClaimToken, Extension, TenantId } from '../domain/names.js';
import { domainOf, type Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { reachOfCall } from '../domain/policy.js';
import { type JoinedOrNot, type JoinOfferedDeps, joinOffered } from './anchor/join-offered.js';
import type { Anchoring } from './anchoring.js';
import { claimCall } from './claim-call.js';
import { beside, finish, hold } from './held-call.js';
import type { LiveCall, RingEnd } from './live-call.js';
import type { Order, OrderState, Orders } from './orders.js';
import { extensionParty } from './party.js';
import type { Binding, ClaimResult, DialResult, EndReason, Legs, Log, Meter, OutgoingLeg } from './ports.js';
import { stopPhones } from './ring-phones.js';
import { showPicked, showRefused, showRinging } from './shown-dialogs.js';
import { tellPickup } from './tell-pickup.js';

/** What ringing the phones of a picker needs. */
export interface RingPickerDeps extends JoinOfferedDeps {
  readonly anchoring: Pick<Anchoring, 'relax'>;
  readonly legs: Pick<Legs, 'dial' | 'join'>;
  readonly meter: Meter;
  readonly orders: Orders;
  readonly log: Log;
  /** The company as it is now: its rules may have changed since the call began. */
  readonly tenant: (id: TenantId) => Tenant | undefined;
  readonly phones: (tenant: TenantId, extension: Extension) => Promise<readonly Binding[]>;
  readonly newToken: () => ClaimToken;
}

/** One order being carried out. */
interface Ringing {
  readonly deps: RingPickerDeps;
  readonly order: Order;
  readonly call: LiveCall;
  readonly began: number;
  /** The picker's phones that still ring, or have answered and not been dealt with. */
  readonly legs: Set<OutgoingLeg>;
  readonly statuses: number[];
  /** A phone of the picker has answered and claims the call. */
  claiming: boolean;
  /** What is to be told of it has been told, and this to the phones. */
  over?: EndReason;
}

/**
 * The owner's part of a pickup by program: the picker's phones are called with the caller's offer while the target rings
 * on; the first that answers claims the call, exactly as a phone that dialled a code would (features.md 5.8).
 */
export const makeRingPicker =
  (deps: RingPickerDeps) =>
  async (order: Order): Promise<void> => {
    const began = performance.now();
    const call = deps.live.get(order.call);
    if (!call || call.tenant.id !== order.tenant) return account(deps, order, { refusal: 'caller-gone', began });
    const ringing: Ringing = { deps, order, call, began, legs: new Set(), statuses: [], claiming: false };
    if (call.isOver) return conclude(ringing, refusalOf(await call.over));
    const phones = await deps.phones(order.tenant, order.sendTo).catch(() => undefined);
    if (!phones) return conclude(ringing, 'store-unreachable');
    if (phones.length === 0) return conclude(ringing, 'not-registered');
    if (call.isOver) return conclude(ringing, refusalOf(await call.over));
    note(deps, order, { state: 'ringing' });
    for (const phone of phones) dial(ringing, phone);
    const timer = setTimeout(() => ringing.claiming || conclude(ringing, 'no-answer'), order.waitSeconds * 1000);
    const end = await call.over;
    clearTimeout(timer);
    if (!ringing.claiming) conclude(ringing, refusalOf(end));
  };

const note = ({ orders, log }: RingPickerDeps, order: Order, state: OrderState): void => {
  orders.note(order, state).catch((error) => log.warn({ order: order.id, error: String(error) }, 'order not noted'));
};

/** What the end of a call's ringing means to a picker whose phone still rings. */
const refusalOf = ({ kind }: RingEnd): Refusal =>
  kind === 'answered' || kind === 'offered' || kind === 'picked' ? 'lost-race' : 'caller-gone';

const dial = (ringing: Ringing, phone: Binding): void => {
  const { deps, order, call } = ringing;
  const leg = deps.legs.dial({
    call: call.record.id,
    uri: phone.contact,
    path: phone.path,
    caller: order.shown ?? call.callerParty,
    callee: { number: order.sendTo, domain: domainOf(call.tenant) },
    offer: call.toPhones,
    passed: {},
    onRinging: (early) => {
      if (ringing.over || call.isOver) return;
      const shows = order.shown ?? call.callerParty;
      tellWatchers(ringing, showRinging(call, early, { extension: order.sendTo, shows }));
    },
  });
  ringing.legs.add(leg);
  void leg.result.then((result) => legResult(ringing, leg, result));
};

const tellWatchers = ({ deps, call }: Ringing, shown: DialogChange[]): void => {
  if (shown.length > 0) beside(call, deps.calls.note(call.record, shown));
};

const legResult = async (ringing: Ringing, leg: OutgoingLeg, result: DialResult): Promise<void> => {
  ringing.legs.delete(leg);
  if (result.kind === 'failed') {
    ringing.statuses.push(result.status);
    tellWatchers(ringing, showRefused(ringing.call, leg, result.status));
    if (ringing.legs.size === 0 && !ringing.claiming) conclude(ringing, failureOf(ringing.statuses));
    return;
  }
  // One phone of the picker claims; what another of them answers meanwhile is too late.
  if (ringing.over || ringing.claiming) {
    tellWatchers(ringing, showStopped(ringing, [leg]));
    return giveUp(result, ringing.over ?? { kind: 'elsewhere' });
  }
  ringing.claiming = true;
  const refusal = await take(ringing, leg, result).catch((error): Refusal => {
    ringing.call.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
    return 'error';
  });
  if (refusal !== undefined) tellWatchers(ringing, showStopped(ringing, [leg]));
  conclude(ringing, refusal);
};

const showStopped = ({ call }: Ringing, legs: Iterable<OutgoingLeg>): DialogChange[] =>
  [...legs].flatMap(({ id }) => call.dialogs.end(id, { event: 'cancelled' }));

const failureOf = (statuses: readonly number[]): Refusal =>
  statuses.some((status) => status === 486 || status >= 600) ? 'declined' : 'no-answer';

const idsOf = (result: Exclude<DialResult, { kind: 'failed' }>): DialogIds =>
  result.kind === 'answered' ? result.leg.ids : result.ids;

/** Ends a phone that has answered for nothing. */
const giveUp = (result: Exclude<DialResult, { kind: 'failed' }>, reason: EndReason): Promise<void> =>
  result.kind === 'answered' ? result.leg.end(reason) : result.abandon();

/** The picker has answered: the claim, and then the caller. Undefined if the picker has the call. */
const take = async (
  ringing: Ringing,
  leg: OutgoingLeg,
  result: Exclude<DialResult, { kind: 'failed' }>,
): Promise<Refusal | undefined> => {
  const { deps, call, order } = ringing;
  const token = deps.newToken();
  const claimed = await claim(ringing, token);
  if (!claimed.ok || !call.settle({ kind: 'picked' })) {
    const refusal = claimed.ok ? 'caller-gone' : claimed.refusal;
    await giveUp(result, reasonOf(refusal));
    return refusal;
  }
  stopPhones(call, { kind: 'elsewhere' });
  stopLegs(ringing, { kind: 'elsewhere' });
  const picker = { extension: order.sendTo, id: leg.id, ids: idsOf(result), direction: 'recipient' } as const;
  beside(
    call,
    deps.calls.confirm(call.record, { token, picker: order.sendTo, method: 'api' }, showPicked(call, picker)),
  );
  const joined = await joinCaller(ringing, result);
  if (!joined.ok) {
    if (!call.caller.gone) call.caller.refuse(503);
    finish(deps, call, { result: 'cancelled', event: 'cancelled' });
    return joined.refusal === 'picker-gone' ? 'caller-gone' : joined.refusal;
  }
  hold(deps, call, { legs: joined.legs, result: 'picked_up' });
  deps.anchoring.relax(joined.legs[0]);
  deps.meter.pickedUpAfter('api', Math.max(0, (Date.now() - claimed.claim.ringingSince) / 1000));
  return undefined;
};

/** The same claim as by code, in the store and here. */
const claim = async (ringing: Ringing, token: ClaimToken): Promise<ClaimResult> => {
  const { deps, call, order } = ringing;
  const tenant = deps.tenant(order.tenant);
  // A group's call may ring at others by now.
  const reach = tenant && reachOfCall(tenant, order.sendTo, { ...call.record, target: order.target });
  if (!reach?.ok) return { ok: false, refusal: reach?.refusal ?? 'not-allowed' };
  const ask = { tenant: order.tenant, picker: order.sendTo, extensions: reach.extensions, call: order.call, token };
  const result = await claimCall({ ...deps, log: call.log }, ask);
  if (result.ok && call.take(token)) return result;
  if (result.ok) beside(call, deps.calls.release(order.tenant, order.call, token));
  if (call.isOver) return { ok: false, refusal: refusalOf(await call.over) };
  return result.ok ? { ok: false, refusal: 'lost-race' } : result;
};

/** Nobody is left on the line whatever goes wrong: the call is this pickup's to finish. */
const joinCaller = async (ringing: Ringing, result: Exclude<DialResult, { kind: 'failed' }>): Promise<JoinedOrNot> => {
  const { deps, call, order } = ringing;
  const talksTo = extensionParty(call.tenant, order.sendTo, false);
  try {
    if (result.kind === 'offered') return await joinOffered(deps, { call, offered: result, talksTo });
    const answer = await call.caller.answer(result.sdp, talksTo);
    if (answer.ok) return { ok: true, legs: [answer.leg, result.leg] };
  } catch (error) {
    finish(deps, call, { result: 'error', event: 'error' });
    await giveUp(result, { kind: 'failure', text: 'Pickup Failed' });
    throw error;
  }
  await result.leg.end({ kind: 'other-party' });
  return { ok: false, refusal: 'caller-gone' };
};

const stopLegs = ({ legs }: Ringing, reason: EndReason): void => {
  for (const leg of legs) leg.stop(reason);
};

/** What the picker's phones hear: no missed call where somebody has the call, the picker included. */
const reasonOf = (refusal: Refusal | undefined): EndReason =>
  refusal === undefined || refusal === 'lost-race' ? { kind: 'elsewhere' } : { kind: 'other-party' };

/** The order is done, or cannot be: whoever asked for it learns it, and no phone of the picker rings on. */
const conclude = (ringing: Ringing, refusal: Refusal | undefined): void => {
  if (ringing.over) return;
  const { deps, order, began } = ringing;
  ringing.over = reasonOf(refusal);
  tellWatchers(ringing, showStopped(ringing, ringing.legs));
  stopLegs(ringing, ringing.over);
  account(deps, order, { refusal, began });
};

/** The last word to who asked, and what is told of every pickup. */
const account = (
  deps: RingPickerDeps,
  order: Order,
  { refusal, began }: { refusal: Refusal | undefined; began: number },
): void => {
  note(deps, order, refusal === undefined ? { state: 'answered' } : { state: 'failed', refusal });
  const { call: callId, tenant, sendTo: picker, target, id } = order;
  tellPickup(deps, { kind: 'api', refusal, began, facts: { callId, tenant, picker, target, order: id } });
};
