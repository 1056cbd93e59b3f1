import { readExtension } from '../../domain/names.js';
import type { Refusal } from '../../domain/outcome.js';
import type { Log, Meter } from '../../flows/ports.js';
import type { StealFrom } from '../../flows/supervise/steal-from.js';
import type { Taken } from '../../flows/take-call.js';
import { tellPickup } from '../../flows/tell-pickup.js';
import type { RefusePickup } from './replies.js';
import type { ServiceCall } from './service-codes.js';

/** What the code that takes over an answered call needs. */
export interface StealCodeDeps {
  /** The rules are asked inside. */
  readonly stealFrom: (asked: StealFrom) => Promise<Taken>;
  readonly refuse: RefusePickup;
  readonly meter: Pick<Meter, 'pickupEnded'>;
  readonly log: Log;
}

/** Takes the answered call of the extension that was dialled after the code; gives the one final no, and tells of it. */
export const makeStealCode =
  (deps: StealCodeDeps) =>
  async ({ rest, tenant, picker, leg, party }: ServiceCall): Promise<void> => {
    const began = performance.now();
    const extension = readExtension(rest);
    const unread: Refusal = rest === '' ? 'number-too-short' : 'unknown-extension';
    const taken = extension
      ? await deps.stealFrom({ tenant, picker, leg, party, extension })
      : { ok: false as const, refusal: unread };
    const facts = { sipCallId: leg.sipCallId, ...(extension && { target: extension }), tenant: tenant.id, picker };
    tellPickup(deps, { kind: 'steal', refusal: taken.ok ? undefined : taken.refusal, began, facts });
    if (!taken.ok) await deps.refuse({ tenant, leg, refusal: taken.refusal });
  };
