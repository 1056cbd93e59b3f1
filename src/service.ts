import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer } from './adapters/http/server.js';
import { startEmbeddedEngine } from './adapters/programs/embedded-engine.js';
import { startPrivateRedis } from './adapters/programs/private-redis.js';
import { makeMetrics } from './adapters/prometheus/meter.js';
import { redisCallStore } from './adapters/redis/call-store.js';
import { connectRedis, type RedisClient } from './adapters/redis/client.js';
import { makeKnownPhones } from './adapters/redis/known-phones.js';
import { redisRegistrar } from './adapters/redis/registrar.js';
import { crossOfferTexts } from './adapters/sip/crossing.js';
import { makeDigest } from './adapters/sip/digest.js';
import { makeIdentify } from './adapters/sip/identity.js';
import { makeInviteDoor } from './adapters/sip/invite.js';
import { makePickupDoor } from './adapters/sip/pickup.js';
import { makeRegisterDoor } from './adapters/sip/register.js';
import { openDoors } from './adapters/sip/server.js';
import { connectSip, type SipSide } from './adapters/sip/sip-side.js';
import type { Config } from './config.js';
import type { CallId, ClaimToken, InstanceId } from './domain/names.js';
import type { Office } from './domain/office.js';
import { drain } from './flows/drain.js';
import { makeLiveCalls } from './flows/live-calls.js';
import { makePickUp } from './flows/pick-up.js';
import type { Log } from './flows/ports.js';
import { makeRouteCall } from './flows/route-call.js';
import { makeTakeCall } from './flows/take-call.js';
import { version } from './version.js';

/** The running service. */
export interface Service {
  /** Drains and stops; called again, stops now. */
  stop(signal: string): Promise<void>;
}

/** How often the leases of our calls are renewed, in milliseconds: three times in a lease. */
const renewEvery = 20_000;

/** Starts everything in order: Redis, the SIP engine, the flows, the doors, HTTP. */
export const startService = async (config: Config, office: Office, log: Log): Promise<Service> => {
  const self = config.instanceId as InstanceId;
  const metrics = makeMetrics({ version });
  const known = makeKnownPhones();
  const live = makeLiveCalls();
  let draining = false;

  const privateRedis = config.redis ? undefined : await startPrivateRedis(config.dataDir, log);
  const redis = connectRedis(privateRedis ? { unixSocket: privateRedis.unixSocket } : (config.redis ?? {}), log);
  redis.on('ready', () => metrics.adapters.redisUp(true));
  redis.on('close', () => metrics.adapters.redisUp(false));
  await redis.connect().catch(() => undefined); // The client tries on; readiness tells.
  const calls = redisCallStore(redis, known);

  const engine = config.drachtio
    ? undefined
    : await startEmbeddedEngine({ bind: config.sipBind, dataDir: config.dataDir }, log);
  const sip = connectSip({
    place: config.drachtio ?? engine?.control ?? { host: '', port: 0, secret: '' },
    instance: self,
    log,
    listener: {
      up: () => metrics.adapters.drachtioUp(true),
      down: () => {
        metrics.adapters.drachtioUp(false);
        void live.endAll({ kind: 'failure', text: 'SIP Server Lost' });
      },
    },
  });

  const flows = { calls, legs: sip.legs, live, meter: metrics.flows, log, self };
  const identify = makeIdentify({
    office,
    digest: makeDigest(),
    auth: config.sipAuth ?? office.sipAuth ?? 'digest',
    trustedEdges: config.trustedEdges,
  });
  const pickUp = makePickUp({ ...flows, newToken: () => randomUUID() as ClaimToken });
  const takeCall = makeTakeCall({ ...flows, crossOffers: crossOfferTexts });
  const routeCall = makeRouteCall({ ...flows, newCallId: () => randomUUID() as CallId, knownPhones: known.of });
  openDoors(
    sip.srf,
    {
      invite: makeInviteDoor({
        identify,
        open: sip.open,
        isDraining: () => draining,
        routeCall,
        pickup: makePickupDoor({ pickUp, takeCall, meter: metrics.flows, log }),
        rejected: metrics.adapters.rejected,
      }),
      register: makeRegisterDoor({
        identify,
        registrar: redisRegistrar(redis),
        registered: (tenant, extension, bindings) => known.saw(tenant.id, extension, bindings),
        ...metrics.adapters,
      }),
      isDraining: () => draining,
      seen: metrics.adapters.sipRequest,
    },
    log,
  );

  const checks = () => ({ drachtio: sip.isUp, redis: redis.status === 'ready', draining: !draining });
  const http = makeHttpServer({ registry: metrics.registry, health: { checks } });
  await http.listen({ host: config.httpBind.host, port: config.httpBind.port });
  log.info({ http: http.listeningOrigin, version }, 'callpickup is ready');

  const renewal = setInterval(() => {
    calls.renew(live.records()).catch((error) => log.warn({ error: String(error) }, 'leases not renewed'));
  }, renewEvery);

  return {
    stop: async (signal) => {
      log.info({ signal }, 'stopping');
      const timeoutSeconds = draining ? 0 : config.drainTimeoutSeconds;
      draining = true;
      metrics.adapters.draining();
      await drain({ live, log, timeoutSeconds });
      clearInterval(renewal);
      await close({ sip, redis, http });
      await engine?.stop();
      await privateRedis?.stop();
      log.info({}, 'stopped');
    },
  };
};

const close = async ({
  sip,
  redis,
  http,
}: {
  sip: SipSide;
  redis: RedisClient;
  http: FastifyInstance;
}): Promise<void> => {
  http.server.closeAllConnections();
  await http.close();
  sip.stop();
  await redis.quit().catch(() => redis.disconnect());
};
