import type { Member, Room } from './room.js';

function flagsOf({ canHear, canSpeak, isModerator }: Member): string {
  const flags = { hear: canHear, speak: canSpeak, moderator: isModerator };
  return Object.entries(flags)
    .filter(([, isSet]) => isSet)
    .map(([flag]) => flag)
    .join('|');
}

/** The members, the newest first, one a line. */
export const printMembers = ({ members }: Room): string =>
  [...members]
    .reverse()
    .map((member) => {
      const { id, name, user } = member.channel;
      return `${[member.id, name, id, user || 'unknown', user, flagsOf(member), 0, 0, 0].join(';')}\n`;
    })
    .join('');

/** A conference with its members. */
export const printRoom = (room: Room): string => {
  const { name, members, isLocked } = room;
  const size = `${members.length} member${members.length === 1 ? '' : 's'}`;
  return `+OK Conference ${name} (${size} rate: 8000${isLocked ? ' locked' : ''} flags: ${isLocked ? 'locked|' : ''}running)\n${printMembers(room)}`;
};

const memberFacts = ({ id, channel, canHear, canSpeak, isModerator, endsRoom }: Member) => ({
  type: 'caller',
  id,
  flags: { can_hear: canHear, can_speak: canSpeak, is_moderator: isModerator, end_conference: endsRoom },
  uuid: channel.id,
  caller_id_name: channel.user || 'unknown',
  caller_id_number: channel.user,
});

/** Conferences as JSON. */
export const roomsAsJson = (rooms: readonly Room[]): string =>
  JSON.stringify(
    rooms.map((room) => ({
      conference_name: room.name,
      member_count: room.members.length,
      ghost_count: 0,
      rate: 8000,
      run_time: Math.floor((Date.now() - room.started) / 1000),
      conference_uuid: room.id,
      locked: room.isLocked,
      members: [...room.members].reverse().map(memberFacts),
    })),
  );
