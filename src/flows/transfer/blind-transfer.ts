import type { Group } from '../../domain/group.js';
import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { finish } from '../held-call.js';
import type { LiveCall } from '../live-call.js';
import type { Talking } from '../live-calls.js';
import { stopPhones } from '../ring-phones.js';
import { makeRouteCall, type RouteCallDeps } from '../route-call.js';
import { type EstablishedCaller, establishedCaller } from './established-caller.js';
import { dismiss, type LeftBehind, takeOut } from './held-again.js';
import { isPrivateFor, personAt } from './person.js';

/** Tells who asked for a transfer how far it is, by a SIP status; settles when the phone has heard it, or never will. */
export type Tell = (status: number) => Promise<void>;

/** Whose other party is to be connected with whom. */
export interface BlindTransfer {
  /** The leg of who asked. */
  readonly talking: Talking;
  readonly tenant: Tenant;
  readonly target: Extension;
  /** The group that has this number. */
  readonly group?: Group;
  /** Where a number goes that no extension has: the trunk's SIP URI. */
  readonly trunk?: string;
  readonly passed: Readonly<Record<string, string>>;
}

/**
 * Makes the other party the caller of a new call to the target (RFC 5589 section 6): it rings, can be picked up and is
 * watched like any other. Who asked may hang up at any time; if it has not, and nobody answers, it has the other party back.
 */
export const transferBlind = async (deps: RouteCallDeps, transfer: BlindTransfer, tell: Tell): Promise<void> => {
  const { call, other: moved } = transfer.talking;
  const caller = establishedCaller(moved, () => void tell(180));
  const person = personAt(call, moved);
  const left = takeOut(deps, transfer.talking, person.shown);
  const arrived = deps.live.passing([moved]);
  const id = deps.newCallId();
  call.log.info({ to: id, target: transfer.target }, 'transfer begins');
  const { tenant, target, group, trunk, passed } = transfer;
  const routed = makeRouteCall({ ...deps, newCallId: () => id })({
    ...{ tenant, caller, target, passed },
    callerParty: person.party,
    ...(person.extension && { callerExtension: person.extension }),
    ...(group && { group }),
    ...(trunk !== undefined && { trunk }),
    isPrivate: isPrivateFor(call, person),
  });
  routed.catch((error) => {
    call.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
    const made = deps.live.get(id);
    if (made) giveUp(deps, made);
    caller.refuse(500);
  });

  const move = await caller.move;
  if (move.kind === 'refused') await deps.live.gone(id);
  await conclude(deps, { transfer, caller, left }, tell);
  arrived();
  call.log.info({ to: id, move: move.kind }, 'transfer ended');
};

/** A call that could not be routed to its end must not stay: the phone that is moved waits for it. */
const giveUp = (deps: RouteCallDeps, call: LiveCall): void => {
  const text = 'Transfer Failed';
  call.settle({ kind: 'lost', text });
  stopPhones(call, { kind: 'failure', text });
  finish(deps, call, { result: 'error', event: 'error' });
};

interface Concluding {
  readonly transfer: BlindTransfer;
  readonly caller: EstablishedCaller;
  readonly left: LeftBehind;
}

const conclude = async (deps: RouteCallDeps, { transfer, caller, left }: Concluding, tell: Tell): Promise<void> => {
  const { leg: referrer, other: moved } = transfer.talking;
  const move = await caller.move;
  if (move.kind !== 'refused') {
    await tell(move.kind === 'answered' ? 200 : 487);
    return dismiss(deps, [referrer], { kind: 'other-party' });
  }
  // Before it hears so: what it does next is meant for the party that it has back.
  if (!left.takeBack()) await dismiss(deps, [moved], { kind: 'other-party' });
  await tell(move.status);
};
