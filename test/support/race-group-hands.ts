import type { Phone } from './phone.js';
import type { Pickup } from './race-contest.js';
import { type GroupCall, ringingOf } from './race-group-call.js';
import type { Floor } from './race-group-floor.js';
import { groupNumber } from './race-group-office.js';
import type { Hand, Way } from './race-group-plan.js';
import type { Rung } from './race-group-switchboard.js';

/** Somebody's phone, and how it picks up. */
export interface Picking {
  readonly hand: Hand;
  readonly picker: Phone;
  readonly way: Exclude<Way, 'program' | 'program-group'>;
}

/** The phone of a hand; a member picks up with the phone that rings. */
export const phoneOf = ({ controllers, colleague, stranger, members }: Floor, hand: Hand): Phone =>
  hand === 'controller'
    ? controllers[0]
    : hand === 'colleague'
      ? colleague
      : hand === 'member'
        ? (members[1] as Phone)
        : stranger;

/** What a lamp tells of a phone that rings: our tag, and the phone's own. */
const keyOf = ({ leg }: Rung): Record<string, string> => ({
  Replaces: `${leg.callId};to-tag=${leg.request.fromTag};from-tag=${leg.localTag};early-only`,
});

/** Those who rely on a pickup group may take the calls of three members; the others are called by number in vain. */
const mayTake = ({ numbers }: Floor, hand: Hand, { number }: Rung): boolean => {
  const desk = hand === 'colleague' || hand === 'member';
  return (desk ? numbers.members.slice(0, 3) : numbers.members).some((each) => each === number);
};

/** A phone dials a code, or presses the key of a phone that rings; where none does that it may take, it dials what it can. */
export const picksUp = (floor: Floor, own: GroupCall, { hand, picker, way }: Picking): Pickup => {
  const onGroup = `*95${groupNumber(floor.index, own.planned.group)}`;
  const rung = ringingOf(own).find((each) => mayTake(floor, hand, each));
  const inVain = hand === 'controller' || hand === 'stranger' ? onGroup : '*95';
  const dialled = { group: onGroup, alone: '*95', number: rung ? `*95${rung.number}` : inVain, key: inVain }[way];
  const pressed = way === 'key' ? rung : undefined;
  const call = pressed ? picker.calls(pressed.number, { headers: keyOf(pressed) }) : picker.calls(dialled);
  return { picker, call };
};
