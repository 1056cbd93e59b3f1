import type { MediaServer } from '../server.js';
import { channelCommands } from './channel-commands.js';
import type { ApiCommand } from './command.js';
import { conference } from './conference.js';
import { serverCommands } from './server-commands.js';
import { soundCommands } from './sound-commands.js';

const commands: ReadonlyMap<string, ApiCommand> = new Map(
  Object.entries({ ...serverCommands, ...channelCommands, ...soundCommands, conference }),
);

/** Runs an `api` command; the result is its answer, in FreeSWITCH's words. */
export async function runApi(server: MediaServer, line: string): Promise<string> {
  const [name = '', ...words] = line.trim().split(/\s+/);
  const command = commands.get(name);
  return command ? command(server, words) : `-ERR ${name} Command not found!\n`;
}
