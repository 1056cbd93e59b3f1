import { createHash } from 'node:crypto';
import type { DialogChange } from '../../domain/dialog.js';
import type { TenantId } from '../../domain/names.js';
import { channels, keys } from './keys.js';

/** What stands for a SIP Call-ID in a key: a phone may have chosen the Call-ID, so it never stands there itself. */
export const hashOf = (sipCallId: string): string => createHash('sha256').update(sipCallId).digest('hex').slice(0, 32);

/** What dialogs.part.lua takes: the prefix of the tenant's keys, the channel, the changes, and the lease in milliseconds. */
export const noting = (
  tenant: TenantId,
  changes: readonly DialogChange[],
  lease: number,
): [prefix: string, channel: string, changes: string, lease: number] => [
  keys.prefix(tenant),
  channels.dialogs(tenant),
  JSON.stringify(changes.map(entryOf)),
  lease,
];

const entryOf = ({ extension, dialog }: DialogChange) => [
  extension,
  `${dialog.call} ${dialog.id}`,
  hashOf(dialog.sipCallId),
  JSON.stringify(dialog),
  dialog.state === 'terminated' ? 1 : 0,
];
