import { randomUUID } from 'node:crypto';
import { documentReader } from './adapters/office/document-reader.js';
import { hashPin } from './adapters/office/pin-hash.js';
import { mediaMeter } from './adapters/prometheus/media-meter.js';
import { type Metrics, makeMetrics } from './adapters/prometheus/meter.js';
import { makeMessages } from './adapters/sip/messages.js';
import { watchedDocument } from './adapters/sip/watched-document.js';
import { changingPhones } from './changing-phones.js';
import type { Config } from './config.js';
import type { OfficeDocument } from './domain/tenant-document.js';
import { openDoors } from './doors.js';
import { makeActs } from './flows/act-by-program.js';
import { type Anchors, makeAnchors } from './flows/anchors.js';
import { byExtension } from './flows/changed-phones.js';
import { drain } from './flows/drain.js';
import { type KeptOffices, keepOffices } from './flows/keep-offices.js';
import { type LiveCalls, makeLiveCalls } from './flows/live-calls.js';
import type { Log, Registrar } from './flows/ports.js';
import { makeSendCall } from './flows/send-call.js';
import type { Messages, Relays } from './flows/texts/messages.js';
import { realClock } from './flows/watch/clock.js';
import { writeOnce } from './flows/watch/document.js';
import { makeWatchExtension, type WatchExtension } from './flows/watch-extension.js';
import type { Webhooks } from './flows/webhooks.js';
import { lostCallsFinder } from './lost-calls.js';
import { type Media, startMedia } from './media.js';
import { type Rest, startRest } from './rest.js';
import { type Sip, startSip } from './sip.js';
import { type Store, startStore } from './store.js';
import { version } from './version.js';
import { openWebhooks } from './webhooks.js';

/** The running service. */
export interface Service {
  /** Drains and stops; called again meanwhile, it stops now. */
  stop(signal: string): Promise<void>;
}

/** The parts of a running service. */
interface Parts {
  readonly config: Config;
  readonly offices: KeptOffices;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly live: LiveCalls;
  readonly store: Store;
  readonly sip: Sip;
  readonly media: Media;
  readonly anchors: Anchors;
  readonly watching: WatchExtension;
  readonly webhooks: Webhooks;
  readonly phones: Registrar['phones'];
  readonly messages: Messages & Relays;
  /** Once it does, no new calls and watchers are taken. */
  readonly drains: { now: boolean };
}

/** How often the leases of our calls are renewed, and those of others' looked at, in milliseconds: three times in a lease. */
const renewEvery = 20_000;

/** Starts everything in order: Redis, the SIP engine, the doors, HTTP. */
export const startService = async (config: Config, file: OfficeDocument, log: Log): Promise<Service> => {
  const metrics = makeMetrics({ version });
  const live = makeLiveCalls();
  const store = await startStore(config, metrics.adapters, log);
  const offices = keepOffices({ store: store.offices, reader: documentReader, file, log });
  await offices.asked; // What was changed since the file was written is in force before the first call.
  const drains = { now: false };
  const watching = openWatching({ store, offices, metrics, drains, log });
  let announce: (addresses: string[]) => void = () => undefined;
  const connected = new Promise<string[]>((resolve) => {
    announce = resolve;
  });
  const listener = {
    up: (addresses: string[]) => {
      metrics.adapters.drachtioUp(true);
      announce(addresses);
      const uri = sipUriOf(addresses);
      if (uri !== undefined) store.instances.announce(uri);
    },
    down: () => {
      metrics.adapters.drachtioUp(false);
      watching.loseAll();
      void live.endAll({ kind: 'failure', text: 'SIP Server Lost' });
    },
  };
  const secret = () => store.instances.secret;
  const sip = await startSip(config, { secret, listener, log });
  const media = startMedia(config, { srf: sip.srf, connected, meter: mediaMeter(metrics.registry), log });

  metrics.watch(() => sip.holding());
  const phones = byExtension(() => offices.current, store.registrar.phones);
  const parts: Parts = {
    ...{ config, offices, log, metrics, live, store, sip, media, watching, drains, phones },
    anchors: makeAnchors(),
    webhooks: openWebhooks({ config, offices, metrics, log }),
    messages: makeMessages({ srf: sip.srf, instance: config.instanceId, phones }),
  };
  openDoors({ ...parts, isDraining: () => drains.now });
  const rest = await openRest(parts);
  const findLostCalls = lostCallsFinder(parts);
  const renewal = setInterval(() => {
    store.calls.renew(live.records()).catch((error) => log.warn({ error: String(error) }, 'leases not renewed'));
    void findLostCalls();
  }, renewEvery);
  void connected.then((addresses) => {
    log.info({ sip: addresses, http: rest.origin, version }, 'callpickup is ready');
  });

  return {
    stop: async (signal) => {
      rest.drain();
      await stopCalls(parts, signal);
      clearInterval(renewal);
      await stopParts(parts, rest);
    },
  };
};

/** Where other instances reach this one: an address that drachtio names, UDP before TCP. */
const sipUriOf = (addresses: readonly string[]): string | undefined => {
  const [transport, address] = (addresses.find((each) => each.startsWith('udp/')) ?? addresses[0] ?? '').split('/');
  return address ? `sip:callpickup@${address}${transport === 'tcp' ? ';transport=tcp' : ''}` : undefined;
};

/** Phones may watch extensions; what they are shown comes from the store, by the documents as they are now. */
const openWatching = ({
  store,
  offices,
  metrics,
  drains,
  log,
}: Pick<Parts, 'store' | 'offices' | 'metrics' | 'drains' | 'log'>) =>
  makeWatchExtension({
    ...{ clock: realClock, dialogs: store.watched, write: writeOnce(watchedDocument), meter: metrics.watchers },
    ...{ office: () => offices.current, isDraining: () => drains.now, log },
  });

const openRest = (parts: Parts): Promise<Rest> => {
  const { sip, store, metrics, config, log, offices, messages } = parts;
  const checks = () => ({ drachtio: sip.isUp, redis: store.isUp, takingCalls: !parts.drains.now });
  const { orders, directory, news, tokens, supervisions } = store;
  const ordering = { orders, directory, log, meter: metrics.flows, newOrderId: randomUUID };
  const ports = {
    ...{ offices, news, tokens, supervisions, calls: directory, messages, hashPin },
    replacePhone: changingPhones(parts),
    sendCall: makeSendCall(ordering),
    acts: makeActs({ ...ordering, dialogsOf: store.dialogsOf }),
  };
  const { registry, adapters: meter } = metrics;
  return startRest({ bind: config.httpBind, registry, health: { checks }, ports, meter, log });
};

const stopCalls = async (parts: Parts, signal: string): Promise<void> => {
  const { live, log, config, metrics, watching, drains } = parts;
  const timeoutSeconds = drains.now ? 0 : config.drainTimeoutSeconds;
  drains.now = true;
  metrics.adapters.draining();
  log.info({ signal }, 'stopping');
  await Promise.all([watching.moveAll(), drain({ live, log, timeoutSeconds })]);
};

const stopParts = async ({ sip, media, offices, store, watching, webhooks, log }: Parts, rest: Rest): Promise<void> => {
  await rest.stop();
  watching.stop();
  await webhooks.stop(); // The calls are over: their last events are among them.
  await media.stop();
  await sip.stopAll();
  offices.stop();
  await store.stop();
  log.info({}, 'stopped');
};
