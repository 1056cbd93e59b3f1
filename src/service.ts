import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer } from './adapters/http/server.js';
import { type Metrics, makeMetrics } from './adapters/prometheus/meter.js';
import { crossOfferTexts } from './adapters/sip/crossing.js';
import { makeDigest } from './adapters/sip/digest.js';
import { makeForwardedDoor } from './adapters/sip/forwarded.js';
import { makeIdentify } from './adapters/sip/identity.js';
import { makeInviteDoor } from './adapters/sip/invite.js';
import { makePickupDoor } from './adapters/sip/pickup.js';
import { makeRegisterDoor } from './adapters/sip/register.js';
import { openDoors } from './adapters/sip/server.js';
import type { Config } from './config.js';
import type { CallId, ClaimToken, InstanceId } from './domain/names.js';
import type { Office } from './domain/office.js';
import { drain } from './flows/drain.js';
import { makeForwardPickup } from './flows/forward-pickup.js';
import { type LiveCalls, makeLiveCalls } from './flows/live-calls.js';
import { makePickUp } from './flows/pick-up.js';
import type { Log } from './flows/ports.js';
import { makeRouteCall } from './flows/route-call.js';
import { makeTakeCall } from './flows/take-call.js';
import { type Sip, startSip } from './sip.js';
import { type Store, startStore } from './store.js';
import { version } from './version.js';

/** The running service. */
export interface Service {
  /** Drains and stops; called again meanwhile, it stops now. */
  stop(signal: string): Promise<void>;
}

/** The parts of a running service. */
interface Parts {
  readonly config: Config;
  readonly office: Office;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly live: LiveCalls;
  readonly store: Store;
  readonly sip: Sip;
  /** No new calls are taken. */
  draining: boolean;
}

/** How often the leases of our calls are renewed, in milliseconds: three times in a lease. */
const renewEvery = 20_000;

/** Starts everything in order: Redis, the SIP engine, the doors, HTTP. */
export const startService = async (config: Config, office: Office, log: Log): Promise<Service> => {
  const metrics = makeMetrics({ version });
  const live = makeLiveCalls();
  const store = await startStore(config, metrics.adapters, log);
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
      void live.endAll({ kind: 'failure', text: 'SIP Server Lost' });
    },
  };
  const secret = () => store.instances.secret;
  const sip = await startSip(config, { secret, listener, log });

  metrics.watch(() => sip.holding());
  const parts: Parts = { config, office, log, metrics, live, store, sip, draining: false };
  openSip(parts);
  const http = await openHttp(parts);
  const renewal = setInterval(() => {
    store.calls.renew(live.records()).catch((error) => log.warn({ error: String(error) }, 'leases not renewed'));
  }, renewEvery);
  void connected.then((addresses) => {
    log.info({ sip: addresses, http: http.listeningOrigin, version }, 'callpickup is ready');
  });

  return {
    stop: async (signal) => {
      await stopCalls(parts, signal);
      clearInterval(renewal);
      await stopParts(parts, http);
    },
  };
};

/** Puts the flows together and opens the doors of the SIP side. */
const openSip = (parts: Parts): void => {
  const { config, office, log, metrics, live, store, sip } = parts;
  const flows = {
    calls: store.calls,
    legs: sip.legs,
    live,
    meter: metrics.flows,
    log,
    self: config.instanceId as InstanceId,
  };
  const identify = makeIdentify({
    office,
    digest: makeDigest(),
    auth: config.sipAuth ?? office.sipAuth ?? 'digest',
    trustedEdges: config.trustedEdges,
  });
  const takeCall = makeTakeCall({ ...flows, crossOffers: crossOfferTexts });
  const pickup = makePickupDoor({
    ...flows,
    takeCall,
    pickUp: makePickUp({ ...flows, newToken: () => randomUUID() as ClaimToken }),
    forwardPickup: makeForwardPickup({ ...flows, owners: store.instances }),
  });
  const secret = () => store.instances.secret;
  const forwarded = makeForwardedDoor({ ...flows, office, takeCall });
  const routeCall = makeRouteCall({ ...flows, newCallId: () => randomUUID() as CallId, knownPhones: store.known.of });
  const isDraining = () => parts.draining;
  const doors = { identify, open: sip.open, isDraining, routeCall, pickup, forwarded, secret };
  const invite = makeInviteDoor({ ...metrics.adapters, ...doors });
  const register = makeRegisterDoor({
    ...metrics.adapters,
    identify,
    registrar: store.registrar,
    registered: (tenant, extension, bindings) => store.known.saw(tenant.id, extension, bindings),
  });
  openDoors(sip.srf, { invite, register, isDraining, seen: metrics.adapters.sipRequest }, log);
};

/** Where other instances reach this one: an address that drachtio names, UDP before TCP. */
const sipUriOf = (addresses: readonly string[]): string | undefined => {
  const [transport, address] = (addresses.find((each) => each.startsWith('udp/')) ?? addresses[0] ?? '').split('/');
  return address ? `sip:callpickup@${address}${transport === 'tcp' ? ';transport=tcp' : ''}` : undefined;
};

const openHttp = async (parts: Parts): Promise<FastifyInstance> => {
  const { sip, store, metrics, config } = parts;
  const checks = () => ({ drachtio: sip.isUp, redis: store.isUp, takingCalls: !parts.draining });
  const http = makeHttpServer({ registry: metrics.registry, health: { checks } });
  await http.listen({ host: config.httpBind.host, port: config.httpBind.port });
  return http;
};

const stopCalls = async (parts: Parts, signal: string): Promise<void> => {
  const { live, log, config, metrics } = parts;
  const timeoutSeconds = parts.draining ? 0 : config.drainTimeoutSeconds;
  parts.draining = true;
  metrics.adapters.draining();
  log.info({ signal }, 'stopping');
  await drain({ live, log, timeoutSeconds });
};

const stopParts = async ({ sip, store, log }: Parts, http: FastifyInstance): Promise<void> => {
  http.server.closeAllConnections();
  await http.close();
  await sip.stopAll();
  await store.stop();
  log.info({}, 'stopped');
};
