import { bestFailure, type Failure } from '../domain/final-response.js';
import { domainOf } from '../domain/office.js';
import type { AnchorDeps } from './anchor/anchor-deps.js';
import { ringCaller } from './anchor/early-media.js';
import { beside } from './held-call.js';
import type { LiveCall } from './live-call.js';
import type { Binding, CallStore, DialResult, Legs, Meter, OutgoingLeg } from './ports.js';
import { showCaller, showRefused, showRinging } from './shown-dialogs.js';

/** What ringing needs. */
export interface RingDeps extends Pick<AnchorDeps, 'media' | 'mediaUse'> {
  readonly calls: CallStore;
  readonly legs: Pick<Legs, 'dial'>;
  readonly meter: Meter;
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
  for (const phone of phones) {
    const leg = dial(deps, call, { phone, passed });
    call.dialled(leg);
    void leg.result.then((result) => legResult(deps, call, { leg, result, failures }));
  }
};

const dial = (deps: RingDeps, call: LiveCall, { phone, passed }: { phone: Binding; passed: Ringing['passed'] }) =>
  deps.legs.dial({
    call: call.record.id,
    uri: phone.contact,
    path: phone.path,
    caller: call.callerParty,
    callee: { number: call.record.target, domain: domainOf(call.tenant) },
    offer: call.toPhones,
    passed,
    onRinging: (dialog) => {
      if (call.isOver) return;
      const first = call.noted.size === 0;
      if (!call.noted.has(dialog.leg)) deps.meter.earlyDialog(1);
      call.rang(dialog);
      const shown = [...showRinging(call, dialog), ...showCaller(call, 'early')];
      beside(call, deps.calls.ring(call.record, dialog.since, shown));
      ringCaller(deps, call);
      if (first) deps.meter.ringing(1);
    },
  });

interface LegEnd {
  readonly leg: OutgoingLeg;
  readonly result: DialResult;
  readonly failures: Failure[];
}

const legResult = async (deps: RingDeps, call: LiveCall, { leg, result, failures }: LegEnd): Promise<void> => {
  if (result.kind === 'failed') {
    failures.push(result);
    if (!call.isOver) showGone(deps, call, { leg, status: result.status });
    legGone(call, { leg, failures });
  } else if (call.isOver || !(await calleeWins(deps, call)) || !call.settle({ ...result, by: leg })) {
    legGone(call, { leg, failures });
    await (result.kind === 'answered' ? result.leg.end(call.toLosers) : result.abandon());
  }
};

/** A phone does not ring any more. When none is left, or one declined for all, the caller hears the best of what they said. */
const legGone = (call: LiveCall, { leg, failures }: Omit<LegEnd, 'result'>): void => {
  call.legGone(leg);
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
const calleeWins = async (deps: RingDeps, call: LiveCall): Promise<boolean> => {
  try {
    return (await deps.calls.answer(call.record)) || !(await call.takenWithin(claimGrace));
  } catch (error) {
    call.log.warn({ error: String(error) }, 'store away, callee answers without it');
    return true;
  }
};

/** CANCELs every phone that still rings, but not the one that answered. */
export const stopPhones = (call: LiveCall, reason: Parameters<OutgoingLeg['stop']>[0], but?: OutgoingLeg): void => {
  for (const leg of call.ringing.values()) if (leg !== but) leg.stop(reason);
};
