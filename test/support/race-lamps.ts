import type { Call, Leg, Phone, ShownDialog, ShownDocument, Watcher } from './phone.js';
import type { Contest, Fault } from './race-contest.js';
import { comesTrue } from './race-contest.js';
import type { Lane } from './race-lane.js';

/** Lamps that are watched together. */
export interface LampsOf {
  readonly all: readonly Lamp[];
}

/** The lamps of one lane: who watches the callee, and who watches whom else. */
export interface Lamps extends LampsOf {
  /** The lamps of the two pickers for the callee. */
  readonly callee: readonly [Watcher, Watcher];
}

/** One lamp: the watcher, and whose number it watches. */
export interface Lamp {
  readonly watcher: Watcher;
  readonly number: string;
}

/** A phone begins to watch a number. */
export const lamp = (phone: Phone, number: string): Lamp => ({
  watcher: phone.watches(number, { isForgetful: true }),
  number,
});

/** Resolves when all of them are lit. */
export const litLamps = async (all: readonly Lamp[]): Promise<LampsOf> => {
  for (const { watcher } of all) await watcher.accepted();
  return { all };
};

const lit = async (callee: readonly [Lamp, Lamp], others: readonly Lamp[]): Promise<Lamps> => {
  const { all } = await litLamps([...callee, ...others]);
  return { callee: [callee[0].watcher, callee[1].watcher], all };
};

/** On each lane both pickers watch the callee and each other, and the caller itself: five lamps. */
export const fewLamps = async (lanes: readonly Lane[]): Promise<Map<Lane, Lamps>> => {
  const lamps = lanes.map(async (lane): Promise<[Lane, Lamps]> => {
    const [first, second] = lane.pickers;
    const callee = [lamp(first, lane.number), lamp(second, lane.number)] as const;
    const others = [lamp(first, second.number), lamp(second, first.number), lamp(lane.caller, lane.caller.number)];
    return [lane, await lit(callee, others)];
  });
  return new Map(await Promise.all(lamps));
};

/** Each callee is watched by the pickers of five lanes, its own first: ten lamps a lane, two hundred on twenty. */
export const manyLamps = async (lanes: readonly Lane[]): Promise<Map<Lane, Lamps>> => {
  const lamps = lanes.map(async (lane, index): Promise<[Lane, Lamps]> => {
    const [first, second] = lane.pickers;
    const callee = [lamp(first, lane.number), lamp(second, lane.number)] as const;
    const neighbours = [1, 2, 3, 4].flatMap((step) => lanes[(index + step) % lanes.length]?.pickers ?? []);
    const others = neighbours.map((phone) => lamp(phone, lane.number));
    return [lane, await lit(callee, others)];
  });
  return new Map(await Promise.all(lamps));
};

/** The lamps go out: every subscription ends as it should. What they were sent and should not have been, as faults. */
export const closeLamps = async ({ all }: LampsOf): Promise<Fault[]> => {
  const ends = all.map(async ({ watcher }) => {
    await watcher.unsubscribes();
    await watcher.isOver();
  });
  const left = await Promise.allSettled(ends);
  const texts = left.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
  return [...texts, ...all.flatMap(({ watcher }) => watcher.faults)].map((text) => ({ kind: 'watchers', text }));
};

/** The dialogs of a document that are not over. */
export const openDialogs = (document: ShownDocument | undefined): readonly ShownDialog[] =>
  (document?.dialogs ?? []).filter(({ state }) => state !== 'terminated');

/** The ids of a dialog as its phone has them. */
type Ids = Pick<Leg, 'callId' | 'localTag' | 'remoteTag'>;

const told = ({ callId, localTag, remoteTag }: ShownDialog | Ids, state: string): string =>
  `${state} ${callId} ${localTag} ${remoteTag}`;

/** What a lamp shows: its open dialogs in words, in an order of their own. */
export const shown = ({ watcher }: Lamp): string =>
  openDialogs(watcher.last)
    .map((dialog) => told(dialog, dialog.state))
    .sort()
    .join(', ');

/** Those of these calls that talk, in words. */
export const confirmedOf = (calls: readonly (Call | Leg)[]): string =>
  calls
    .filter(({ state }) => state === 'confirmed')
    .map((leg) => told(leg, 'confirmed'))
    .sort()
    .join(', ');

/** What the phones of a number know themselves: their calls that talk. */
export const known =
  (contest: Contest, lane: Lane) =>
  ({ number }: Lamp): string => {
    const picks = contest.pickups.filter(({ picker }) => picker.number === number).map(({ call }) => call);
    return confirmedOf(number === lane.number ? contest.legs : number === lane.caller.number ? [contest.call] : picks);
  };

/** Every lamp comes to show what the phones know; else why not. */
export const comeRight = async (
  { all }: LampsOf,
  { known, when }: { known: (lamp: Lamp) => string; when: string },
): Promise<Fault[]> => {
  const isRight = (lamp: Lamp) => shown(lamp) === known(lamp);
  await comesTrue(() => all.every(isRight));
  return all
    .filter((lamp) => !isRight(lamp))
    .map((lamp) => ({ kind: 'watchers', text: wrong(lamp, known(lamp), when) }));
};

const wrong = (lamp: Lamp, right: string, when: string): string => {
  const { watcher, number } = lamp;
  return `${when}, ${number} is shown as [${shown(lamp)}] and is [${right}]; version ${watcher.last?.version}, ${watcher.subscription.state}`;
};
