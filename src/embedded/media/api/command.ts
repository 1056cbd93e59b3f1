import type { Channel } from '../channel/channel.js';
import type { MediaServer } from '../server.js';

/** A command by its words; the result is its answer. */
export type ApiCommand = (server: MediaServer, words: readonly string[]) => string | Promise<string>;

/** A command about one channel, which is there. */
export type ChannelCommand = (
  server: MediaServer,
  channel: Channel,
  words: readonly string[],
) => string | Promise<string>;

/** A command whose first word is a channel; `missing` is the answer when there is none. */
export function onChannel(command: ChannelCommand, missing = '-ERR No such channel!\n'): ApiCommand {
  return (server, [id = '', ...words]) => {
    const channel = server.channels.get(id);
    return channel ? command(server, channel, words) : missing;
  };
}
