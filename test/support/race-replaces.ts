import { newPhone, type Phone } from './phone.js';
import type { RaceBench } from './race.js';
import type { Chance } from './race-chance.js';
import { type Contest, type Fault, giveUp, type Pickup, ringing, settles, type Verdict } from './race-contest.js';
import type { Race } from './race-kinds.js';
import { type Lane, strangers } from './race-lane.js';
import type { ZeroTable } from './race-table.js';

/** Why a key comes to nothing, and what its phone must hear. */
const dooms = { 'wrong-tag': 481, ended: 603, answered: 486, forbidden: 403, 'other-tenant': 481 } as const;

type Doom = keyof typeof dooms;

const allDooms = Object.keys(dooms) as [Doom, ...Doom[]];

/** Those who press keys and may not: a colleague in no group, and the same number of another company. */
interface Outsiders {
  readonly forbidden: Phone;
  readonly 'other-tenant': Phone;
}

/** Everything of one race that is decided beforehand, so that its seed repeats it. */
const planOf = (chance: Chance) => ({
  doom: chance.happens(0.2) ? chance.one(allDooms) : undefined,
  wrongTag: chance.one(['to-tag', 'from-tag', 'both'] as const),
  endsBy: chance.one(['cancel', 'decline'] as const),
  earlyOnly: chance.happens(0.5) ? ';early-only' : '',
  which: chance.one([0, 1] as const),
  dials: chance.one(['callee', 'caller', 'code', 'nobody'] as const),
});

type Plan = ReturnType<typeof planOf>;

/** A race that is on. */
interface Staged {
  readonly lane: Lane;
  readonly contest: Contest;
  /** The contest's, while more may come. */
  readonly pickups: Pickup[];
  readonly plan: Plan;
}

/** What a lamp tells of the phone that rings: our tag, and the phone's own. */
const keyOf = ({ contest: { legs } }: Staged, wrong?: Plan['wrongTag']): string => {
  const [leg] = legs;
  if (!leg) throw new Error('nothing rings');
  const [to, from] = [leg.request.fromTag, leg.localTag].map((tag, place) =>
    wrong === 'both' || wrong === (['to-tag', 'from-tag'] as const)[place] ? `${tag}x` : tag,
  );
  return `${leg.callId};to-tag=${to};from-tag=${from}`;
};

/** Whatever number a phone dials with its key (protocol.md R20). */
const numberOf = ({ lane, plan }: Staged): string => {
  const { number, caller } = lane;
  return { callee: number, caller: caller.number, code: `*95${number}`, nobody: 'nobody' }[plan.dials];
};

/** A key is pressed; the final response is what it came to. */
const presses = async (staged: Staged, picker: Phone, key: string): Promise<number> => {
  const headers = { Replaces: key, Require: 'replaces' };
  const call = picker.calls(numberOf(staged), { headers });
  staged.pickups.push({ picker, call });
  return (await call.ends(giveUp)).status;
};

/** The key's phone is too late. */
const comesTooLate = async ({ contest: { call, legs }, plan }: Staged): Promise<void> => {
  const [leg] = legs;
  if (plan.doom === 'answered') {
    await leg?.answers();
    await call.ends(giveUp);
  } else if (plan.endsBy === 'cancel') {
    await Promise.all([call.cancels(), leg?.stopsRinging(giveUp)]);
  } else {
    await Promise.all([call.ends(giveUp), leg?.declines(486)]);
  }
};

/** The doomed press. Where the phone rings on afterwards, it must do so untouched. */
const doomed = async (staged: Staged, doom: Doom, outsiders: Outsiders): Promise<Fault[]> => {
  const { lane, contest, plan } = staged;
  const isLate = doom === 'ended' || doom === 'answered';
  const key = keyOf(staged, doom === 'wrong-tag' ? plan.wrongTag : undefined);
  if (isLate) await comesTooLate(staged);
  const picker = doom === 'forbidden' || doom === 'other-tenant' ? outsiders[doom] : lane.pickers[plan.which];
  const status = await presses(staged, picker, key + (doom === 'answered' ? ';early-only' : plan.earlyOnly));
  const faults: Fault[] = [];
  if (status !== dooms[doom]) faults.push({ kind: 'errors', text: `${doom} heard ${status}, not ${dooms[doom]}` });
  if (!isLate && !contest.legs[0]?.isPending) faults.push({ kind: 'winners', text: `${doom} stopped the phone` });
  if (doom === 'answered' && contest.call.state !== 'confirmed')
    faults.push({ kind: 'talks', text: 'who talked was cut off' });
  return isLate ? faults : [...faults, ...(await picks(staged))];
};

/** The right key: the call is the picker's. */
const picks = async (staged: Staged): Promise<Fault[]> => {
  const { lane, plan, contest } = staged;
  const status = await presses(staged, lane.pickers[plan.which], keyOf(staged) + plan.earlyOnly);
  if (status === 200) return [];
  void contest.call.cancels();
  return [{ kind: 'winners', text: `a right key heard ${status}` }];
};

/** A key is pressed while its lamp blinks; one in five is doomed, and where it can the right one still has the call. */
const byKey =
  (outsiders: Outsiders): Race =>
  async (lane, chance): Promise<Verdict> => {
    const plan = planOf(chance);
    const rung = await ringing(lane);
    const pickups: Pickup[] = [];
    const contest: Contest = { ...rung, pickups };
    const staged: Staged = { lane, contest, pickups, plan };
    const faults = await (plan.doom ? doomed(staged, plan.doom, outsiders) : picks(staged));
    const verdict = await settles(contest, chance);
    return { ...verdict, faults: [...verdict.faults, ...faults] };
  };

/** So many calls that are picked up by INVITE with Replaces, one in five of them by a key that is doomed. */
export const runReplaces = async (bench: RaceBench, name: string, count: number): Promise<ZeroTable> => {
  const server = bench.service.sip;
  const forbidden = await newPhone({ ...strangers.guest, server, isForgetful: true });
  const neighbour = await newPhone({ ...strangers.neighbour, server, isForgetful: true });
  try {
    return await bench.runs({ name, race: byKey({ forbidden, 'other-tenant': neighbour }), count });
  } finally {
    await Promise.all([forbidden.close(), neighbour.close()]);
  }
};
