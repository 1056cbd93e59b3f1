import { beginOf } from './begins.js';
import type { Channel } from './channel.js';

/** What came of having two channels hear each other. */
export interface Bridging {
  /** The server has said yes. */
  readonly isTaken: boolean;
  /** Settles when it has done so; what either channel is told before would be broken off. */
  readonly done: Promise<unknown>;
}

/** Has two channels hear each other. Settles with the server's word: two phones wait for it, nobody for the 60 ms after. */
export const bridge = async (one: Channel, other: Channel): Promise<Bridging> => {
  const begun = [one, other].map((channel) => beginOf(channel, 'uuid_bridge'));
  const said = await one.api('uuid_bridge', `${one.uuid} ${other.uuid}`);
  const isTaken = said?.startsWith('+OK') ?? false;
  return { isTaken, done: Promise.all(begun.map((each) => each(isTaken))) };
};
