import type { Leg, ShownDialog, ShownDocument } from './phone.js';
import type { RaceBench } from './race.js';
import type { Chance } from './race-chance.js';
import { atMoments, type Contest, comesTrue, type Fault, giveUp, type Pickup, settles } from './race-contest.js';
import type { Race } from './race-kinds.js';
import { closeLamps, comeRight, fewLamps, known, type Lamps, openDialogs } from './race-lamps.js';
import type { Lane } from './race-lane.js';
import type { ZeroTable } from './race-table.js';

type Plan = ReturnType<typeof planOf>;

/** A call whose dialogs are watched. */
interface Watched {
  readonly lane: Lane;
  readonly lamps: Lamps;
  readonly contest: Contest;
  /** The contest's, while more may come. */
  readonly pickups: Pickup[];
}

/** Milliseconds within which one phone after the other begins to ring, and within which everybody acts. */
const [ringsWithin, actsWithin] = [30, 80];

/** What a race is to be, decided beforehand so that its seed repeats it. */
const planOf = (chance: Chance) => ({
  ringsAfter: chance.between(0, ringsWithin),
  // Half of the races wait until all lamps blink; in the others everything happens at any moment.
  isPatient: chance.happens(0.5),
  first: chance.one(['code', 'key', 'key', 'none']),
  second: chance.one(['code', 'key', 'none', 'none']),
  answers: chance.happens(0.3),
  declines: chance.happens(0.25),
  cancels: chance.happens(0.2),
  who: chance.one([0, 1, 2]),
});

/** A call comes to all phones of the callee; one after the other rings. */
const begins = (lane: Lane, lamps: Lamps, { ringsAfter }: Plan): Watched => {
  const [legs, pickups]: [Leg[], Pickup[]] = [[], []];
  lane.clear();
  lane.attends((leg) => {
    legs.push(leg);
    setTimeout(() => leg.isPending && leg.rings(), (ringsAfter * legs.length) / 3);
  });
  return { lane, lamps, pickups, contest: { call: lane.caller.calls(lane.number), legs, pickups } };
};

/** The lamp blinks for each phone that rings, with that phone's own ids. */
const allBlink = async ({ lamps, contest }: Watched): Promise<Fault[]> => {
  await contest.call.rings(giveUp);
  const isEarly = ({ state }: ShownDialog): boolean => state === 'early';
  // A lamp may show the call before for a moment: that one was over while the notice that it rings was on its way.
  const isOfThis = (dialog: ShownDialog): boolean => contest.legs.some((leg) => idsOf([leg]) === idsOf([dialog]));
  const blinks = ({ dialogs }: ShownDocument): boolean => {
    const early = dialogs.filter(isEarly);
    return early.length === 3 && early.every(isOfThis);
  };
  const seen = lamps.callee.map((watcher) => watcher.sees(blinks, giveUp));
  const documents = await Promise.all(seen).catch((error: unknown) => String(error));
  if (typeof documents === 'string') return [{ kind: 'watchers', text: documents }];
  // A phone may have been called a moment too late for a call that was given up: it is told so at once.
  const right = () => idsOf(contest.legs.filter(({ isPending }) => isPending));
  const blinking = documents.map(({ dialogs }) => idsOf(dialogs.filter(isEarly)));
  await comesTrue(() => blinking.every((ids) => ids === right()));
  return blinking
    .filter((ids) => ids !== right())
    .map((ids) => ({ kind: 'watchers', text: `the lamp blinks for [${ids}], what rings is [${right()}]` }));
};

const idsOf = (dialogs: readonly (ShownDialog | Leg)[]): string =>
  dialogs
    .map(({ callId, localTag, remoteTag }) => `${callId} ${localTag} ${remoteTag}`)
    .sort()
    .join(', ');

/** The way a key picks up: what the lamp was told goes into Replaces. Without a lamp that blinks it dials the code. */
const pressesKey = ({ lane, lamps, pickups }: Watched, which: 0 | 1): void => {
  const picker = lane.pickers[which];
  const dialog = openDialogs(lamps.callee[which].last).find(({ state, localTag }) => state === 'early' && localTag);
  const target = dialog?.remote.target ?? `*95${lane.number}`;
  const headers = dialog && {
    Replaces: `${dialog.callId};to-tag=${dialog.remoteTag};from-tag=${dialog.localTag};early-only`,
  };
  pickups.push({ picker, call: picker.calls(target, headers ? { headers } : {}) });
};

