import type { Call, Leg } from './phone.js';
import { type Fault, giveUp, type Pickup, settles } from './race-contest.js';
import type { Race } from './race-kinds.js';

/** Says 180 often enough that one arrives: nobody repeats one that got lost. */
const ringsLong = async (leg: Leg): Promise<void> => {
  for (let time = 0; time < 6; time += 1) {
    leg.rings();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Holds the other, and takes it back; each must be answered 200, however often it is said. */
const holdsAndResumes = async (who: string, side: Call | Leg): Promise<Fault[]> => {
  const faults: Fault[] = [];
  for (const change of ['holds', 'resumes'] as const) {
    try {
      const { status } = await side[change]();
      if (status !== 200) faults.push({ kind: 'errors', text: `${who} ${change}: ${status}` });
    } catch (error) {
      faults.push({ kind: 'errors', text: String(error) });
    }
  }
  return faults;
};

/** A call over lines that lose messages: it is answered, or picked up by a colleague, and one of the two hangs up. */
const talkOver =
  (change: (who: string, side: Call | Leg) => Promise<Fault[]>): Race =>
  async (lane, chance) => {
    lane.clear();
    const call = lane.caller.calls(lane.number);
    const leg = await lane.offered.next(() => `${lane.number} was not called`, giveUp);
    await ringsLong(leg);
    const [picker] = lane.pickers;
    const pickups: Pickup[] = chance.happens(0.5) ? [{ picker, call: picker.calls(`*95${lane.number}`) }] : [];
    const other = pickups[0]?.call ?? leg;
    if (pickups.length === 0) void leg.answers();
    const finals = await Promise.all([call, ...pickups.map((pickup) => pickup.call)].map((each) => each.ends(giveUp)));
    const isMade = finals.every(({ status }) => status < 300);
    const faults: Fault[] = isMade
      ? await (chance.happens(0.5) ? change('the caller', call) : change('the other', other))
      : [{ kind: 'errors', text: `not made: ${finals.map(({ status }) => status)}` }];
    const verdict = await settles({ call, legs: [leg], pickups }, chance);
    return { ...verdict, faults: [...faults, ...verdict.faults] };
  };

/** With one of the two putting the other on hold meanwhile, and taking it back. */
export const talkOverBadLines: Race = talkOver(holdsAndResumes);

/**
 * Without: drachtio-server never says its 200 to a re-INVITE a second time, and a phone that missed it waits for ever
 * (docs/differences.md, reinvite-200-is-repeated).
 */
export const plainTalkOverBadLines: Race = talkOver(async () => []);
