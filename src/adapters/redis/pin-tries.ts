import type { PinTries, PinTry } from '../../flows/phone-changes.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';

/** So many wrong PINs lock whoever dialled them, and whomever they were dialled for, so long, in milliseconds. */
export const usualLock = { tries: 5, lock: 600_000 };

/** Wrong PINs, counted in Redis by all instances together. */
export const redisPinTries = (redis: RedisClient, { tries, lock } = usualLock): PinTries => {
  const both = ({ tenant, picker, target }: PinTry) => [
    keys.pinTries(tenant, 'picker', picker),
    keys.pinTries(tenant, 'target', target),
  ];
  return {
    begin: async (made) => (await redis.cpTryPin(2, ...both(made), tries, lock)) === 'open',
    forgive: async (made) => {
      await redis.cpForgivePin(2, ...both(made));
    },
  };
};
