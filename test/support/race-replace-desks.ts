import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Phone } from './phone.js';
import type { PairBench } from './race-pair-bench.js';

/** Two desks whose people change phones, somebody who calls them, and a colleague who takes their calls. */
export interface Desks {
  /** The extensions of the two, which are their phones' accounts. */
  readonly numbers: readonly [string, string];
  /** Each phone is registered with another instance. */
  readonly phones: readonly [Phone, Phone];
  readonly caller: Phone;
  readonly colleague: Phone;
}

/** Everybody's. */
export const pin = '24680';

/** Hashes a PIN as an administrator does. */
const hashed = async (): Promise<string> => {
  const child = spawn(process.execPath, ['dist/office.js', 'pin'], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(`${pin}\n`);
  const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return out.trim();
};

const numbersOf = (pair: number) => {
  const end = `${pair}`.padStart(2, '0');
  return { desks: [`10${end}`, `11${end}`], caller: `12${end}`, colleague: `13${end}` } as const;
};

/** A company with so many pairs of desks (at most 100). */
export const officeOfDesks = async (count: number): Promise<string> => {
  const replacePin = await hashed();
  const pairs = Array.from({ length: count }, (_, pair) => numbersOf(pair));
  const named = (rows: [string, object][]): object => Object.fromEntries(rows);
  const tenant = {
    default: true,
    domains: ['acme.example'],
    extensions: named(
      pairs.flatMap(({ desks, caller, colleague }): [string, object][] => [
        ...desks.map((number): [string, object] => [number, { replacePin }]),
        [caller, {}],
        [colleague, {}],
      ]),
    ),
    pickupGroups: named(pairs.map(({ desks, colleague }, pair) => [`pair${pair}`, [...desks, colleague]])),
    callControl: {
      groups: named(pairs.map(({ desks }, pair) => [`pair${pair}`, [...desks]])),
      phone_replace_groups: pairs.map((_, pair) => `pair${pair}`),
    },
  };
  return JSON.stringify({ sipAuth: 'none', tenants: { acme: tenant } });
};

/** Plugs in the phones of one pair of desks. */
export const openDesks = async ({ services, plugIn }: PairBench, pair: number): Promise<Desks> => {
  const { desks, caller, colleague } = numbersOf(pair);
  const [one, other] = pair % 2 === 0 ? services : [services[1], services[0]];
  return {
    numbers: desks,
    phones: [await plugIn(desks[0], one.sip), await plugIn(desks[1], other.sip)],
    caller: await plugIn(caller, one.sip),
    colleague: await plugIn(colleague, other.sip),
  };
};
