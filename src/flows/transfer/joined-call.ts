import type { Dialog, DialogChange } from '../../domain/dialog.js';
import { type Extension, readExtension } from '../../domain/names.js';
import { beside, hold } from '../held-call.js';
import { type LiveCall, liveCall } from '../live-call.js';
import { shownCaller } from '../party.js';
import type { CallRecord, Leg, Party } from '../ports.js';
import type { RouteCallDeps } from '../route-call.js';
import { callerDialogId, shownParty } from '../shown-dialogs.js';
import { establishedCaller } from './established-caller.js';
import { isPrivateFor, type Person } from './person.js';

/** Somebody who is left when two calls become one. */
export interface Remaining {
  readonly call: LiveCall;
  readonly leg: Leg;
  readonly person: Person;
}

/** Nobody's number: who is called from outside, or unknown, is in the call's record as this. */
const nobody = 'anonymous' as Extension;

/** The call of two people who have been brought together, before the store knows of it: it is in the register already. */
export const joinedCall = (deps: RouteCallDeps, sides: readonly [Remaining, Remaining]): JoinedCall => {
  const [caller, callee] = inOrder(sides);
  const id = deps.newCallId();
  const { tenant } = caller.call;
  const record: CallRecord = {
    id,
    tenant: tenant.id,
    ...shownCaller(caller.person.party),
    caller: caller.person.extension ?? '',
    isPrivate: sides.some(({ call, person }) => isPrivateFor(call, person)),
    target: callee.person.extension ?? readExtension(callee.person.party.number) ?? nobody,
    owner: deps.self,
  };
  const log = deps.log.child({ callId: id, tenant: tenant.id });
  const callerParty = caller.person.party;
  const call = liveCall({ record, tenant, caller: establishedCaller(caller.leg), callerParty, log });
  call.settle({ kind: 'picked' }); // It never rings.
  deps.live.add(call);
  return { call, caller, callee };
};

/** A call that was made of two, and who is in it. */
export interface JoinedCall {
  readonly call: LiveCall;
  readonly caller: Remaining;
  readonly callee: Remaining;
}

/** Tells the store of the call, and joins its legs. What the two calls before have shown must have been ended. */
export const connectJoined = (deps: RouteCallDeps, { call, caller, callee }: JoinedCall): void => {
  const shown = [
    ...show(call, caller, { id: callerDialogId(call), other: callee.person.party }),
    ...show(call, callee, { id: `${call.record.id}-callee`, other: caller.person.party }),
  ];
  beside(call, deps.calls.begin(call.record, shown));
  beside(call, deps.calls.answer(call.record));
  hold(deps, call, { legs: [caller.leg, callee.leg], result: 'answered' });
};

/** Who called remains the caller; of two callers, or of two who were called, the first. */
const inOrder = ([one, other]: readonly [Remaining, Remaining]): readonly [Remaining, Remaining] =>
  !one.person.isCaller && other.person.isCaller ? [other, one] : [one, other];

const show = (call: LiveCall, { person }: Remaining, { id, other }: { id: string; other: Party }): DialogChange[] => {
  if (!person.shown) return [];
  const { replaces: _before, ...dialog } = person.shown.dialog;
  const { id: callId, isPrivate } = call.record;
  const now: Dialog = { ...dialog, id, call: callId, remote: shownParty(other), isPrivate, isHeld: false };
  return call.dialogs.show(person.shown.extension, now);
};
