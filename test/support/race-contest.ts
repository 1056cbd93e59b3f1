import type { Call, Leg, Phone } from './phone.js';
import { audioIn } from './phone-sdp.js';
import type { Chance } from './race-chance.js';
import type { Lane } from './race-lane.js';

/** One call that several want, while it lasts. */
export interface Contest {
  readonly call: Call;
  /** The legs that ring, with the phones they ring at. */
  readonly legs: readonly Leg[];
  readonly pickups: readonly Pickup[];
  /** Whether those who talk hear each other; left out, each must have been told the other's address. */
  readonly hears?: (talker: Call | Leg) => Promise<readonly Fault[]>;
}

/** Somebody who dials a pickup code. */
export interface Pickup {
  readonly picker: Phone;
  readonly call: Call;
}

/** What can be wrong with a race; each is a column of the zero table. */
export type FaultKind = 'winners' | 'talks' | 'media' | 'privacy' | 'errors' | 'watchers';

/** One thing that went wrong. */
export interface Fault {
  readonly kind: FaultKind;
  readonly text: string;
}

/** How a race ended. */
export interface Verdict {
  readonly outcome: 'picked' | 'answered' | 'cancelled' | 'refused' | 'as before' | 'anchored' | 'ended' | 'private';
  /** The final responses of those who did not get the call. */
  readonly refusals: readonly number[];
  readonly faults: readonly Fault[];
}

/** How long anything may take before it counts as not happening, in milliseconds. Nothing measures how long it took. */
export const giveUp = 30_000;

/** A call that rings at every phone of the callee. */
export const ringing = async (
  lane: Lane,
  phones = 1,
): Promise<{ call: Call; legs: Leg[]; hears?: NonNullable<Contest['hears']> }> => {
  lane.clear();
  const call = lane.caller.calls(lane.number);
  const legs: Leg[] = [];
  for (let phone = 0; phone < phones; phone += 1) {
    const leg = await lane.offered.next(() => `${lane.number} was not called`, giveUp);
    leg.rings();
    legs.push(leg);
  }
  await call.rings(giveUp);
  return { call, legs, ...(lane.hears && { hears: lane.hears }) };
};

/** Lets everything happen within so many milliseconds, each at a moment of its own choosing. */
export const atMoments = (chance: Chance, spread: number, acts: readonly (() => unknown)[]): Promise<unknown> =>
  Promise.all(
    acts.map((act) => {
      const moment = chance.between(0, spread);
      return new Promise<void>((done) => {
        setTimeout(() => {
          act();
          done();
        }, moment);
      });
    }),
  );

/** Resolves with true as soon as something holds, with false if it never does. */
export const comesTrue = async (holds: () => boolean | Promise<boolean>, deadline = giveUp): Promise<boolean> => {
  const until = Date.now() + deadline;
  while (!(await holds())) {
    if (Date.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  return true;
};

/** Waits until everybody has a final response and the phones agree, judges, and hangs up what is connected. */
export const settles = async (
  contest: Contest,
  chance: Chance,
  agreedOn: () => Promise<readonly Fault[]> = async () => [],
): Promise<Verdict> => {
  const { call, pickups } = contest;
  const [final, ...picks] = await Promise.all(
    [call, ...pickups.map((pickup) => pickup.call)].map((each) => each.ends(giveUp)),
  );
  const agreed = await comesTrue(() => isAgreed(contest));
  const statuses = picks.map(({ status }) => status);
  const faults = [
    ...winnersFault(statuses),
    ...(agreed ? await mediaFault(contest) : [{ kind: 'talks' as const, text: tell(contest) }]),
    // A key whose call has just ended hears 603 (RFC 3891 section 3); no caller does.
    ...errorFault([final?.status ?? 0, ...statuses.filter((status) => status !== 603)]),
    ...(agreed ? await agreedOn() : []),
  ];
  const outcome = outcomeOf(final?.status ?? 0, statuses);
  const ended = await hangsUp(contest, chance);
  if (!ended) faults.push({ kind: 'talks', text: `after the hang-up: ${tell(contest)}` });
  return { outcome, refusals: statuses.filter((status) => status >= 300), faults };
};

const talkers = ({ legs, pickups }: Contest) =>
  [...legs, ...pickups.map(({ call }) => call)].filter(({ state }) => state === 'confirmed');

/** The caller talks to exactly one, or nobody talks at all; and nothing rings any more. */
const isAgreed = (contest: Contest): boolean => {
  if (contest.legs.some(({ state }) => state === 'early')) return false;
  return talkers(contest).length === (contest.call.state === 'confirmed' ? 1 : 0);
};

const winnersFault = (statuses: readonly number[]): Fault[] => {
  const winners = statuses.filter((status) => status < 300).length;
  return winners > 1 ? [{ kind: 'winners', text: `${winners} pickers were answered` }] : [];
};

/** Both hear each other. */
const mediaFault = async (contest: Contest): Promise<readonly Fault[]> => {
  const [talker] = talkers(contest);
  const { call, hears } = contest;
  if (!talker || call.state !== 'confirmed') return [];
  return hears ? await hears(talker) : portFault(call, talker);
};

/** Each has the other's RTP port. */
const portFault = (call: Call, talker: Call | Leg): Fault[] => {
  const port = (sdp: string | undefined) => audioIn(sdp ?? '')?.port;
  if (port(call.remoteSdp) === port(talker.localSdp) && port(talker.remoteSdp) === port(call.localSdp)) return [];
  return [{ kind: 'media', text: `caller sends to ${port(call.remoteSdp)}, talker to ${port(talker.remoteSdp)}` }];
};

const errorFault = (statuses: readonly number[]): Fault[] =>
  statuses
    .filter((status) => status >= 500 || status === 408)
    .map((status) => ({ kind: 'errors', text: `final response ${status}` }));

const outcomeOf = (final: number, picks: readonly number[]): Verdict['outcome'] => {
  if (picks.some((status) => status < 300)) return 'picked';
  if (final < 300) return 'answered';
  return final === 487 ? 'cancelled' : 'refused';
};

/** One of the two hangs up, or both in the same moment. */
const hangsUp = async (contest: Contest, chance: Chance): Promise<boolean> => {
  const [talker] = talkers(contest);
  const { call } = contest;
  const both = [call, ...(talker ? [talker] : [])].filter(({ state }) => state === 'confirmed');
  const who = both.length === 2 && chance.happens(0.8) ? [both[chance.happens(0.5) ? 0 : 1] as Call | Leg] : both;
  await Promise.all(who.map((each) => each.hangsUp()));
  return comesTrue(() => call.state === 'ended' && talkers(contest).length === 0);
};

const tell = ({ call, legs, pickups }: Contest): string =>
  [
    `caller ${call.state}`,
    ...legs.map((leg) => `phone ${leg.state}`),
    ...pickups.map((pickup) => `picker ${pickup.call.state}`),
    call.callId,
  ].join(', ');
