import { type Floor, openFloor } from './race-group-floor.js';
import { officeOfGroups } from './race-group-office.js';
import { type PairBench, pairBench } from './race-pair-bench.js';

/** Who ends a bench when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** How a bench is set up. */
export interface GroupBenchOptions {
  /** How many races run side by side. */
  readonly floors: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Two instances with a company of many floors, whose phones are spread over both. */
export interface GroupBench extends PairBench {
  readonly floors: readonly Floor[];
}

/** Starts the instances and plugs the phones in; whoever is called outside the company has one phone for all numbers. */
export const groupBench = async (t: Stage, { floors: count, env = {} }: GroupBenchOptions): Promise<GroupBench> => {
  const bench = await pairBench(t, {
    office: async (plugIn) => {
      const { host, port } = (await plugIn('outside')).address;
      return officeOfGroups(count, `sip:${host}:${port}`);
    },
    env,
  });
  const floors: Floor[] = [];
  for (let index = 0; index < count; index += 1) floors.push(await openFloor(bench, index));
  return { ...bench, floors };
};
