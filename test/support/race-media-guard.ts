import type { Fault } from './race-contest.js';
import type { MediaRoom } from './race-media-room.js';
import type { Name } from './race-media-walk.js';
import type { PrivacyWatch } from './who-hears-whom.js';

/** From this share on, in any tenth of a second, a voice was heard. */
const heard = 0.1;

/** Sees to it that some never hear the supervisor. */
export interface Guard {
  /** From now on these must not hear a word, others may. Who must not already is watched on without a gap. */
  keeps(deaf: readonly Name[]): void;
  /** What was heard all the same, so far; a watch that still goes on is not judged yet. */
  readonly faults: readonly Fault[];
}

/** Watches ears of a room all the time; `story` tells what was done so far. */
export const guarding = (room: MediaRoom, story: () => string): Guard => {
  const watches = new Map<Name, PrivacyWatch>();
  const faults: Fault[] = [];
  const judge = (ear: Name, watch: PrivacyWatch): void => {
    watches.delete(ear);
    const most = watch.stop();
    if (most < heard) return;
    faults.push({ kind: 'privacy', text: `${ear} heard S with ${Math.round(most * 100)} %: ${story()}` });
  };
  return {
    faults,
    keeps: (deaf) => {
      for (const [ear, watch] of [...watches]) if (!deaf.includes(ear)) judge(ear, watch);
      for (const ear of deaf) if (!watches.has(ear)) watches.set(ear, room.ears.watch(ear, 'S'));
    },
  };
};
