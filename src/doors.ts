import { randomUUID } from 'node:crypto';
import type { Metrics } from './adapters/prometheus/meter.js';
import { crossOfferTexts } from './adapters/sip/crossing.js';
import { makeDigest } from './adapters/sip/digest.js';
import { makeForwardedDoor } from './adapters/sip/forwarded.js';
import { makeForwardedActDoor } from './adapters/sip/forwarded-act.js';
import { makeIdentify } from './adapters/sip/identity.js';
import { makeInviteDoor } from './adapters/sip/invite.js';
import { makeJoinDoor } from './adapters/sip/join-door.js';
import { makeMessageDoor } from './adapters/sip/message-door.js';
import { makePersonalCodes } from './adapters/sip/personal-codes.js';
import { makePickup } from './adapters/sip/pickup.js';
import { makePreview } from './adapters/sip/preview.js';
import { makeEarlyDigits } from './adapters/sip/preview-digits.js';
import { makePublishDoor } from './adapters/sip/publish.js';
import { makeReferDoor } from './adapters/sip/refer-door.js';
import { makeRegisterDoor } from './adapters/sip/register.js';
import { makeReplaceCode } from './adapters/sip/replace-code.js';
import { makeReplacesDoor } from './adapters/sip/replaces-door.js';
import { makeRefusePickup } from './adapters/sip/replies.js';
import { openSipDoors } from './adapters/sip/server.js';
import { makeServiceCodeDoor } from './adapters/sip/service-codes.js';
import { makeStealCode } from './adapters/sip/steal-code.js';
import { makeSubscribeDoor } from './adapters/sip/subscribe.js';
import { makeSuperviseCode } from './adapters/sip/supervise-code.js';
import { changingPhones } from './changing-phones.js';
import type { Config } from './config.js';
import type { CallId, ClaimToken, InstanceId, TenantId } from './domain/names.js';
import { makeActByOrder } from './flows/act-by-order.js';
import { makeAnchoring } from './flows/anchoring.js';
import type { Anchors } from './flows/anchors.js';
import { makeChangeByOrder } from './flows/change-by-order.js';
import { byExtension } from './flows/changed-phones.js';
import { makeForwardPickup } from './flows/forward-pickup.js';
import type { KeptOffices } from './flows/keep-offices.js';
import type { LiveCalls } from './flows/live-calls.js';
import type { MediaServers } from './flows/media.js';
import { makeOrderDoor } from './flows/order-door.js';
import { makePickUp } from './flows/pick-up.js';
import type { Log, Registrar } from './flows/ports.js';
import { makePreviewCall } from './flows/preview-call.js';
import { makePromptRefusal } from './flows/prompt-refusal.js';
import { makePublishPresence } from './flows/publish-presence.js';
import { makeRingGroup } from './flows/ring-group.js';
import { makeRingPicker } from './flows/ring-picker.js';
import { makeRouteCall } from './flows/route-call.js';
import { makeStealCall } from './flows/steal-call.js';
import { makeFindElsewhere } from './flows/supervise/elsewhere.js';
import { makeForwardAct } from './flows/supervise/forward-act.js';
import { makeStealAnywhere } from './flows/supervise/steal-anywhere.js';
import { makeStealFrom } from './flows/supervise/steal-from.js';
import { makeSuperviseElsewhere } from './flows/supervise/supervise-elsewhere.js';
import { makeSupervisions } from './flows/supervise/supervisions.js';
import { makeSupervise } from './flows/supervise.js';
import { makeTakeCall } from './flows/take-call.js';
import type { Messages, Relays } from './flows/texts/messages.js';
import { makePace } from './flows/texts/pace.js';
import { makeRelayText, paceOfTexts } from './flows/texts/relay-text.js';
import { makeTransferCall } from './flows/transfer-call.js';
import { makeWaiting } from './flows/waiting-orders.js';
import type { WatchExtension } from './flows/watch-extension.js';
import type { Webhooks } from './flows/webhooks.js';
import type { Sip } from './sip.js';
import type { Store } from './store.js';
import { witnessedCalls } from './witnessed-calls.js';

