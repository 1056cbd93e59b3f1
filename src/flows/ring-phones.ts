import { bestFailure, type Failure } from '../domain/final-response.js';
import type { Extension } from '../domain/names.js';
import { domainOf } from '../domain/office.js';
import { patienceFor, wokenBy } from '../domain/push.js';
import { keptAway } from '../domain/rules/callee.js';
import type { AnchorDeps } from './anchor/anchor-deps.js';
import { ringCaller } from './anchor/early-media.js';
import { beside } from './held-call.js';
import type { LiveCall } from './live-call.js';
import type { Binding, CallRecord, CallStore, DialResult, Legs, Meter, OutgoingLeg } from './ports.js';
import { type Rung, showCaller, showRefused, showRinging } from './shown-dialogs.js';
import { type WokenPhones, wakingLeg } from './waking-leg.js';

/** What ringing needs. */
export interface RingDeps extends Pick<AnchorDeps, 'media' | 'mediaUse'> {
  readonly calls: CallStore;
  readonly legs: Pick<Legs, 'dial'>;
  readonly meter: Meter;
  readonly wokenPhones: WokenPhones;
}

/** Which phones are to ring, and what they see of the caller's INVITE besides. */
export interface Ringing {
  readonly phones: readonly Binding[];
  readonly passed: Readonly<Record<string, string>>;
}

/** Sends a leg to each phone; what comes of them ends the ringing of the call. */
export const ringPhones = (deps: RingDeps, call: LiveCall, { phones, passed }: Ringing): void => {
  const failures: Failure[] = [];
  const timer = setTimeout(() => call.settle({ kind: 'unanswered' }), call.tenant.ringSeconds * 1000);
  void call.over.then(() => clearTimeout(timer));
  const gone = (failure?: Failure): void => {
    if (failure) failures.push(failure);
    noneLeft(call, failures);
  };
  for (const phone of phones) ringPhone(deps, call, { phone, passed, gone });
};

/** One phone that is to ring. */
export interface PhoneWish {
  readonly phone: Binding;
  readonly passed: Ringing['passed'];
  /** Whose phone it is, where the call is for a group. */
  readonly member?: Extension;
  /** It does not ring any more, and has not got the call: by its own no, or because it was too late. */
  gone(failure?: Failure): void;
}

/** Sends a leg to a phone. If it answers first, the call is its own; otherwise it is told that it is gone. */
export const ringPhone = (deps: RingDeps, call: LiveCall, wish: PhoneWish): OutgoingLeg => {
  const leg = wokenBy(wish.phone.contact) === undefined ? dial(deps, call, wish) : wake(deps, call, wish);
  call.dialled(leg);
  void leg.result.then((result) => legResult(deps, call, { leg, result, wish }));
  return leg;
};

const dial = (deps: RingDeps, call: LiveCall, { phone, passed, member }: PhoneWish) =>
  deps.legs.dial({
    call: call.record.id,
    uri: phone.contact,
    path: phone.path,
    caller: call.callerParty,
    callee: { number: member ?? call.record.target, domain: domainOf(call.tenant) },
    offer: call.toPhones,
    passed,
    onRinging: (dialog) => {
      if (call.isOver) return;
      const first = call.noted.size === 0;
      if (!call.noted.has(dialog.leg)) deps.meter.earlyDialog(1);
      call.rang(dialog);
      if (member !== undefined) ringsAlsoAt(call, member);
      const shown = [...showRinging(call, dialog, rungAt(call, member)), ...showCaller(call, 'early')];
      beside(call, deps.calls.ring(findable(call), dialog.since, shown));
      ringCaller(deps, call);
      if (first) deps.meter.ringing(1);
    },
  });

const rungAt = ({ callerParty }: LiveCall, member: Extension | undefined): Rung | undefined =>
  member === undefined ? undefined : { extension: member, shows: callerParty };

const wake = (deps: RingDeps, call: LiveCall, wish: PhoneWish): OutgoingLeg =>
  wakingLeg({
    ...{ call, phone: wish.phone, patience: patienceFor(call.tenant) },
    follow: deps.wokenPhones(call.tenant.id, wish.member ?? call.record.target),
    dial: (phone, before) => {
      const leg = dial(deps, call, { ...wish, phone });
      letPickUp(deps, call, { phone, leg, before, member: wish.member });
      return leg;
    },
  });

