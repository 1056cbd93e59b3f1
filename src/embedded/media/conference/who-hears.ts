import type { Doing, Ear, Voice } from '../hearing/ear.js';
import type { Member, Room } from './room.js';

/** A member that does something else inside the conference does not talk in it meanwhile. */
const isTalking = ({ channel, order }: Member): boolean => channel.runs.at(-1)?.order === order;

function hears(member: Member, other: Member): boolean {
  if (other === member || !other.canSpeak || !isTalking(other)) return false;
  return member.relations.get(other.id)?.hears !== false && other.relations.get(member.id)?.speaks !== false;
}

/** What a member of a conference hears: who talks and whom it may hear, and what is played to all or to it alone. */
export function conferring(room: Room, member: Member): Extract<Doing, { kind: 'conferring' }> {
  if (!member.canHear) return { kind: 'conferring', others: [], sounds: [] };
  const others: Ear[] = [];
  for (const other of room.members) if (hears(member, other)) others.push(other.channel);
  const sounds: Voice[] = [];
  for (const sound of [room.sounds[0], member.sounds[0]]) if (sound) sounds.push(sound.tune);
  return { kind: 'conferring', others, sounds };
}
