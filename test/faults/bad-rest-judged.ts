import type { Redis } from 'ioredis';
import { faultsOf, type Throw } from './bad-rest-spoil-run.js';
import type { Programs } from './bad-rest-stage.js';
import { stateOf } from './bad-rest-watch.js';

/** What became of many requests. */
export interface Judged {
  /** How many there were. */
  readonly count: number;
  /** Statuses and how often each came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Every wrong answer, in words. */
  readonly wrong: readonly string[];
}

/** Sends them one after another; what is refused, and what only reads, must leave everything as it was. */
export const judge = async (
  throws: readonly Throw[],
  { programs, redis }: { programs: Pick<Programs, 'ask'>; redis: Redis },
): Promise<Judged> => {
  const statuses: Record<string, number> = {};
  const wrong: string[] = [];
  let before = await stateOf(redis);
  for (const each of throws) {
    const got = await programs.ask(each.sent);
    const now = await stateOf(redis);
    statuses[got.status] = (statuses[got.status] ?? 0) + 1;
    const mayChange = got.status < 400 && each.sent.method !== 'GET';
    const faults = [...faultsOf(each, got), ...(now === before || mayChange ? [] : ['has changed something'])];
    before = now;
    if (faults.length === 0) continue;
    const shown = JSON.stringify(each.shown.slice(0, 60));
    wrong.push(`${each.sent.method} ${each.what} ${shown}: ${faults.join('; ')} | ${got.text.slice(0, 160)}`);
  }
  return { count: throws.length, statuses, wrong };
};
