import { channelFacts } from '../channel/facts.js';
import { type Event, eventHead } from '../event-socket/event.js';
import type { MediaServer } from '../server.js';
import type { Member, Room } from './room.js';

function roomFacts(server: MediaServer, room: Room): Event {
  return {
    'Conference-Name': room.name,
    'Conference-Domain': server.rtpHost,
    'Conference-Size': String(room.members.length),
    'Conference-Ghosts': '0',
    'Conference-Profile-Name': room.profile,
    'Conference-Unique-ID': room.id,
  };
}

function memberFacts({ channel, id, canHear, canSpeak, isModerator }: Member): Event {
  return {
    ...channelFacts(channel),
    Hear: String(canHear),
    Speak: String(canSpeak),
    'Member-ID': String(id),
    'Member-Type': isModerator ? 'moderator' : 'member',
    'Member-Ghost': 'false',
  };
}

/** Tells what happens in a conference, to all or to one member; `more` stands at the end. */
export function tellRoom(
  server: MediaServer,
  room: Room,
  about: { action: string; member?: Member; more?: Event },
): void {
  const { action, member, more } = about;
  server.events.publish({
    ...eventHead(server.core, 'CUSTOM', 'conference::maintenance'),
    ...roomFacts(server, room),
    ...(member ? memberFacts(member) : {}),
    Action: action,
    ...more,
  });
}
