import type { TenantId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { LiveCalls } from '../../flows/live-calls.js';
import type { Log, Meter } from '../../flows/ports.js';
import type { Previewed, Previewing } from '../../flows/preview-call.js';
import { tellPickup } from '../../flows/tell-pickup.js';
import type { Pickup, PickupCall } from './pickup.js';
import type { RefusePickup } from './replies.js';

/** What looking at a call first needs. */
export interface PreviewDeps {
  readonly previewCall: (request: Previewing) => Promise<Previewed>;
  readonly pickup: Pickup;
  readonly refuse: RefusePickup;
  /** The company as it is now: its rules may have changed while the picker looked. */
  readonly tenant: (id: TenantId) => Tenant | undefined;
  readonly live: Pick<LiveCalls, 'passing'>;
  readonly meter: Pick<Meter, 'pickupEnded'>;
  readonly log: Log;
}

/**
 * The door of `*94`: the call is shown, then taken as every call is, or the picker is refused as every picker is. An
 * instance that drains waits for who looks, also at a call that another one holds.
 */
export const makePreview =
  (deps: PreviewDeps): Pickup =>
  async (call) => {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const passed = deps.live.passing([{ end: async () => stop() }]);
    try {
      await look(deps, call, stopped);
    } finally {
      passed();
    }
  };

const look = async (deps: PreviewDeps, call: PickupCall, stopped: Promise<void>): Promise<void> => {
  const { request, leg } = call;
  const began = performance.now();
  const seen = await deps.previewCall({ ...request, leg, stopped });
  const ends = seen.ends && { ends: seen.ends };
  if (seen.ok) {
    const tenant = deps.tenant(request.tenant.id) ?? request.tenant;
    return deps.pickup({ ...call, ...ends, request: { ...request, tenant, call: seen.call } });
  }
  tellPickup(deps, { kind: request.kind, refusal: seen.refusal, began, facts: factsOf(call) });
  await deps.refuse({ tenant: request.tenant, leg, refusal: seen.refusal, ...ends });
};

const factsOf = ({ request: { tenant, picker, target }, leg }: PickupCall): object => ({
  sipCallId: leg.sipCallId,
  ...(target.by === 'number' && { target: target.extension }),
  tenant: tenant.id,
  picker,
});
