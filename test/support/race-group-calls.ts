import { audioIn } from './phone-sdp.js';
import { type Program, program } from './program.js';
import type { Chance } from './race-chance.js';
import { comesTrue, type Fault, giveUp, type Pickup, settles, type Verdict } from './race-contest.js';
import type { GroupBench } from './race-group-bench.js';
import { abandons, callsGroup, type GroupCall, heedsPrograms, ringingOf } from './race-group-call.js';
import { endsCall } from './race-group-ending.js';
import type { Floor } from './race-group-floor.js';
import { phoneOf, picksUp } from './race-group-hands.js';
import { judgeGroupCall } from './race-group-judge.js';
import { groupLamps, knownOf } from './race-group-lamps.js';
import { groupNumber } from './race-group-office.js';
import { ordersGroup } from './race-group-order.js';
import { type Plan, type PlannedPickup, planOf } from './race-group-plan.js';
import { closeLamps, comeRight, type LampsOf } from './race-lamps.js';
import type { ZeroTable } from './race-table.js';

/** A race that is on. */
interface Staged {
  readonly floor: Floor;
  readonly program: Program;
  readonly plan: Plan;
  /** The calls so far. */
  readonly calls: GroupCall[];
  readonly pickups: Pickup[];
  readonly faults: Fault[];
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A planned call is made, and perhaps given up. */
const makes = ({ floor, plan: { calls: all, manners }, calls }: Staged, who: 0 | 1): Promise<unknown> => {
  const planned = all[who];
  if (!planned) return Promise.resolve();
  const own = callsGroup(floor, { planned, who, manners });
  calls.push(own);
  const givesUp = async (after: number) => {
    await own.begun();
    await pause(after);
    abandons(own);
  };
  return planned.abandons === undefined ? own.begun() : givesUp(planned.abandons);
};

/** Somebody picks up: a call that rings now, or the first. */
const tries = async (staged: Staged, { hand, way }: PlannedPickup): Promise<void> => {
  const { floor, calls, pickups, faults, program } = staged;
  const own = calls.find((each) => ringingOf(each).length > 0) ?? calls[0];
  if (!own) return;
  const picker = phoneOf(floor, hand);
  if (way !== 'program' && way !== 'program-group') {
    pickups.push(picksUp(floor, own, { hand, picker, way }));
    return;
  }
  const group = groupNumber(floor.index, own.planned.group);
  const order = {
    program,
    group,
    sendTo: picker.number,
    byCall: way === 'program',
    mayBeForbidden: hand === 'colleague',
  };
  faults.push(...(await ordersGroup(calls, order)));
};

/** Everything that was planned, until all of it has happened and every call has its final response. */
const happens = async (staged: Staged): Promise<void> => {
  const { floor, plan, calls, pickups, faults } = staged;
  heedsPrograms(floor, calls);
  const first = makes(staged, 0);
  const begun = calls[0]?.begun();
  const after = async (milliseconds: number, act: () => Promise<unknown>) => {
    await begun;
    await pause(milliseconds);
    await act();
  };
  const second = plan.calls[1];
  await Promise.all([
    first,
    second && after(second.begins, () => makes(staged, 1)),
    ...plan.pickups.map((planned) => after(planned.at, () => tries(staged, planned))),
  ]);
  for (const own of calls) {
    // Who presses a key has the very call that is meant.
    const ending = await endsCall(floor, own, calls.length > 1 ? 'key' : 'group');
    pickups.push(...ending.pickups);
    faults.push(...ending.faults);
  }
};

/**
 * Each pickup belongs to the call whose caller was given the picker's description. Who was answered when the caller had just
 * gone has that caller's; what came to nothing is the first's.
 */
const assigns = async ({ calls, pickups }: Staged): Promise<void> => {
  const port = (sdp: string | undefined) => audioIn(sdp ?? '')?.port;
  // The picker is answered before the caller.
  await Promise.all(calls.map(({ call }) => call.ends(giveUp)));
  for (const pickup of pickups) {
    const { status } = await pickup.call.ends(giveUp);
    const isJoined = ({ call }: GroupCall) => call.remoteSdp && port(call.remoteSdp) === port(pickup.call.localSdp);
    const isGone = ({ isAbandoned }: GroupCall) => status < 300 && isAbandoned;
    (calls.find(isJoined) ?? calls.find(isGone) ?? calls[0])?.pickups.push(pickup);
  }
};

/** The calls are over one way or another: who talks, does so for a while, and everybody hangs up. */
const concludes = async (staged: Staged, lamps: LampsOf, chance: Chance): Promise<Verdict> => {
  const { floor, plan, calls, faults } = staged;
  const known = knownOf(calls, floor);
  const agreed = async () => {
    const seen = await comeRight(lamps, { known, when: 'in the call' });
    await pause(plan.talks);
    return seen;
  };
  const verdicts = await Promise.all(calls.map((own) => settles(own, chance, agreed)));
  const after = await comeRight(lamps, { known, when: 'after the call' });
  const { stranger, controllers } = floor.numbers;
  const judging = { stranger, controllers, isAlone: calls.length === 1 };
  const judged = await Promise.all(calls.map((own) => judgeGroupCall(own, judging)));
  return {
    outcome: verdicts[0]?.outcome ?? 'refused',
    refusals: verdicts.flatMap(({ refusals }) => refusals),
    faults: [...faults, ...verdicts.flatMap((verdict) => verdict.faults), ...judged.flat(), ...after],
  };
};

/** Who hears 503 because the store was slow hears the truth. */
const isRefusal = ({ kind, text }: Fault): boolean => kind === 'errors' && /\b503\b/.test(text);

/** What is done on a floor while its groups are called; resolves with what went wrong then. */
export type Meanwhile = (floor: Floor, chance: Chance) => Promise<readonly Fault[]>;

/** So many races for calls to groups. */
export interface GroupCallsRun {
  readonly name: string;
  readonly count: number;
  readonly meanwhile?: Meanwhile;
}

/**
 * One or two calls to groups that hunt through members who are silent, busy, decline or answer, while colleagues pick up
 * at any moment, best when the hunt goes on from one member to the next, and callers give up.
 */
export const runGroupCalls = async (bench: GroupBench, run: GroupCallsRun): Promise<ZeroTable> => {
  const { floors, services } = bench;
  const asker = await program(services[1], { role: 'MANAGER', tenant: 'acme' });
  const lampsOf = await groupLamps(floors);
  const race = async (floor: Floor, chance: Chance): Promise<Verdict> => {
    const plan = planOf(chance);
    const storeIsSlow = bench.storeIsSlow();
    const staged: Staged = { floor, program: asker, plan, calls: [], pickups: [], faults: [] };
    const [more = []] = await Promise.all([run.meanwhile?.(floor, chance), happens(staged)]);
    await assigns(staged);
    const verdict = await concludes(staged, lampsOf.get(floor) ?? { all: [] }, chance);
    const faults = [...verdict.faults, ...more];
    // What a service says may be read later than what its phones hear.
    const isSlow = faults.some(isRefusal) && (await comesTrue(storeIsSlow, 1_000));
    return { ...verdict, faults: isSlow ? faults.filter((fault) => !isRefusal(fault)) : faults };
  };
  const last = async () => (await Promise.all([...lampsOf.values()].map(closeLamps))).flat();
  return bench.runs({ name: run.name, places: floors, race, count: run.count, last });
};
