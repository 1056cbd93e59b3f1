import { beginOf } from './begins.js';
import type { Channel } from './channel.js';

/**
 * Has a channel, or with `both` also whom it is bridged with, do nothing any more. Settles when it is so: what a channel is
 * told before is broken off.
 */
export const park = async (channel: Channel, { both }: { both: boolean }): Promise<void> => {
  const parked = beginOf(channel, 'park');
  const said = await channel.api('uuid_transfer', `${channel.uuid} ${both ? '-both ' : ''}park inline`);
  await parked(said?.startsWith('+OK') ?? false);
};
