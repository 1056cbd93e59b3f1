import { type Chance, chanceOf, seed } from './race-chance.js';
import type { Verdict } from './race-contest.js';

/** One kind of race, so many times, each on a place of its own: a lane, a room. */
export interface Turns<Place> {
  readonly name: string;
  readonly race: (place: Place, chance: Chance) => Promise<Verdict>;
  readonly count: number;
}

/** The same where each race needs all places at once. */
export interface TurnsTogether<Place> {
  readonly name: string;
  readonly race: (places: readonly Place[], chance: Chance, turn: number) => Promise<readonly Verdict[]>;
  readonly count: number;
}

/** After so many faulty races the others are not run: each waits long for what does not come. */
const enough = 5;

/** Each place takes the next turn as soon as it is free. */
export const raced = async <Place>(
  places: readonly Place[],
  { race, count, name }: Turns<Place>,
): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  let turn = 0;
  let faulty = 0;
  const drives = async (place: Place): Promise<void> => {
    while (turn < count && faulty < enough) {
      turn += 1;
      const own = turn;
      const verdict = await race(place, chanceOf(seed, own)).catch((error: unknown) => failed(`${name} ${own}`, error));
      verdicts.push(verdict);
      if (verdict.faults.length > 0) faulty += 1;
    }
  };
  await Promise.all(places.map(drives));
  return verdicts;
};

/** One turn after the other. */
export const racedTogether = async <Place>(
  places: readonly Place[],
  { race, count, name }: TurnsTogether<Place>,
): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const chance = chanceOf(seed, turn);
    verdicts.push(...(await race(places, chance, turn).catch((error: unknown) => [failed(`${name} ${turn}`, error)])));
    if (verdicts.filter(({ faults }) => faults.length > 0).length >= enough) break;
  }
  return verdicts;
};

/** A race that did not come to its end is a fault, not the end of the others. */
const failed = (which: string, error: unknown): Verdict => ({
  outcome: 'refused',
  refusals: [],
  faults: [{ kind: 'errors', text: `${which}: ${error instanceof Error ? error.message : String(error)}` }],
});
