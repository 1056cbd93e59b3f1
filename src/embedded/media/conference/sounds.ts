import { frameMs, frameSamples } from '../audio/frame.js';
import { openSource } from '../audio/source.js';
import { makeTune } from '../hearing/tune.js';
import type { MediaServer } from '../server.js';
import type { Member, Room, Sound } from './room.js';
import { tellRoom } from './tell.js';

/** How many sounds may wait for their turn. */
const mostSounds = 50;

/** Whom a sound is played to. */
export interface Hall {
  readonly server: MediaServer;
  readonly room: Room;
  /** That member alone; all, if there is none. */
  readonly member?: Member;
}

const soundsOf = ({ room, member }: Hall): Sound[] => (member ?? room).sounds;
const action = ({ member }: Hall): string => (member ? 'play-file-member' : 'play-file');

function begins(hall: Hall): void {
  const [first] = soundsOf(hall);
  if (first) tellRoom(hall.server, hall.room, { ...hall, action: action(hall), more: { File: first.file } });
}

function ended(hall: Hall, { file, tune }: Sound): void {
  const milliseconds = tune.played * frameMs;
  const more = {
    seconds: String(Math.floor(milliseconds / 1000)),
    milliseconds: String(milliseconds),
    samples: String(tune.played * frameSamples),
    File: file,
  };
  tellRoom(hall.server, hall.room, { ...hall, action: `${action(hall)}-done`, more });
}

/** Plays a file after those that are played already; false if there is no such file. */
export async function playIn(hall: Hall, file: string): Promise<boolean> {
  const source = await openSource(file);
  const sounds = soundsOf(hall);
  const isThere = hall.member ? hall.room.members.includes(hall.member) : hall.room.members.length > 0;
  if (!source || !isThere || sounds.length >= mostSounds) return false;
  sounds.push({ file, tune: makeTune(source) });
  if (sounds.length === 1) begins(hall);
  return true;
}

/** Stops what is played, or all that was to be played; how many that were. */
export function stopIn(hall: Hall, which: 'current' | 'all'): number {
  const sounds = soundsOf(hall);
  const stopped = sounds.splice(0, which === 'all' ? sounds.length : 1);
  const [playing] = stopped;
  if (playing) ended(hall, playing);
  begins(hall);
  return stopped.length;
}

/** Goes on by one frame. */
export function playOn(hall: Hall): void {
  const sounds = soundsOf(hall);
  const [playing] = sounds;
  if (!playing || playing.tune.next()) return;
  sounds.shift();
  ended(hall, playing);
  begins(hall);
}
