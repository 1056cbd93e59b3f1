import type { Call, Leg } from './phone.js';
import { Moment } from './phone-moment.js';
import { newWord } from './phone-station.js';
import { type Fault, giveUp, type Pickup } from './race-contest.js';
import type { Floor } from './race-group-floor.js';
import { groupNumber } from './race-group-office.js';
import type { Manner, PlannedCall } from './race-group-plan.js';
import type { Rung } from './race-group-switchboard.js';

/** A call to a group, while it lasts. */
export interface GroupCall {
  readonly planned: PlannedCall;
  readonly call: Call;
  /** Every leg that any phone was offered for it, in order. */
  readonly rungs: Rung[];
  /** The same, as a contest has them. */
  readonly legs: Leg[];
  readonly pickups: Pickup[];
  readonly faults: Fault[];
  /** Resolves when the first phone is called for it, or it has ended without. */
  begun(): Promise<unknown>;
  isAbandoned: boolean;
  /** When the caller heard the final response, in milliseconds since 1970. */
  finalAt?: number;
}

/** A phone that is called after somebody else has the call: so many milliseconds are for what crossed on the way. */
const crossing = 400;

const acts = (rung: Rung, manner: Manner): void => {
  const { leg } = rung;
  if (manner.kind === 'busy') return void leg.declines(486);
  leg.rings();
  if (manner.kind === 'silent') return;
  setTimeout(() => {
    if (!leg.isPending) return;
    if (manner.kind === 'declines') return void leg.declines(manner.status);
    rung.answeredAt = Date.now();
    void leg.answers();
  }, manner.after);
};

/** Whose call to which group, and what the phones do that are called: the members', and that of who is gone on to. */
export interface Calling {
  readonly planned: PlannedCall;
  readonly who: 0 | 1;
  readonly manners: readonly Manner[];
}

/** A caller calls a group; each phone that is called has its manner. */
export const callsGroup = (floor: Floor, { planned, who, manners }: Calling): GroupCall => {
  const { callers, index, switchboard } = floor;
  const subject = newWord();
  const first = new Moment<void>();
  const own: GroupCall = {
    ...{ planned, rungs: [], legs: [], pickups: [], faults: [], isAbandoned: false },
    call: callers[who].calls(groupNumber(index, planned.group), { headers: { Subject: subject } }),
    begun: () => Promise.race([first.wait(() => 'nobody was called', giveUp), own.call.ends(giveUp)]),
  };
  switchboard.expects(subject, (rung) => {
    joins(own, rung);
    acts(rung, mannerOf(floor, manners, rung));
    first.happens();
  });
  const isOver = () => {
    own.finalAt = Date.now();
  };
  void own.call.ends(giveUp).then(isOver, isOver);
  return own;
};

const mannerOf = ({ numbers }: Floor, manners: readonly Manner[], { number }: Rung): Manner => {
  const { members, callers, beyond } = numbers;
  const known: readonly string[] = [...members, callers[1], beyond];
  // Whoever else is called has the last manner.
  return manners.at(known.indexOf(number)) ?? { kind: 'silent' };
};

/** What the phones of pickers do that programs have called. */
const soon: Manner = { kind: 'answers', after: 30 };

/** Whoever is called for a pickup by program answers soon; whose call it is, the phone is shown. */
export const heedsPrograms = (
  { switchboard, controllers, colleague, callers }: Floor,
  calls: readonly GroupCall[],
): void => {
  for (const { number } of [controllers[0], colleague]) {
    switchboard.heeds(number, (rung) => {
      const isOf = (caller: string | undefined) => rung.leg.request.get('from')?.includes(`:${caller}@`) === true;
      const own = calls.find((_call, place) => isOf(callers[place]?.number));
      if (own) joins(own, rung);
      acts(rung, soon);
    });
  }
};

/** One more phone is called for this call. A caller who gives up may cross with that; nobody else. */
const joins = (own: GroupCall, rung: Rung): void => {
  own.rungs.push(rung);
  own.legs.push(rung.leg);
  if (own.finalAt === undefined || own.isAbandoned || Date.now() - own.finalAt < crossing) return;
  own.faults.push({ kind: 'talks', text: `${rung.number} was called for a call that was over: ${own.call.callId}` });
};

/** The caller gives up, if it still waits. */
export const abandons = (own: GroupCall): void => {
  if (own.finalAt !== undefined) return;
  own.isAbandoned = true;
  void own.call.cancels();
};

/** The legs that ring now. */
export const ringingOf = ({ rungs }: GroupCall): Rung[] =>
  rungs.filter(({ leg, isSummons }) => leg.isPending && !isSummons);
