import type { CallState } from '../../domain/call.js';
import type { CallId, Extension } from '../../domain/names.js';
import type { EarlyDialogs } from '../../flows/early-dialogs.js';
import type { EarlyDialog } from '../../flows/ports.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';

/** The Call-IDs of our callee legs; what a phone says else never becomes part of a key. */
const ownCallId = /^[0-9a-f-]{36}@[A-Za-z0-9.-]{1,64}$/;

/** The early dialogs as they stand in Redis. */
export const redisEarlyDialogs = (redis: RedisClient): EarlyDialogs => ({
  find: async (tenant, sipCallId) => {
    if (!ownCallId.test(sipCallId)) return undefined;
    const found = await redis.cpFindDialog(1, keys.dialog(tenant, sipCallId), keys.prefix(tenant));
    if (!found) return undefined;
    const [call, target, state, dialog] = found;
    return {
      call: call as CallId,
      target: target as Extension,
      state: state as CallState,
      dialog: JSON.parse(dialog) as EarlyDialog,
    };
  },
});