interface Asleep extends Pick<PhoneWish, 'phone'> {
  readonly leg: OutgoingLeg;
  /** Whose place it takes. */
  readonly before: OutgoingLeg | undefined;
  readonly member: Extension | undefined;
}

/** A phone that is being woken may not ring for long: colleagues need not wait until it does, and see it as if it did. */
const letPickUp = (deps: RingDeps, call: LiveCall, { phone, leg, before, member }: Asleep): void => {
  if (member !== undefined) ringsAlsoAt(call, member);
  const since = Date.now();
  const early = { ...leg.ids, leg: leg.id, contact: phone.contact, since, state: 'early' } as const;
  const gone = before ? call.dialogs.end(before.id, { event: 'cancelled' }) : [];
  beside(call, deps.calls.ring(findable(call), since, [...gone, ...showRinging(call, early, rungAt(call, member))]));
};

/** Pickers find a group's call by every extension at which it rings. */
const ringsAlsoAt = (call: LiveCall, member: Extension): void => {
  const { ringsAt, rung } = call.record;
  const and = (before: readonly Extension[] | undefined) => [...new Set(before).add(member)];
  call.record = { ...call.record, ringsAt: and(ringsAt), rung: and(rung) };
};

/** The controllers of its groups find it too, as long as it rings at somebody who lets himself be picked up. */
const findable = ({ record, tenant }: LiveCall): CallRecord => {
  const { groups, ...alone } = record;
  const isWilling = (number: Extension) => {
    const entry = tenant.extensions.get(number);
    return !entry || keptAway(entry, 'pickup') === undefined;
  };
  return record.ringsAt?.some(isWilling) ? record : alone;
};

interface LegEnd {
  readonly leg: OutgoingLeg;
  readonly result: DialResult;
  readonly wish: PhoneWish;
}

const legResult = async (deps: RingDeps, call: LiveCall, { leg, result, wish }: LegEnd): Promise<void> => {
  if (result.kind === 'failed') {
    if (!call.isOver) showGone(deps, call, { leg, status: result.status });
    call.legGone(leg);
    wish.gone(result);
  } else if (call.isOver || !(await calleeWins(deps, call, wish.member)) || !call.settle({ ...result, by: leg })) {
    call.legGone(leg);
    wish.gone();
    await (result.kind === 'answered' ? result.leg.end(call.toLosers) : result.abandon());
  } else if (wish.member !== undefined) call.record = { ...call.record, target: wish.member };
};

/** When no phone is left, or one declined for all, the caller hears the best of what they said. */
const noneLeft = (call: LiveCall, failures: readonly Failure[]): void => {
  if (call.isOver) return;
  const declined = failures.some(({ status }) => status >= 600);
  if (declined || call.ringing.size === 0) {
    call.settle({ ...bestFailure(failures), kind: 'failed' });
  }
};

const showGone = (deps: RingDeps, call: LiveCall, { leg, status }: { leg: OutgoingLeg; status: number }): void => {
  const shown = showRefused(call, leg, status);
  if (shown.length > 0) beside(call, deps.calls.note(call.record, shown));
};

/** How long a claim that the store knows may be on its way to us, in milliseconds. */
const claimGrace = 300;

/**
 * The callee's own 200 is a claimant too (DESIGN 3.3). This instance decides finally: where the store says that a picker
 * has the call, but none comes for it (its instance died, or was told 503 by a store that was slow), the callee has it.
 */
const calleeWins = async (deps: RingDeps, call: LiveCall, by: Extension | undefined): Promise<boolean> => {
  try {
    return (await deps.calls.answer(call.record, by)) || !(await call.takenWithin(claimGrace));
  } catch (error) {
    call.log.warn({ error: String(error) }, 'store away, callee answers without it');
    return true;
  }
};

/** CANCELs every phone that still rings, but not the one that answered. */
export const stopPhones = (call: LiveCall, reason: Parameters<OutgoingLeg['stop']>[0], but?: OutgoingLeg): void => {
  for (const leg of call.ringing.values()) if (leg !== but) leg.stop(reason);
};