/** What the doors of the SIP side open on. */
export interface Behind {
  readonly config: Config;
  readonly offices: KeptOffices;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly live: LiveCalls;
  readonly store: Store;
  readonly sip: Sip;
  /** Where phones that cannot talk to each other directly can. */
  readonly media: { readonly servers: MediaServers };
  readonly anchors: Anchors;
  readonly watching: WatchExtension;
  /** Where what happens to calls is posted. */
  readonly webhooks: Webhooks;
  /** Where an extension is reached. */
  readonly phones: Registrar['phones'];
  readonly messages: Messages & Relays;
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
  const prompt = makePromptRefusal(flows);
  const refuse = makeRefusePickup(prompt);
  const pickup = makePickup({ ...flows, refuse });
  const digits = makeEarlyDigits();
  const previewCall = makePreviewCall({
    ...{ ...flows, onEarlyDigit: digits.listen, directory: store.directory, news: store.news },
  });
  const listens = config.media.use !== 'never';
  const invite = makeInviteDoor({
    ...metrics.adapters,
    ...{ identify, isDraining, open: sip.open, secret: () => store.instances.secret },
    routeCall: flows.routeCall,
    serviceCode: makeServiceCodeDoor({
      pickup,
      preview: makePreview({ ...flows, previewCall, pickup, refuse }),
      personal: makePersonalCodes({ setPersonal: offices.setPersonal, log }),
      steal: makeStealCode({ ...flows, refuse }),
      replace: makeReplaceCode({ replacePhone: changingPhones(behind), prompt }),
      ...(listens && { supervise: makeSuperviseCode({ ...flows, refuse }) }),
    }),
    replaces: makeReplacesDoor({
      ...metrics.adapters,
      ...{ meter: metrics.flows, dialogs: store.dialogs, pickup, steal: flows.steal, refuse, log },
    }),
    ...(listens && { join: makeJoinDoor({ ...flows, ...metrics.adapters, dialogs: store.dialogs, refuse }) }),
    forwarded: makeForwardedDoor({ ...flows, office }),
    forwardedAct: makeForwardedActDoor({ ...flows, office }),
  });
  const register = makeRegisterDoor({
    ...metrics.adapters,
    identify,
    registrar: store.registrar,
    registered: (tenant, number, bindings) => store.known.saw(tenant.id, number, bindings),
  });
  const subscribe = makeSubscribeDoor({
    ...metrics.adapters,
    ...{ srf: sip.srf, identify, watch: behind.watching.watch },
  });
  openSipDoors(
    sip.srf,
    {
      ...{ invite, register, subscribe, info: digits.door, message: messageDoor(behind, identify) },
      ...{ publish: publishDoor(behind, identify) },
      ...{ isDraining, joins: listens, seen: metrics.adapters.sipRequest },
    },
    log,
  );
  sip.onRefer(makeReferDoor({ ...flows, office }));
  store.orders.onOrder((order) => void flows.order(order));
};

/** Texts between the extensions of a company. */
const messageDoor = ({ metrics, messages, log }: Behind, identify: ReturnType<typeof makeIdentify>) => {
  const relayText = makeRelayText({ messages, pace: makePace(paceOfTexts, Date.now), log });
  return makeMessageDoor({ ...metrics.adapters, identify, relayText });
};

/** What phones say of their extensions for a time. */
const publishDoor = ({ offices, metrics, store, log }: Behind, identify: ReturnType<typeof makeIdentify>) => {
  const publish = makePublishPresence({
    ...{ publications: store.publications, newTag: randomUUID, log },
    ...{ takeIn: offices.readPersonal, usualPresence: offices.usualPresence },
  });
  return makePublishDoor({ ...metrics.adapters, identify, publish });
};

/** The stories, each with what it needs. */
const flowsOf = (behind: Behind) => {
  const { config, offices, log, metrics, live, store, sip, media, anchors, phones, isDraining } = behind;
  const office = () => offices.current;
  const alone = {
    ...{ media: media.servers, anchors, mediaUse: config.media.use, crossOffers: crossOfferTexts },
    calls: witnessedCalls(behind),
    legs: sip.legs,
    live,
    meter: metrics.flows,
    log,
    self: config.instanceId as InstanceId,
    newToken: () => randomUUID() as ClaimToken,
  };
  const common = { ...alone, anchoring: makeAnchoring(alone) };
  const routing = {
    ...common,
    newCallId: () => randomUUID() as CallId,
    knownPhones: byExtension(office, store.known.of),
    wokenPhones: byExtension(office, store.woken),
  };
  const tenant = (id: TenantId) => offices.current.tenants.get(id);
  const ringGroup = makeRingGroup({ ...routing, phones, tenant, dialogsOf: store.dialogsOf, chance: Math.random });
  const stealCall = makeStealCall(common);
  const supervisions = makeSupervisions();
  const findElsewhere = makeFindElsewhere({ ...common, dialogsOf: store.dialogsOf, directory: store.directory });
  const forwardAct = makeForwardAct({ ...common, owners: store.instances });
  const steal = makeStealAnywhere({ ...common, stealCall, forwardAct });
  const flows = {
    ...{ ...common, newCallId: routing.newCallId, tenant },
    pickUp: makePickUp(common),
    takeCall: makeTakeCall(common),
    forwardPickup: makeForwardPickup({ ...common, owners: store.instances }),
    routeCall: makeRouteCall({ ...routing, ringGroup }),
    stealCall,
    steal,
    stealFrom: makeStealFrom({ ...common, steal, findElsewhere }),
    supervise: makeSupervise({
      ...{ ...common, supervisions, news: store.supervisions, tenant, newId: randomUUID },
      elsewhere: makeSuperviseElsewhere({ ...common, findElsewhere, forwardAct }),
    }),
    transferCall: makeTransferCall({ ...routing, ringGroup, tenant, isDraining }),
  };
  const { orders } = store;
  const ordering = {
    ...flows,
    orders,
    supervisions,
    phones,
    waiting: makeWaiting(),
  };
  const order = makeOrderDoor({
    pickUp: makeRingPicker(ordering),
    act: makeActByOrder(ordering),
    change: makeChangeByOrder(ordering),
  });
  return { ...flows, order };
};
