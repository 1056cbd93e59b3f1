import type { RaceBench } from './race.js';
import { atMoments, giveUp, type Pickup, ringing, settles } from './race-contest.js';
import type { Race } from './race-kinds.js';
import { withEars } from './race-media-pickups.js';
import type { ZeroTable } from './race-table.js';

/** Milliseconds in which everything happens; a key takes some eighty until it has come through the media server. */
const spread = 160;

/**
 * Somebody looks at a call and presses the key that takes it, while the callee answers, a colleague dials, and the caller
 * gives up; each of these three in two of three races.
 */
const lookedAt: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const [looker, picker] = lane.pickers;
  const look = looker.calls(`*94${lane.number}`);
  const pickups: Pickup[] = [{ picker: looker, call: look }];
  await look.rings(giveUp);
  const others = [
    () => rung.legs[0]?.isPending && rung.legs[0].answers(),
    () => pickups.push({ picker, call: picker.calls(`*95${lane.number}`) }),
    () => void rung.call.cancels(),
  ].filter(() => chance.happens(2 / 3));
  await atMoments(chance, spread, [() => void look.presses('1', { milliseconds: 40 }), ...others]);
  return settles({ ...rung, pickups }, chance);
};

/** Races for calls that somebody looks at first: exactly one has the call, and is heard; or the caller is gone. */
export const runPreviewed = (bench: RaceBench, name: string, count: number): Promise<ZeroTable> =>
  withEars(bench, () => bench.runs({ name, race: lookedAt, count }));
