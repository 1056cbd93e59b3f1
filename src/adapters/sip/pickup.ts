import type { Forwarding } from '../../flows/forward-pickup.js';
import type { Next, PickupRequest } from '../../flows/pick-up.js';
import type { IncomingLeg, Log, Meter, Party } from '../../flows/ports.js';
import { type EarlyEnds, throughEnds } from '../../flows/preview-call/early-ends.js';
import type { Taken, Taking } from '../../flows/take-call.js';
import { tellPickup } from '../../flows/tell-pickup.js';
import type { RefusePickup } from './replies.js';

/** A phone that asks for a call of others, however it said so. */
export interface PickupCall {
  readonly request: PickupRequest;
  readonly leg: IncomingLeg;
  readonly party: Party;
  /** By what the phone talks, where it has heard something before. */
  readonly ends?: EarlyEnds;
}

/** Has a call found and taken for a phone. */
export type Pickup = (call: PickupCall) => Promise<void>;

/** What picking up needs. */
export interface PickupDeps {
  readonly pickUp: (request: PickupRequest) => Promise<Next>;
  readonly takeCall: (taking: Taking) => Promise<Taken>;
  readonly forwardPickup: (forwarding: Forwarding) => Promise<Taken>;
  readonly refuse: RefusePickup;
  readonly meter: Meter;
  readonly log: Log;
}

/** Has the call found and taken, and gives the one final no if there is one: the same for a code and for a key. */
export const makePickup =
  (deps: PickupDeps): Pickup =>
  async (call) => {
    const began = performance.now();
    const pickup = await deps.pickUp(call.request);
    const taken = await bringTogether(deps, call, pickup);
    account(deps, call, { pickup, taken, began });
    if (taken.ok) return;
    const { leg, ends, request } = call;
    await deps.refuse({ tenant: request.tenant, leg, refusal: taken.refusal, ...(ends && { ends }) });
  };

/** Joins the picker and the claimed call: here, or by the instance that holds it. */
const bringTogether = async (deps: PickupDeps, call: PickupCall, next: Next): Promise<Taken> => {
  const { request, leg, party: pickerParty, ends } = call;
  const { tenant } = request;
  const by = { picker: request.picker, method: request.kind };
  switch (next.kind) {
    case 'refuse':
      return { ok: false, refusal: next.refusal };
    case 'take': {
      const heard = ends && { pickerEndpoint: ends.phone };
      return deps.takeCall({ tenant, call: next.call, claim: next.claim, by, picker: leg, pickerParty, ...heard });
    }
    case 'forward': {
      const asked = { tenant, claim: next.claim, by, pickerLeg: leg, pickerParty };
      if (!ends?.call) return deps.forwardPickup(asked);
      const pickerLeg = throughEnds(leg, { phone: ends.phone, call: ends.call });
      return deps.forwardPickup({ ...asked, pickerLeg, through: [ends.phone, ends.call] });
    }
  }
};

interface Account {
  readonly pickup: Next;
  readonly taken: Taken;
  readonly began: number;
}

const account = (deps: PickupDeps, { request, leg }: PickupCall, { pickup, taken, began }: Account): void => {
  const { kind, target, tenant, picker } = request;
  const took = pickup.kind !== 'refuse' ? { callId: pickup.claim.call, target: pickup.claim.target } : {};
  const asked = target.by === 'number' ? { target: target.extension } : {};
  const facts = { sipCallId: leg.sipCallId, ...asked, ...took, tenant: tenant.id, picker };
  tellPickup(deps, { kind, refusal: taken.ok ? undefined : taken.refusal, began, facts });
  if (pickup.kind !== 'refuse' && taken.ok) {
    deps.meter.pickedUpAfter(kind, Math.max(0, (Date.now() - pickup.claim.ringingSince) / 1000));
  }
};
