import type { Failure } from '../../domain/final-response.js';
import type { Extension } from '../../domain/names.js';
import { beside } from '../held-call.js';
import type { LiveCall } from '../live-call.js';
import type { OutgoingLeg } from '../ports.js';
import { type RingDeps, type Ringing, ringPhone } from '../ring-phones.js';
import type { Member } from './who-rings.js';

/** Who rings now, and for how many seconds; 0 is for ever. */
export interface RingingTurn extends Pick<Ringing, 'passed'> {
  readonly members: readonly Member[];
  readonly seconds: number;
  /** A phone has said no. */
  refused(failure: Failure): void;
}

type Legs = Map<OutgoingLeg, Extension>;

/**
 * Rings members until the time is up, or all have said no, or the ringing of the call is over; true if somebody rang in
 * vain. While a picker holds the call nothing moves: if the pickup fails, the phones ring on.
 */
export const ringTurn = async (deps: RingDeps, call: LiveCall, turn: RingingTurn): Promise<boolean> => {
  const legs: Legs = new Map();
  await rungOut(deps, call, { turn, legs });
  await call.free();
  if (call.isOver) return false;
  const rangInVain = legs.size > 0;
  for (const leg of legs.keys()) leg.stop({ kind: 'other-party' });
  const left = turn.members.map(({ extension }) => extension);
  call.record = { ...call.record, ringsAt: (call.record.ringsAt ?? []).filter((each) => !left.includes(each)) };
  beside(call, deps.calls.left(call.record, left));
  return rangInVain;
};

const rungOut = async (
  deps: RingDeps,
  call: LiveCall,
  { turn, legs }: { turn: RingingTurn; legs: Legs },
): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<unknown>((resolve) => {
    if (turn.seconds > 0) timer = setTimeout(resolve, turn.seconds * 1000);
    for (const { extension, phones } of turn.members) {
      for (const phone of phones) {
        const gone = (failure?: Failure) => {
          legs.delete(leg);
          if (failure) turn.refused(failure);
          if (failure && failure.status >= 600) declinedBy(legs, extension);
          if (legs.size === 0) resolve(undefined);
        };
        const leg = ringPhone(deps, call, { phone, passed: turn.passed, member: extension, gone });
        legs.set(leg, extension);
      }
    }
  });
  await Promise.race([ended, call.over]);
  clearTimeout(timer);
};

/** A 6xx is the last word of the member, of all its phones, but not of the group (RFC 3261 section 21.6). */
const declinedBy = (legs: Legs, member: Extension): void => {
  for (const [leg, extension] of legs) if (extension === member) leg.stop({ kind: 'other-party' });
};
