import type { Direction } from './description.js';
import type { Pair } from './line.js';

const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly';
const receives = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'recvonly';

const named = (sending: boolean, receiving: boolean): Direction => {
  if (sending) return receiving ? 'sendrecv' : 'sendonly';
  return receiving ? 'recvonly' : 'inactive';
};

/** The two directions of a pair: what each answer says, seen from the party that it describes (RFC 3264 section 6.1). */
export const directionsBetween = ({ caller, picker }: Pair): { toCaller: Direction; toPicker: Direction } => {
  const callerTalks = sends(caller.direction) && receives(picker.direction);
  const pickerTalks = sends(picker.direction) && receives(caller.direction);
  return { toCaller: named(pickerTalks, callerTalks), toPicker: named(callerTalks, pickerTalks) };
};
