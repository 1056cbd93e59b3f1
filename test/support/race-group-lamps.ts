import type { Call, Leg } from './phone.js';
import type { GroupCall } from './race-group-call.js';
import type { Floor } from './race-group-floor.js';
import { confirmedOf, type Lamp, type LampsOf, lamp, litLamps } from './race-lamps.js';

/** On each floor the controller and the colleague watch members, and a caller its own line. */
export const groupLamps = async (floors: readonly Floor[]): Promise<Map<Floor, LampsOf>> => {
  const lamps = floors.map(async (floor): Promise<[Floor, LampsOf]> => {
    const { controllers, colleague, callers, numbers } = floor;
    const [first, second, third, fourth] = numbers.members;
    const seen: [typeof colleague, string][] = [
      [controllers[0], third],
      [controllers[0], fourth],
      [controllers[1], first],
      [colleague, first],
      [colleague, second],
      [callers[0], numbers.callers[0]],
    ];
    return [floor, await litLamps(seen.map(([phone, number]) => lamp(phone, number)))];
  });
  return new Map(await Promise.all(lamps));
};

/** What the phones of a number know themselves of these calls. */
export const knownOf =
  (calls: readonly GroupCall[], { numbers }: Floor) =>
  ({ number }: Lamp): string =>
    confirmedOf(calls.flatMap((own, which) => sidesOf(own, number, number === numbers.callers[which])));

const sidesOf = ({ call, rungs, pickups }: GroupCall, number: string, isCaller: boolean): (Call | Leg)[] => [
  ...(isCaller ? [call] : []),
  ...rungs.filter((rung) => rung.number === number).map(({ leg }) => leg),
  ...pickups.filter(({ picker }) => picker.number === number).map((pickup) => pickup.call),
];
