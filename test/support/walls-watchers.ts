import type { Watcher } from './phone.js';
import type { Chance } from './race-chance.js';
import { storeAway, type Tally, type Turn } from './walls-calls.js';
import { otherOf, patient, people, talkers } from './walls-sides.js';
import { anyPhone } from './walls-team.js';

/** Whom a lamp may be for: among them are those who talk, and whose phone rings, all the time. */
const anybody = [...people, patient, patient, ...talkers] as const;

const number = (chance: Chance): string => chance.one(anybody as unknown as [string, ...string[]]);

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How long anything may take before it counts as not happening, in milliseconds. */
const giveUp = 30_000;

/** Looks for a while, perhaps refreshes, and unsubscribes, unless the right to look was taken away before. */
const looks = async (watcher: Watcher, { chance, tally }: Pick<Turn, 'chance' | 'tally'>): Promise<void> => {
  await pause(chance.between(20, 500));
  if (chance.happens(0.3) && watcher.state === 'confirmed') await watcher.refreshes({ expires: 600 });
  if (watcher.state === 'confirmed') await watcher.unsubscribes();
  await watcher.isOver(giveUp);
  if (watcher.subscription.reason === 'rejected') tally.counts('the right to watch was taken away');
};

const judged = async (watcher: Watcher, turn: Turn): Promise<number> => {
  const { team, tally } = turn;
  const { status } = await watcher.isAnswered(giveUp);
  if (status < 300) await looks(watcher, turn);
  for (const fault of watcher.faults) tally.fault(`${team.side.tenant}: a watcher: ${fault}`);
  return status;
};

const watching = (tally: Tally) => ({ isForgetful: true, onDocument: () => tally.counts('document shown') });

/** A phone watches a colleague; the judge reads every NOTIFY. Whom it may watch, the documents of the moment say. */
export const watches = async (turn: Turn): Promise<void> => {
  const { team, chance, tally } = turn;
  const status = await judged(anyPhone(team, chance).watches(number(chance), watching(tally)), turn);
  tally.counts(`watch ${status}`);
  if (![200, 403, storeAway].includes(status)) tally.fault(`${team.side.tenant}: SUBSCRIBE got ${status}`);
};

/**
 * A phone would watch somebody of the other company: with its own password at their door, or behind the edge, which says
 * whose it is: then who it is counts, and it is shown its own colleague of that number or nobody.
 */
export const watchesTheirs = async (turn: Turn): Promise<void> => {
  const { team, chance, tally } = turn;
  const { side, prober, edge } = team;
  const target = `sip:${number(chance)}@${otherOf(side).domain}`;
  if (chance.happens(0.6)) {
    const { status } = await prober.watches(target, watching(tally)).isAnswered(giveUp);
    tally.counts(`their lamp ${status}`);
    if (status < 400) tally.fault(`${side.tenant}: may watch ${target}: ${status}`);
    return;
  }
  const headers = { 'X-Callpickup-Identity': `${side.tenant}/${number(chance)}` };
  const status = await judged(edge.watches(target, { ...watching(tally), headers }), turn);
  tally.counts(`by edge, their lamp ${status}`);
  if (status >= 500 && status !== storeAway) tally.fault(`${side.tenant}: SUBSCRIBE by the edge got ${status}`);
};
