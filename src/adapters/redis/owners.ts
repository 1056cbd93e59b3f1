import { randomBytes } from 'node:crypto';
import type { InstanceId } from '../../domain/names.js';
import type { Log, Owners } from '../../flows/ports.js';
import type { Instances } from '../../flows/witnesses/find-lost-calls.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';

/** The instances over one Redis: where each takes SIP, and what they sign with among themselves. */
export interface InstanceRegister extends Owners, Instances {
  /** What instances sign with; undefined until Redis has been reached once. */
  readonly secret: string | undefined;
  /** Makes this instance known from now on. */
  announce(uri: string): void;
  stop(): Promise<void>;
}

/** Milliseconds between two heartbeats, and after how many an instance counts as gone. */
const heartbeat = { every: 5_000, lapses: 15_000 };

/** The register of instances, renewed by heartbeats. */
export const redisInstances = (redis: RedisClient, self: InstanceId, log: Log): InstanceRegister => {
  let secret: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  const beat = async (uri: string) => {
    await redis.set(keys.secret, randomBytes(32).toString('hex'), 'NX');
    secret = (await redis.get(keys.secret)) ?? undefined;
    await redis.set(keys.instance(self), uri, 'PX', heartbeat.lapses);
    await redis.sadd(keys.instances, self);
  };

  const isThere = async (instance: InstanceId) => (await redis.exists(keys.instance(instance))) === 1;

  return {
    isThere,
    gone: async () => {
      const known = (await redis.smembers(keys.instances)) as InstanceId[];
      const there = await Promise.all(known.map(isThere));
      return known.filter((instance, position) => instance !== self && !there[position]);
    },
    forget: async (instance) => void (await redis.srem(keys.instances, instance)),
    get secret() {
      return secret;
    },
    find: async (owner) => (await redis.get(keys.instance(owner))) ?? undefined,
    announce: (uri) => {
      const tell = () => void beat(uri).catch((error) => log.warn({ error: String(error) }, 'heartbeat not written'));
      clearInterval(timer);
      timer = setInterval(tell, heartbeat.every);
      tell();
    },
    stop: async () => {
      clearInterval(timer);
      await redis.del(keys.instance(self)).catch(() => undefined);
      await redis.srem(keys.instances, self).catch(() => undefined);
    },
  };
};
