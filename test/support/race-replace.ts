import { program } from './program.js';
import type { Chance } from './race-chance.js';
import { atMoments, type Fault, giveUp, type Pickup, settles, type Verdict } from './race-contest.js';
import type { Rung } from './race-group-switchboard.js';
import { type PairBench, pairBench } from './race-pair-bench.js';
import { type Desks, officeOfDesks, openDesks, pin } from './race-replace-desks.js';
import { calls, isRight, type Ringing } from './race-replace-right.js';
import type { ZeroTable } from './race-table.js';

/** Who ends a bench when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** Two instances with a company of desks. */
export interface ReplaceBench extends PairBench {
  readonly desks: readonly Desks[];
}

/** Starts the instances and plugs the phones of so many pairs of desks in. */
export const replaceBench = async (
  t: Stage,
  { desks: count, env = {} }: { desks: number; env?: Readonly<Record<string, string>> },
): Promise<ReplaceBench> => {
  const bench = await pairBench(t, { office: () => officeOfDesks(count), env });
  const desks: Desks[] = [];
  for (let pair = 0; pair < count; pair += 1) desks.push(await openDesks(bench, pair));
  return { ...bench, desks };
};

/** Milliseconds within which everything of a race happens. */
const spread = 120;

/** Everything of one race that is decided beforehand, so that its seed repeats it. */
const planOf = (chance: Chance) => ({
  called: chance.one([0, 1] as const),
  changes: Array.from({ length: Math.floor(chance.between(1, 4)) }, () => ({
    by: chance.one([0, 1] as const),
    way: chance.one(['change', 'change', 'back'] as const),
  })),
  answers: chance.happens(0.5),
  actsAfter: chance.between(0, spread),
  picks: chance.one(['number', 'group', 'no'] as const),
  abandons: chance.happens(0.15),
});

type Plan = ReturnType<typeof planOf>;

/** One phone dials the code; what it heard. 403 is for whom another was quicker. */
const changes = async ({ phones, numbers }: Desks, { by, way }: Plan['changes'][number]): Promise<Fault[]> => {
  const dialled = way === 'back' ? '*77' : `*77${numbers[by === 0 ? 1 : 0]}*${pin}`;
  const { status, startLine } = await phones[by].calls(dialled).ends(giveUp);
  return [603, 403].includes(status) ? [] : [{ kind: 'errors', text: `${way} by ${phones[by].number}: ${startLine}` }];
};

/** A race that is on. */
interface Staged {
  readonly desks: Desks;
  readonly plan: Plan;
  readonly ringing: Ringing;
  readonly pickups: Pickup[];
}

/** The call comes, and everybody acts as planned. */
const comes = async (bench: PairBench, desks: Desks, plan: Plan): Promise<Staged> => {
  const { caller, colleague, numbers } = desks;
  const target = numbers[plan.called];
  const ringing = calls(bench, (headers) => caller.calls(target, { headers }));
  const { call, rungs } = ringing;
  const pickups: Pickup[] = [];
  if (plan.abandons) setTimeout(() => void call.cancels(), plan.actsAfter);
  await Promise.race([call.rings(giveUp), call.ends(giveUp)]);
  if (plan.answers) setTimeout(() => answer(rungs), plan.actsAfter);
  if (plan.picks !== 'no') {
    const dialled = plan.picks === 'group' ? '*95' : `*95${target}`;
    pickups.push({ picker: colleague, call: colleague.calls(dialled) });
  }
  return { desks, plan, ringing, pickups };
};

const answer = (rungs: readonly Rung[]): void => {
  for (const { leg } of rungs) if (leg.isPending) void leg.answers();
};

/** Nobody has the call, and nobody will: then it is answered where it rings. */
const ends = async ({ plan, ringing, pickups }: Staged): Promise<void> => {
  const picked = await Promise.all(pickups.map(({ call }) => call.ends(giveUp)));
  if (plan.abandons || plan.answers || picked.some(({ status }) => status < 300)) return;
  answer(ringing.rungs);
};

/** A call comes, and is answered, picked up or given up, while people change phones; whoever rings, one has the call. */
const changing = async (bench: PairBench, desks: Desks, chance: Chance): Promise<Verdict> => {
  const plan = planOf(chance);
  const dialled: Promise<Fault[]>[] = [];
  const made: Promise<Staged>[] = [];
  await atMoments(chance, spread, [
    () => made.push(comes(bench, desks, plan)),
    ...plan.changes.map((each) => () => dialled.push(changes(desks, each))),
  ]);
  const [staged] = await Promise.all(made);
  if (!staged) throw new Error('nobody called');
  await ends(staged);
  const { ringing, pickups } = staged;
  const legs = ringing.rungs.map(({ leg }) => leg);
  const verdict = await settles({ call: ringing.call, legs, pickups }, chance);
  const faults = (await Promise.all(dialled)).flat();
  return { ...verdict, faults: [...verdict.faults, ...faults, ...lost(verdict, ringing, plan)] };
};

/** A call that was not given up rings at one phone, and is somebody's. */
const lost = ({ outcome }: Verdict, { call, rungs }: Ringing, { abandons }: Plan): Fault[] => {
  if (abandons)
    return rungs.length < 2 ? [] : [{ kind: 'winners', text: `${rungs.length} phones rang for ${call.callId}` }];
  const isRight = rungs.length === 1 && (outcome === 'answered' || outcome === 'picked');
  return isRight
    ? []
    : [{ kind: 'winners', text: `${outcome} at ${rungs.map(({ number }) => number)}: ${call.callId}` }];
};

/** Calls and pickups while two people change phones, back and forth; and who is who when they have. */
export const runReplacePhones = async (bench: ReplaceBench, name: string, count: number): Promise<ZeroTable> => {
  const [one, other] = bench.services;
  const grant = { role: 'MANAGER', tenant: 'acme' };
  const programs = [await program(one, grant), await program(other, grant)];
  const race = async (desks: Desks, chance: Chance): Promise<Verdict> => {
    const verdict = await changing(bench, desks, chance);
    return { ...verdict, faults: [...verdict.faults, ...(await isRight(bench, programs, desks))] };
  };
  return bench.runs({ name, places: bench.desks, race, count });
};
