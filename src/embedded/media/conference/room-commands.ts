import { randomUUID } from 'node:crypto';
import { execute } from '../app/execute.js';
import { leavePartner, vacate } from '../channel/vacate.js';
import { memberOf, type RoomCommand } from './command.js';
import { keepId } from './enter.js';
import { printMembers, roomsAsJson } from './list.js';
import { playIn, stopIn } from './sounds.js';
import { tellRoom } from './tell.js';

const lock: RoomCommand = (_server, room) => {
  room.isLocked = true;
  return `+OK ${room.name} locked\n`;
};

const unlock: RoomCommand = (_server, room) => {
  room.isLocked = false;
  return `+OK ${room.name} unlocked\n`;
};

const get: RoomCommand = (_server, room, [name]) => {
  if (name === 'max_members') return String(room.mostMembers);
  return name === 'count' ? String(room.members.length) : 'get <parameter-name>';
};

const set: RoomCommand = (_server, room, [name, value]) => {
  const before = room.mostMembers;
  const most = Number(value);
  if (name !== 'max_members' || !Number.isInteger(most) || most < 0) return 'set <max_members> <value>';
  room.mostMembers = most;
  return String(before);
};

const play: RoomCommand = async (server, room, [file = '', ...words]) => {
  const whom = words.at(-1);
  const member = whom === undefined ? undefined : memberOf(room, whom);
  if (whom !== undefined && !member) return `-ERR Member: ${whom} not found.\n`;
  const hall = { server, room, ...(member ? { member } : {}) };
  if (!(await playIn(hall, file))) return `-ERR (play) File: ${file} not found.\n`;
  return `+OK (play) Playing file ${file}${member ? ` to member ${member.id}` : ''}\n`;
};

const stop: RoomCommand = (server, room, [which, whom]) => {
  const member = whom === undefined ? undefined : memberOf(room, whom);
  if (which !== 'all' && which !== 'current') return 'stop <[current|all]> [<member_id>]';
  if (whom !== undefined && !member) return `-ERR Member: ${whom} not found.\n`;
  return `+OK Stopped ${stopIn({ server, room, ...(member ? { member } : {}) }, which)} files.\n`;
};

const transfer: RoomCommand = (server, room, [name = '', ...ids]) => {
  const answers = ids.map((id) => {
    const member = memberOf(room, id);
    if (!member) return `-ERR No Member ${id} in conference ${room.name}.\n`;
    const more = { 'Old-Conference-Name': room.name, 'New-Conference-Name': name };
    tellRoom(server, room, { action: 'transfer', member, more });
    keepId(member);
    // A transfer takes the channel out of all that it was in.
    vacate(server, member.channel, 'moved');
    leavePartner(member.channel);
    execute(server, member.channel, { app: 'conference', data: `${name}@${room.profile}`, id: randomUUID() });
    return `+OK Member '${id}' sent to conference ${name}.\n`;
  });
  return answers.join('');
};

/** The commands about a conference as a whole. */
export const roomCommands = {
  list: (_server, room, [how]) => (how === 'count' ? String(room.members.length) : printMembers(room)),
  json_list: (_server, room) => roomsAsJson([room]),
  count: (_server, room) => String(room.members.length),
  lock,
  unlock,
  get,
  set,
  play,
  stop,
  transfer,
} satisfies Record<string, RoomCommand>;
