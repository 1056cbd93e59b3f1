import type { DialogsOf } from '../../flows/supervise/elsewhere.js';
import type { RedisClient } from './client.js';
import { readDialog } from './dialog-message.js';
import { keys } from './keys.js';

/** The dialogs of an extension as they stand in Redis, asked once. */
export const redisDialogsOf =
  (redis: RedisClient): DialogsOf =>
  async (tenant, extension) => {
    const own = [keys.dialogs(tenant, extension), keys.dialogNumber(tenant)] as const;
    const [, ...dialogs] = await redis.cpDialogs(2, ...own, keys.prefix(tenant));
    return dialogs.map(readDialog);
  };
