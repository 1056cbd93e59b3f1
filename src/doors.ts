import { randomUUID } from 'node:crypto';
import type { Metrics } from './adapters/prometheus/meter.js';
import { crossOfferTexts } from './adapters/sip/crossing.js';
import { makeDigest } from './adapters/sip/digest.js';
import { makeForwardedDoor } from './adapters/sip/forwarded.js';
import { makeIdentify } from './adapters/sip/identity.js';
import { makeInviteDoor } from './adapters/sip/invite.js';
import { makePersonalCodes } from './adapters/sip/personal-codes.js';
import { makePickup } from './adapters/sip/pickup.js';
import { makeRegisterDoor } from './adapters/sip/register.js';
import { makeReplacesDoor } from './adapters/sip/replaces-door.js';
import { openSipDoors } from './adapters/sip/server.js';
import { makeServiceCodeDoor } from './adapters/sip/service-codes.js';
import type { Config } from './config.js';
import type { CallId, ClaimToken, InstanceId } from './domain/names.js';
import { makeForwardPickup } from './flows/forward-pickup.js';
import type { LiveCalls } from './flows/live-calls.js';
import type { Offices } from './flows/offices.js';
import { makePickUp } from './flows/pick-up.js';
import type { Log } from './flows/ports.js';
import { makeRingPicker } from './flows/ring-picker.js';
import { makeRouteCall } from './flows/route-call.js';
import { makeTakeCall } from './flows/take-call.js';
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
    replaces: makeReplacesDoor({ dialogs: store.dialogs, pickup, log }),
    forwarded: makeForwardedDoor({ ...flows, office }),
  });
  const register = makeRegisterDoor({
    ...metrics.adapters,
    identify,
    registrar: store.registrar,
    registered: (tenant, extension, bindings) => store.known.saw(tenant.id, extension, bindings),
  });
  openSipDoors(sip.srf, { invite, register, isDraining, seen: metrics.adapters.sipRequest }, log);
  store.orders.onOrder((order) => void flows.ringPicker(order));
};

/** The stories, each with what it needs. */
const flowsOf = ({ config, offices, log, metrics, live, store, sip }: Behind) => {
  const common = {
    calls: store.calls,
    legs: sip.legs,
    live,
    meter: metrics.flows,
    log,
    self: config.instanceId as InstanceId,
    newToken: () => randomUUID() as ClaimToken,
  };
  return {
    ...common,
    pickUp: makePickUp(common),
    takeCall: makeTakeCall({ ...common, crossOffers: crossOfferTexts }),
    forwardPickup: makeForwardPickup({ ...common, owners: store.instances }),
    routeCall: makeRouteCall({ ...common, newCallId: () => randomUUID() as CallId, knownPhones: store.known.of }),
    ringPicker: makeRingPicker({
      ...common,
      orders: store.orders,
      phones: store.registrar.phones,
      tenant: (id) => offices.current.tenants.get(id),
    }),
  };
};
