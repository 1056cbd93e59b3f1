import { randomUUID } from 'node:crypto';
import type { Metrics } from './adapters/prometheus/meter.js';
import { crossOfferTexts } from './adapters/sip/crossing.js';
import { makeDigest } from './adapters/sip/digest.js';
import { makeForwardedDoor } from './adapters/sip/forwarded.js';
import { makeIdentify } from './adapters/sip/identity.js';
import { makeInviteDoor } from './adapters/sip/invite.js';
import { makePersonalCodes } from './adapters/sip/personal-codes.js';
import { makePickup } from './adapters/sip/pickup.js';
import { makeReferDoor } from './adapters/sip/refer-door.js';
import { makeRegisterDoor } from './adapters/sip/register.js';
import { makeReplacesDoor } from './adapters/sip/replaces-door.js';
import { openSipDoors } from './adapters/sip/server.js';
import { makeServiceCodeDoor } from './adapters/sip/service-codes.js';
import { makeSubscribeDoor } from './adapters/sip/subscribe.js';
import type { Config } from './config.js';
import type { CallId, ClaimToken, InstanceId, TenantId } from './domain/names.js';
import { makeForwardPickup } from './flows/forward-pickup.js';
import type { LiveCalls } from './flows/live-calls.js';
import type { Offices } from './flows/offices.js';
import { makePickUp } from './flows/pick-up.js';
import type { Log } from './flows/ports.js';
import { makeRingPicker } from './flows/ring-picker.js';
import { makeRouteCall } from './flows/route-call.js';
import { makeStealCall } from './flows/steal-call.js';
import { makeTakeCall } from './flows/take-call.js';
import { makeTransferCall } from './flows/transfer-call.js';
import type { WatchExtension } from './flows/watch-extension.js';
import type { Sip } from './sip.js';
import type { Store } from './store.js';

/** What the doors of the SIP side open on. */
export interface Behind {
  readonly config: Config;
  readonly offices: Offices;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly live: LiveCalls;
  readonly store: Store;
  readonly sip: Sip;
  readonly watching: WatchExtension;
  readonly isDraining: () => boolean;
}

/** Puts the flows together, and opens the doors of the SIP side and the one for orders of other instances. */
export const openDoors = (behind: Behind): void => {
  const { config, offices, metrics, store, sip, log, isDraining } = behind;
  const office = () => offices.current;
  const flows = flowsOf(behind);
  const identify = makeIdentify({
    office,
    digest: makeDigest(),
    auth: config.sipAuth ?? offices.current.sipAuth ?? 'digest',
    trustedEdges: config.trustedEdges,
  });
  const pickup = makePickup(flows);
  const invite = makeInviteDoor({
    ...metrics.adapters,
    ...{ identify, isDraining, open: sip.open, secret: () => store.instances.secret },
    routeCall: flows.routeCall,
    serviceCode: makeServiceCodeDoor({
      pickup,
      personal: makePersonalCodes({ setPersonal: offices.setPersonal, log }),
    }),
    replaces: makeReplacesDoor({
      ...metrics.adapters,
      ...{ meter: metrics.flows, dialogs: store.dialogs, pickup, steal: flows.stealCall, log },
    }),
    forwarded: makeForwardedDoor({ ...flows, office }),
  });
  const register = makeRegisterDoor({
    ...metrics.adapters,
    identify,
    registrar: store.registrar,
    registered: (tenant, extension, bindings) => store.known.saw(tenant.id, extension, bindings),
  });
  const subscribe = makeSubscribeDoor({
    ...metrics.adapters,
    ...{ srf: sip.srf, identify, watch: behind.watching.watch },
  });
  openSipDoors(sip.srf, { invite, register, subscribe, isDraining, seen: metrics.adapters.sipRequest }, log);
  sip.onRefer(makeReferDoor({ ...flows, office }));
  store.orders.onOrder((order) => void flows.ringPicker(order));
};

/** The stories, each with what it needs. */
const flowsOf = ({ config, offices, log, metrics, live, store, sip, isDraining }: Behind) => {
  const common = {
    calls: store.calls,
    legs: sip.legs,
    live,
    meter: metrics.flows,
    log,
    self: config.instanceId as InstanceId,
    newToken: () => randomUUID() as ClaimToken,
  };
  const routing = { ...common, newCallId: () => randomUUID() as CallId, knownPhones: store.known.of };
  const tenant = (id: TenantId) => offices.current.tenants.get(id);
  return {
    ...common,
    pickUp: makePickUp(common),
    takeCall: makeTakeCall({ ...common, crossOffers: crossOfferTexts }),
    forwardPickup: makeForwardPickup({ ...common, owners: store.instances }),
    routeCall: makeRouteCall(routing),
    stealCall: makeStealCall(common),
    transferCall: makeTransferCall({ ...routing, tenant, isDraining }),
    ringPicker: makeRingPicker({
      ...common,
      orders: store.orders,
      phones: store.registrar.phones,
      tenant,
    }),
  };
};
