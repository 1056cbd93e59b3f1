import { startPrivateRedis } from './adapters/programs/private-redis.js';
import type { AdapterMeter } from './adapters/prometheus/meter.js';
import { redisCallStore } from './adapters/redis/call-store.js';
import { connectRedis } from './adapters/redis/client.js';
import { type KnownPhones, makeKnownPhones } from './adapters/redis/known-phones.js';
import { type InstanceRegister, redisInstances } from './adapters/redis/owners.js';
import { redisRegistrar } from './adapters/redis/registrar.js';
import type { Config } from './config.js';
import type { InstanceId } from './domain/names.js';
import type { CallStore, Log, Registrar } from './flows/ports.js';

/** The store of one instance: calls, phones, and the Redis under them. */
export interface Store {
  readonly calls: CallStore;
  readonly registrar: Registrar;
  readonly known: KnownPhones;
  readonly instances: InstanceRegister;
  readonly isUp: boolean;
  stop(): Promise<void>;
}

/** Starts the store, with a private Redis if no other was named. */
export const startStore = async (config: Config, meter: AdapterMeter, log: Log): Promise<Store> => {
  const own = config.redis ? undefined : await startPrivateRedis(config.dataDir, log);
  const redis = connectRedis(own ? { unixSocket: own.unixSocket } : (config.redis ?? {}), log);
  redis.on('ready', () => meter.redisUp(true));
  redis.on('close', () => meter.redisUp(false));
  await redis.connect().catch(() => undefined); // The client tries on, and readiness tells.

  const known = makeKnownPhones();
  const instances = redisInstances(redis, config.instanceId as InstanceId, log);
  return {
    calls: redisCallStore(redis, known),
    registrar: redisRegistrar(redis),
    known,
    instances,
    get isUp() {
      return redis.status === 'ready';
    },
    stop: async () => {
      await instances.stop();
      await redis.quit().catch(() => redis.disconnect());
      await own?.stop();
    },
  };
};
