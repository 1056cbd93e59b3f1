import type { MediaServer } from '../server.js';
import type { Member, Room } from './room.js';

/** A command about one conference: its words behind the command's own name. */
export type RoomCommand = (server: MediaServer, room: Room, words: readonly string[]) => string | Promise<string>;

/** The member of that id. */
export const memberOf = ({ members }: Room, id = ''): Member | undefined =>
  members.find((member) => String(member.id) === id);

/** A command for members: one by its id, the `last` that came, `all`, or all but moderators. The newest is asked first. */
export function onMembers(act: (server: MediaServer, room: Room, member: Member) => string): RoomCommand {
  return (server, room, [whom = '']) => {
    const newestFirst = [...room.members].reverse();
    const isForAll = whom === 'all' || whom === 'non_moderator';
    const one = whom === 'last' ? room.members.at(-1) : memberOf(room, whom);
    if (!isForAll && !one) return `-ERR Non-Existant ID ${whom}\n`;
    const asked = isForAll || !one ? newestFirst : [one];
    const answers = asked.map((member) =>
      whom === 'non_moderator' && member.isModerator
        ? `Skipping moderator (member id ${member.id}).\n`
        : act(server, room, member),
    );
    return answers.join('');
  };
}
