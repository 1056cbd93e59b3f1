import type { MediaServer } from '../server.js';
import { memberOf, onMembers, type RoomCommand } from './command.js';
import type { Member, Room } from './room.js';
import { tellRoom } from './tell.js';

/** Changes something of a member, tells it, and answers so. */
const changes =
  (act: string, change: (member: Member) => void) =>
  (server: MediaServer, room: Room, member: Member): string => {
    change(member);
    tellRoom(server, room, { action: `${act}-member`, member });
    return `+OK ${act} ${member.id}\n`;
  };

const mute = changes('mute', (member) => {
  member.canSpeak = false;
});
const unmute = changes('unmute', (member) => {
  member.canSpeak = true;
});
const deaf = changes('deaf', (member) => {
  member.canHear = false;
});
const undeaf = changes('undeaf', (member) => {
  member.canHear = true;
});

/** Takes a member out; the words of the two ways differ, not more. */
const takesOut =
  (action: string, said: string) =>
  (server: MediaServer, room: Room, member: Member): string => {
    tellRoom(server, room, { action, member });
    member.leave();
    return `+OK ${said} ${member.id}\n`;
  };

const relate: RoomCommand = (_server, room, [one = '', others = '', how = '']) => {
  if (others === '') return '+OK No relationships\n';
  const [member, other] = [memberOf(room, one), memberOf(room, others)];
  if (!member || !other) return `-ERR relationship ${one}->${others} not found.\n`;
  if (how === 'clear') {
    member.relations.delete(other.id);
    return `+OK relationship ${one}->${others} cleared.\n`;
  }
  if (!/^no(speak|hear)$/.test(how)) return '-USAGE: <member_id> <other_member_id> [nospeak|nohear|clear]\n';
  member.relations.set(other.id, { speaks: how !== 'nospeak', hears: how !== 'nohear' });
  return `+OK ${one}->${others} ${how} set\n`;
};

const digits = /^[0-9A-D*#]{1,128}$/i;

const dtmf: RoomCommand = (server, room, [whom = '', keys = '']) => {
  if (!digits.test(keys)) return '-USAGE: dtmf <[member_id|all|last|non_moderator]> <digits>\n';
  const press = (_server: MediaServer, _room: Room, { id, channel }: Member): string => {
    channel.rtp.sendDigits(keys);
    return `+OK sent ${keys} to ${id}\n`;
  };
  return onMembers(press)(server, room, [whom]);
};

/** The commands about members: what they hear and say, and their going. */
export const memberCommands = {
  mute: onMembers(mute),
  unmute: onMembers(unmute),
  tmute: onMembers((server, room, member) => (member.canSpeak ? mute : unmute)(server, room, member)),
  deaf: onMembers(deaf),
  undeaf: onMembers(undeaf),
  kick: onMembers(takesOut('kick-member', 'kicked')),
  hup: onMembers(takesOut('hup-member', 'hup')),
  dtmf,
  relate,
} satisfies Record<string, RoomCommand>;
