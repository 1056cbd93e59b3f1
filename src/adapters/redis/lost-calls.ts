import type { LostCalls } from '../../flows/witnesses/find-lost-calls.js';
import { keysOf, tellingOf } from './call-keys.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';

/** What is done once for a call that its owner can end no more: in Redis, where only one instance is the first. */
export const redisLostCalls = (redis: RedisClient): LostCalls => ({
  end: (call) => {
    const { record, calls, news } = keysOf(call);
    const told = tellingOf(call, { event: 'ended', result: 'lost' });
    return redis.cpLost(4, record, keys.lost(call.tenant, call.id), calls, news, call.id, ...told);
  },
});
