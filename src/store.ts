import { startPrivateRedis } from './adapters/programs/private-redis.js';
import type { AdapterMeter } from './adapters/prometheus/meter.js';
import { redisCallDirectory } from './adapters/redis/call-directory.js';
import { redisCallStore } from './adapters/redis/call-store.js';
import { connectRedis } from './adapters/redis/client.js';
import { redisDialogDirectory } from './adapters/redis/dialog-directory.js';
import { redisDialogsOf } from './adapters/redis/dialogs-of.js';
import { type KnownPhones, makeKnownPhones } from './adapters/redis/known-phones.js';
import { redisLostCalls } from './adapters/redis/lost-calls.js';
import { redisNews } from './adapters/redis/news-stream.js';
import { redisOfficeStore } from './adapters/redis/office-store.js';
import { redisOrders } from './adapters/redis/orders.js';
import { type InstanceRegister, redisInstances } from './adapters/redis/owners.js';
import { redisPhoneChanges } from './adapters/redis/phone-changes.js';
import { redisPinTries } from './adapters/redis/pin-tries.js';
import { redisPublications } from './adapters/redis/publications.js';
import { redisRegistrar } from './adapters/redis/registrar.js';
import { makeSubscriptions } from './adapters/redis/subscriptions.js';
import { type RedisSupervisions, redisSupervisions } from './adapters/redis/supervisions.js';
import { redisTokens } from './adapters/redis/token-store.js';
import { redisWatchedDialogs } from './adapters/redis/watched-dialogs.js';
import { redisWokenPhones } from './adapters/redis/woken-phones.js';
import type { Config } from './config.js';
import type { InstanceId } from './domain/names.js';
import type { CallDirectory } from './flows/call-directory.js';
import type { DialogDirectory } from './flows/dialog-directory.js';
import type { NewsStream } from './flows/news.js';
import type { OfficeStore } from './flows/office-store.js';
import type { Orders } from './flows/orders.js';
import type { PhoneChanges, PinTries } from './flows/phone-changes.js';
import type { CallStore, Log, Registrar } from './flows/ports.js';
import type { Publications } from './flows/publish-presence.js';
import type { DialogsOf } from './flows/supervise/elsewhere.js';
import type { Tokens } from './flows/tokens.js';
import type { WokenPhones } from './flows/waking-leg.js';
import type { WatchedDialogs } from './flows/watched-dialogs.js';
import type { LostCalls } from './flows/witnesses/find-lost-calls.js';

/** The store of one instance: calls, phones, and the Redis under them. */
export interface Store {
  readonly calls: CallStore;
  readonly directory: CallDirectory;
  readonly dialogs: DialogDirectory;
  readonly dialogsOf: DialogsOf;
  readonly lostCalls: LostCalls;
  readonly news: NewsStream;
  readonly offices: OfficeStore;
  readonly orders: Orders;
  readonly phoneChanges: PhoneChanges;
  readonly pinTries: PinTries;
  readonly publications: Publications;
  readonly registrar: Registrar;
  readonly supervisions: RedisSupervisions;
  readonly tokens: Tokens;
  readonly watched: WatchedDialogs;
  readonly woken: WokenPhones;
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
  const self = config.instanceId as InstanceId;
  const instances = redisInstances(redis, self, log);
  const subscriptions = makeSubscriptions(redis, log);
  const watched = redisWatchedDialogs(redis, subscriptions, log);
  const supervisions = redisSupervisions(redis);
  const registrar = redisRegistrar(redis);
  return {
    calls: redisCallStore(redis, known),
    directory: redisCallDirectory(redis),
    dialogs: redisDialogDirectory(redis),
    dialogsOf: redisDialogsOf(redis),
    lostCalls: redisLostCalls(redis),
    news: redisNews(redis, subscriptions),
    offices: redisOfficeStore(redis, log, subscriptions),
    orders: redisOrders(redis, self, subscriptions),
    phoneChanges: redisPhoneChanges(redis),
    pinTries: redisPinTries(redis),
    publications: redisPublications(redis),
    registrar,
    supervisions,
    tokens: redisTokens(redis),
    watched,
    woken: redisWokenPhones({ subscriptions, registrar, log }),
    known,
    instances,
    get isUp() {
      return redis.status === 'ready';
    },
    stop: async () => {
      await instances.stop();
      watched.stop();
      supervisions.stop();
      subscriptions.stop();
      await redis.quit().catch(() => redis.disconnect());
      await own?.stop();
    },
  };
};
