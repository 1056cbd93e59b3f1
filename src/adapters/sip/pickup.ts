import { type Extension, readExtension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { outcomeOf, type Refusal } from '../../domain/outcome.js';
import type { PickupTarget } from '../../domain/policy.js';
import type { Service } from '../../domain/service-code.js';
import type { Forwarding } from '../../flows/forward-pickup.js';
import { kindOf, type Next, type PickupRequest } from '../../flows/pick-up.js';
import type { IncomingLeg, Log, Meter, Party } from '../../flows/ports.js';
import type { Taken, Taking } from '../../flows/take-call.js';
import { refuseLeg } from './replies.js';

/** A phone that dialled a service code. */
export interface ServiceCall {
  readonly service: Service;
  readonly rest: string;
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
  readonly party: Party;
}

/** The door of service codes. */
export type PickupDoor = (call: ServiceCall) => Promise<void>;

/** What picking up needs. */
export interface PickupDeps {
  readonly pickUp: (request: PickupRequest) => Promise<Next>;
  readonly takeCall: (taking: Taking) => Promise<Taken>;
  readonly forwardPickup: (forwarding: Forwarding) => Promise<Taken>;
  readonly meter: Meter;
  readonly log: Log;
}

/** Reads what was dialled, has the call found and taken, and gives the one final no if there is one. */
export const makePickupDoor =
  (deps: PickupDeps): PickupDoor =>
  async (call) => {
    const began = performance.now();
    const target = call.service === 'pickup' ? targetOf(call) : 'not-available';
    if (typeof target === 'string') return refuseLeg(call.leg, target);

    const request = { tenant: call.tenant, picker: call.picker, target };
    const pickup = await deps.pickUp(request);
    const taken = await bringTogether(deps, call, pickup);
    if (!taken.ok) refuseLeg(call.leg, taken.refusal);
    account(deps, call, { request, pickup, taken, seconds: (performance.now() - began) / 1000 });
  };

const targetOf = ({ rest }: ServiceCall): PickupTarget | Refusal => {
  if (rest === '') return { by: 'group' };
  const extension = readExtension(rest);
  return extension ? { by: 'number', extension } : 'unknown-extension';
};

/** Joins the picker and the claimed call: here, or by the instance that holds it. */
const bringTogether = async (deps: PickupDeps, call: ServiceCall, next: Next): Promise<Taken> => {
  const { tenant, picker, leg, party: pickerParty } = call;
  switch (next.kind) {
    case 'refuse':
      return { ok: false, refusal: next.refusal };
    case 'take':
      return deps.takeCall({ tenant, call: next.call, claim: next.claim, picker: leg, pickerParty });
    case 'forward':
      return deps.forwardPickup({ tenant, claim: next.claim, picker, pickerLeg: leg, pickerParty });
  }
};

interface Account {
  readonly request: PickupRequest;
  readonly pickup: Next;
  readonly taken: Taken;
  readonly seconds: number;
}

/** One line and one count for every pickup, in the same words. */
const account = (deps: PickupDeps, call: ServiceCall, { request, pickup, taken, seconds }: Account): void => {
  const kind = kindOf(request);
  const outcome = taken.ok ? 'answered' : outcomeOf(taken.refusal);
  deps.meter.pickupEnded(kind, outcome, seconds);
  const took = pickup.kind !== 'refuse' ? { callId: pickup.claim.call, target: pickup.claim.target } : {};
  if (pickup.kind !== 'refuse' && taken.ok) {
    deps.meter.pickedUpAfter(kind, Math.max(0, (Date.now() - pickup.claim.ringingSince) / 1000));
  }
  const asked = request.target.by === 'number' ? { target: request.target.extension } : {};
  const facts = {
    sipCallId: call.leg.sipCallId,
    ...asked,
    ...took,
    tenant: call.tenant.id,
    picker: call.picker,
    kind,
    outcome,
    ...(!taken.ok && { refusal: taken.refusal }),
    ms: Math.round(seconds * 1e4) / 10,
  };
  deps.log.info(facts, 'pickup');
};
