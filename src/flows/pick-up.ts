import type { CallId, ClaimToken, Extension, InstanceId } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { PickupKind, Refusal } from '../domain/outcome.js';
import { type PickupTarget, type Reach, reachOf } from '../domain/policy.js';
import { claimCall } from './claim-call.js';
import type { LiveCall } from './live-call.js';
import type { LiveCalls } from './live-calls.js';
import type { CallStore, Claim, ClaimResult, Log, Meter } from './ports.js';

/** What a pickup needs to find its call. */
export interface PickUpDeps {
  readonly calls: CallStore;
  readonly live: LiveCalls;
  readonly meter: Meter;
  readonly log: Log;
  readonly self: InstanceId;
  readonly newToken: () => ClaimToken;
}

/** Who asks for which call. */
export interface PickupRequest {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly target: PickupTarget;
  /** Only this call will do: the one that the picker's key named. */
  readonly call?: CallId;
  /** The dialog that the key named is confirmed: who may have had the call hears that it is too late. */
  readonly isAnswered?: boolean;
  readonly kind: PickupKind;
}

/** What is to be done now: take the call here, have its owner take it, or say no. */
export type Next =
  | { kind: 'take'; call: LiveCall; claim: Claim }
  | { kind: 'forward'; claim: Claim }
  | { kind: 'refuse'; refusal: Refusal };

/** Something is within reach. */
type Reaching = Extract<Reach, { ok: true }>;

/** So often a claim may turn out to be for a call that has just gone, before the pickup is refused. */
const mostTries = 5;

/** Asks the rules, claims the best call they allow, and says which instance takes it. */
export const makePickUp =
  (deps: PickUpDeps) =>
  async (request: PickupRequest): Promise<Next> => {
    const reach = reachOf(request.tenant, request.picker, request.target);
    if (!reach.ok) return refuse(reach.refusal);
    if (request.isAnswered) return refuse(reach.otherwise ?? 'already-answered');

    for (let tries = 0; tries < mostTries; tries += 1) {
      const result = await claim(deps, request, reach);
      if (!result.ok) return refuse(refusalOf(request, reach, result.refusal));
      if (result.claim.owner !== deps.self) return { kind: 'forward', claim: result.claim };

      const call = deps.live.get(result.claim.call);
      if (call?.take(result.claim.token)) return { kind: 'take', call, claim: result.claim };
      // Held here by a picker whose claim the store has lost (a failover): that one has the call.
      if (call && !call.isOver) return refuse('lost-race');
      if (!call) await forget(deps, request, result.claim);
    }
    return refuse('caller-gone');
  };

/**
 * A dialog that was there a moment ago, and whose call is gone by now, has ended (RFC 3891 section 3); a call that
 * somebody has looked at was there too.
 */
const refusalOf = ({ kind }: PickupRequest, { otherwise }: Reaching, refusal: Refusal): Refusal => {
  if (refusal !== 'no-call') return refusal;
  if (otherwise) return otherwise;
  if (kind === 'replaces') return 'dialog-ended';
  return kind === 'preview' ? 'caller-gone' : refusal;
};

const refuse = (refusal: Refusal): Next => ({ kind: 'refuse', refusal });

const claim = (
  deps: PickUpDeps,
  { tenant, picker, call }: PickupRequest,
  { ok: _, otherwise: _no, ...wanted }: Reaching,
): Promise<ClaimResult> => {
  const ask = { tenant: tenant.id, picker, ...wanted, token: deps.newToken() };
  return claimCall(deps, { ...ask, ...(call !== undefined && { call }) });
};

/** The store gave us a call that we ought to hold and do not know: it must not be found again. */
const forget = async ({ calls, log }: PickUpDeps, { tenant }: PickupRequest, lost: Claim): Promise<void> => {
  const unknown = { caller: '', callerName: '', callerNumber: '', isAnonymous: true, isPrivate: false };
  const record = { ...unknown, id: lost.call, tenant: tenant.id, target: lost.target, owner: lost.owner };
  await calls.end(record, 'error', []).catch((error) => log.warn({ error: String(error) }, 'store did not follow'));
};
