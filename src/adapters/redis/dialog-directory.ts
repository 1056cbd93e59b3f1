import type { CallState } from '../../domain/call.js';
import type { Dialog } from '../../domain/dialog.js';
import type { Extension, InstanceId } from '../../domain/names.js';
import type { DialogDirectory } from '../../flows/dialog-directory.js';
import type { RedisClient } from './client.js';
import { hashOf } from './dialog-changes.js';
import { keys } from './keys.js';

/** The dialogs as they stand in Redis. */
export const redisDialogDirectory = (redis: RedisClient): DialogDirectory => ({
  find: async (tenant, sipCallId) => {
    const found = await redis.cpFindDialog(1, keys.dialog(tenant, hashOf(sipCallId)), keys.prefix(tenant));
    if (!found) return undefined;
    if (found.length === 1) return { kind: 'ended' };
    const [extension, dialog, target, owner, state] = found;
    return {
      kind: 'dialog',
      extension: extension as Extension,
      dialog: JSON.parse(dialog) as Dialog,
      target: target as Extension,
      owner: owner as InstanceId,
      state: state as CallState,
    };
  },
});
