import { privateSocket } from './adapters/programs/private-redis.js';
import { connectRedis, type RedisClient } from './adapters/redis/client.js';
import type { Config } from './config.js';
import type { Log } from './flows/ports.js';

/** The log of a program that runs for a moment: it says itself what it could not do. */
export const silent: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/**
 * Connects a program beside the service to the service's Redis: the one that was named, or the private one of the data
 * directory while the service runs. A second Redis is never started here: it would write the first one's files.
 */
export const attachRedis = async (
  config: Config,
): Promise<{ ok: true; redis: RedisClient } | { ok: false; problem: string }> => {
  const place = config.redis ?? { unixSocket: privateSocket(config.dataDir) };
  const redis = connectRedis(place, silent);
  try {
    await redis.connect();
    return { ok: true, redis };
  } catch (error) {
    redis.disconnect();
    const hint = config.redis ? 'look at REDIS_URL' : 'start the service first (npm start), or set REDIS_URL';
    return { ok: false, problem: `no Redis answers (${(error as Error).message.replace(/\.$/, '')}): ${hint}` };
  }
};
