import { randomUUID } from 'node:crypto';
import type { Stage } from '../channel/app.js';
import type { Channel } from '../channel/channel.js';
import { hangUp } from '../channel/hang-up.js';
import type { MediaServer } from '../server.js';
import type { Member, Room } from './room.js';
import { playOn } from './sounds.js';
import { tellRoom } from './tell.js';
import { conferring } from './who-hears.js';
import type { Wish } from './wish.js';

/** How many conferences there may be. */
const mostRooms = 200;

function open({ rooms }: MediaServer, { name, profile, pin }: Wish): Room | undefined {
  if (rooms.size >= mostRooms) return undefined;
  const room: Room = {
    ...{ name, profile, pin, id: randomUUID(), started: Date.now(), members: [], sounds: [] },
    ...{ isLocked: false, mostMembers: 0 },
  };
  rooms.set(name, room);
  return room;
}

/** The conference that is wished for, if it lets in whoever wishes it; the first one makes it. */
export function roomFor(server: MediaServer, wish: Wish): Room | undefined {
  const room = server.rooms.get(wish.name);
  if (!room) return open(server, wish);
  const isFull = room.mostMembers > 0 && room.members.length >= room.mostMembers;
  return room.isLocked || isFull || room.pin !== wish.pin ? undefined : room;
}

/** A member is gone; with some goes everybody, and with the last one the conference. */
function gone(server: MediaServer, room: Room, member: Member): void {
  const index = room.members.indexOf(member);
  if (index < 0) return;
  room.members.splice(index, 1);
  for (const other of room.members) other.relations.delete(member.id);
  tellRoom(server, room, { action: 'del-member', member });
  // Who is left over when the one goes who ends it is hung up on.
  if (member.endsRoom)
    for (const { channel } of [...room.members]) hangUp(server, channel, { cause: 'NORMAL_CLEARING' });
  if (room.members.length > 0 || server.rooms.get(room.name) !== room) return;
  server.rooms.delete(room.name);
  tellRoom(server, room, { action: 'conference-destroy' });
}

let lastId = 0;

/** Who goes from one conference to another stays the member that it was. */
const kept = new WeakMap<Channel, number>();

/** The next conference that this channel enters knows it by that id. */
export const keepId = ({ channel, id }: Member): void => void kept.set(channel, id);

/** No two members have the same id, whatever conference they are in. */
function idFor(channel: Channel): number {
  const before = kept.get(channel);
  kept.delete(channel);
  if (before !== undefined) return before;
  lastId += 1;
  return lastId;
}

/** Brings a channel into a conference, until it leaves. */
export function enter(stage: Stage, room: Room, { flags }: Wish): void {
  const { server, channel, order } = stage;
  const leave = (): void => {
    gone(server, room, member);
    stage.finish();
  };
  const member: Member = {
    ...{ id: idFor(channel), channel, order, relations: new Map(), sounds: [], leave },
    isModerator: flags.has('moderator'),
    endsRoom: flags.has('endconf'),
    canHear: !flags.has('deaf'),
    canSpeak: !flags.has('mute'),
  };
  room.members.push(member);
  stage.occupy({
    get doing() {
      return conferring(room, member);
    },
    letsIn: true,
    advance: () => playOn({ server, room, member }),
    stop: () => gone(server, room, member),
  });
  channel.variables.set('conference_name', room.name);
  channel.variables.set('conference_member_id', String(member.id));
  channel.variables.set('conference_uuid', room.id);
  tellRoom(server, room, { action: 'add-member', member });
}
