import { type Fault, giveUp, type Pickup } from './race-contest.js';
import { abandons, type GroupCall, ringingOf } from './race-group-call.js';
import type { Floor } from './race-group-floor.js';
import { picksUp } from './race-group-hands.js';
import type { Rung } from './race-group-switchboard.js';

/** How a call ends that nobody has when everybody has tried. */
export interface Ending {
  readonly pickups: readonly Pickup[];
  readonly faults: readonly Fault[];
}

const nothing: Ending = { pickups: [], faults: [] };

/** So often somebody may be refused while one and the same phone rings: it may have begun, or stopped, just then. */
const mostRefusals = 3;

/**
 * And so often 486: where the store was slow, it may have given the call to somebody who heard 503, and for five seconds
 * nobody else can have it.
 */
const mostTaken = 120;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Brings a call to its end, as it was planned. */
export const endsCall = async (floor: Floor, own: GroupCall, way: 'group' | 'key'): Promise<Ending> => {
  if (own.finalAt !== undefined || own.planned.ending === 'hunted-out') {
    await own.call.ends(giveUp);
    return nothing;
  }
  if (own.planned.ending === 'picked') return isPickedUp(floor, own, way);
  abandons(own);
  return nothing;
};

/** Nobody disturbs any more: a controller can have the call as soon as it rings. */
const isPickedUp = async (floor: Floor, own: GroupCall, way: 'group' | 'key'): Promise<Ending> => {
  const pickups: Pickup[] = [];
  let refused: readonly Rung[] = [];
  for (let refusals = 0; own.finalAt === undefined; await pause(60)) {
    const rang = ringingOf(own);
    const pickup = picksUp(floor, own, { hand: 'controller', picker: floor.controllers[1], way });
    pickups.push(pickup);
    const { status, startLine } = await pickup.call.ends(giveUp);
    if (status < 300) break;
    const rings = rang.filter(({ leg }) => leg.isPending);
    const isSame = rings.some((rung) => refused.includes(rung));
    refusals = isSame ? refusals + 1 : 0;
    refused = rings;
    if (refusals < (status === 486 ? mostTaken : mostRefusals)) continue;
    abandons(own);
    const text = `${rings.map(({ number }) => number)} ring for ${own.planned.group}, and ${pickup.call.callId} heard ${startLine}`;
    return { pickups, faults: [{ kind: 'winners', text }] };
  }
  return { pickups, faults: [] };
};
