import type { RoomCommand } from '../conference/command.js';
import { printRoom, roomsAsJson } from '../conference/list.js';
import { memberCommands } from '../conference/member-commands.js';
import { roomCommands } from '../conference/room-commands.js';
import type { ApiCommand } from './command.js';

const commands: ReadonlyMap<string, RoomCommand> = new Map(Object.entries({ ...roomCommands, ...memberCommands }));

/** `conference <name> <command> …`, and `conference list` of all. */
export const conference: ApiCommand = (server, [name, act, ...words]) => {
  const rooms = [...server.rooms.values()];
  if (name === undefined) return `-USAGE: list | json_list | <conf name> ${[...commands.keys()].join('|')}\n`;
  if (name === 'json_list') return roomsAsJson(rooms);
  if (name === 'list') return rooms.map(printRoom).join('') || '+OK No active conferences.\n';
  const room = server.rooms.get(name);
  if (!room) return `-ERR Conference ${name} not found\n`;
  const command = commands.get(act ?? '');
  return command ? command(server, room, words) : `-ERR Conference command '${act ?? ''}' not found.\n`;
};