const dialsCode = ({ lane, pickups }: Watched, which: 0 | 1): void => {
  const picker = lane.pickers[which];
  pickups.push({ picker, call: picker.calls(`*95${lane.number}`) });
};

const actsOf = (watched: Watched, plan: Plan): (() => unknown)[] => {
  const { contest } = watched;
  const at = (which: number) => contest.legs[which % Math.max(1, contest.legs.length)];
  const picks = (how: string, which: 0 | 1) =>
    how === 'code' ? [() => dialsCode(watched, which)] : how === 'key' ? [() => pressesKey(watched, which)] : [];
  const pending = (which: number, act: (leg: Leg) => unknown) => () => {
    const leg = at(which);
    if (leg?.isPending) act(leg);
  };
  return [
    ...picks(plan.first, 0),
    ...picks(plan.second, 1),
    ...(plan.answers ? [pending(plan.who, (leg) => leg.answers())] : []),
    ...(plan.declines ? [pending(plan.who + 1, (leg) => leg.declines(486))] : []),
    ...(plan.cancels ? [() => void contest.call.cancels()] : []),
  ];
};

/** Nobody has the call and nobody will: the caller gives up. */
const givesUp = async ({ contest }: Watched): Promise<void> => {
  const picked = await Promise.all(contest.pickups.map(({ call }) => call.ends(giveUp)));
  const isTaken = picked.some(({ status }) => status < 300) || contest.legs.some(({ state }) => state === 'confirmed');
  if (!isTaken) void contest.call.cancels();
};

/**
 * A call rings at three phones, and within a moment colleagues press keys or dial, somebody answers or declines, the
 * caller gives up. Every lamp must show what the phones know while the call lasts, and nothing when it is over.
 */
const watchedCall =
  (lampsOf: ReadonlyMap<Lane, Lamps>): Race =>
  async (lane, chance) => {
    const lamps = lampsOf.get(lane);
    if (!lamps) throw new Error('the lane has no lamps');
    const plan = planOf(chance);
    const watched = begins(lane, lamps, plan);
    const { contest } = watched;
    const blinks = plan.isPatient ? await allBlink(watched) : [];
    await atMoments(chance, actsWithin, actsOf(watched, plan));
    await givesUp(watched);
    const right = known(contest, lane);
    const verdict = await settles(contest, chance, () => comeRight(lamps, { known: right, when: 'in the call' }));
    const after = await comeRight(lamps, { known: right, when: 'after the call' });
    return { ...verdict, faults: [...blinks, ...verdict.faults, ...after] };
  };

/** The same, after so many milliseconds at most in which the lane is quiet: nobody calls without end. */
const nowAndThen =
  (race: Race, most: number): Race =>
  async (lane, chance) => {
    const quiet = chance.between(0, most);
    await new Promise((resolve) => setTimeout(resolve, quiet));
    return race(lane, chance);
  };

/** What is run under the eyes of watchers. */
export interface WatchedRun {
  readonly name: string;
  readonly count: number;
  /** Whose phones watch whom; few if nobody says. */
  readonly lamps?: (lanes: readonly Lane[]) => Promise<Map<Lane, Lamps>>;
  /** How many milliseconds a lane may be quiet between two calls; none if nobody says. */
  readonly quiet?: number;
  /** Another race than {@link watchedCall}: then the lamps are judged only by what they are sent. */
  readonly race?: Race;
}

/** Calls at three phones each under the eyes of watchers (protocol.md D7-D29); then every watcher unsubscribes. */
export const runWatched = async (bench: RaceBench, run: WatchedRun): Promise<ZeroTable> => {
  const { lanes } = bench;
  const extra = run.race ? [] : lanes.flatMap(({ twin, third }) => [twin, third]);
  for (const phone of extra) await phone.registers();
  const lampsOf = await (run.lamps ?? fewLamps)(lanes);
  const race = run.race ?? watchedCall(lampsOf);
  const last = async (): Promise<Fault[]> => (await Promise.all([...lampsOf.values()].map(closeLamps))).flat();
  const table = await bench.runs({ ...run, race: nowAndThen(race, run.quiet ?? 0), last });
  for (const phone of extra) await phone.unregisters();
  const watchers = [...lampsOf.values()].flatMap(({ all }) => all.map(({ watcher }) => watcher));
  const notifies = watchers.reduce((sum, watcher) => sum + watcher.notifies, 0);
  const each = (notifies / run.count / (watchers.length / lanes.length)).toFixed(1);
  return { ...table, line: `${table.line} | ${watchers.length} watchers, ${each} NOTIFYs a call and watcher` };
};
