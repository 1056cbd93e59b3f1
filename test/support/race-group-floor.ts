import type { Phone } from './phone.js';
import { type Numbers, numbersOf } from './race-group-office.js';
import type { Switchboard } from './race-group-switchboard.js';
import type { PairBench } from './race-pair-bench.js';

/** One floor of the company, with its phones: where calls to groups ring and are fought for, undisturbed by other floors. */
export interface Floor {
  readonly index: number;
  readonly numbers: Numbers;
  /** The second one is a member, too. */
  readonly callers: readonly [Phone, Phone];
  readonly members: readonly Phone[];
  readonly controllers: readonly [Phone, Phone];
  readonly colleague: Phone;
  readonly stranger: Phone;
  readonly switchboard: Switchboard;
}

/** Plugs in the phones of one floor, and registers them with one instance after the other. */
export const openFloor = async ({ services, switchboard, plugIn: plug }: PairBench, index: number): Promise<Floor> => {
  const numbers = numbersOf(index);
  let count = index;
  const plugIn = (number: string): Promise<Phone> => {
    count += 1;
    return plug(number, services[count % 2 === 0 ? 0 : 1].sip);
  };
  const pair = async ([one, other]: readonly [string, string]) => [await plugIn(one), await plugIn(other)] as const;
  const members: Phone[] = [];
  for (const number of numbers.members) members.push(await plugIn(number));
  // Nobody calls these two: whoever does is told so.
  await plugIn(numbers.away);
  await plugIn(numbers.undisturbed);
  await plugIn(numbers.beyond);
  return {
    ...{ index, numbers, members, switchboard },
    callers: await pair(numbers.callers),
    controllers: await pair(numbers.controllers),
    colleague: await plugIn(numbers.colleague),
    stranger: await plugIn(numbers.stranger),
  };
};
