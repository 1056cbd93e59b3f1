import type { Phone } from './phone.js';
import { type Program, program } from './program.js';
import type { Chance } from './race-chance.js';
import { comesTrue, type Fault, giveUp } from './race-contest.js';
import type { GroupBench } from './race-group-bench.js';
import { type Meanwhile, runGroupCalls } from './race-group-calls.js';
import type { ZeroTable } from './race-table.js';

/** What the people of an extension may say of themselves by a code, or have said by a program. */
const presences = { available: '*79', away: undefined, 'do-not-disturb': '*78' } as const;

type Presence = keyof typeof presences;

const all = Object.keys(presences) as [Presence, ...Presence[]];

/** One change, so many milliseconds after the one before. */
interface Flap {
  readonly presence: Presence;
  readonly after: number;
  readonly byCode: boolean;
}

const flapsOf = (chance: Chance): Flap[] =>
  Array.from({ length: Math.floor(chance.between(1, 5)) }, () => ({
    presence: chance.one(all),
    after: chance.between(0, 500),
    byCode: chance.happens(0.5),
  }));

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Says it, by whichever way was planned; a store that is slow for a moment is told once more. */
const says = async (phone: Phone, { asks }: Program, { presence, byCode }: Omit<Flap, 'after'>): Promise<Fault[]> => {
  const code = byCode ? presences[presence] : undefined;
  const once = async (): Promise<number> => {
    if (code) return (await phone.calls(code).ends(giveUp)).status;
    return (await asks(`PUT /v1/extensions/${phone.number}/presence`, { presence })).status;
  };
  let status = 503;
  await comesTrue(async () => {
    status = await once();
    return status !== 503;
  });
  const isSaid = status === (code ? 603 : 200);
  return isSaid ? [] : [{ kind: 'errors', text: `${phone.number} says ${presence}: ${status}` }];
};

/** Both instances come to show what was said last. */
const isShown = async (programs: readonly Program[], { number }: Phone, presence: Presence): Promise<Fault[]> => {
  const shown = async ({ asks }: Program) => (await asks(`GET /v1/extensions/${number}/presence`)).json?.presence;
  const isRight = await comesTrue(async () =>
    (await Promise.all(programs.map(shown))).every((each) => each === presence),
  );
  return isRight ? [] : [{ kind: 'errors', text: `${number} is not shown as ${presence}` }];
};

/** Members say again and again that they are there, or away, or want no calls; in the end what they said last counts. */
const flapping =
  (programs: readonly [Program, Program]): Meanwhile =>
  async ({ members }, chance) => {
    const plans = members.slice(0, 4).map((phone) => ({ phone, flaps: flapsOf(chance), by: chance.one(programs) }));
    const each = plans.map(async ({ phone, flaps, by }) => {
      const faults: Fault[] = [];
      for (const flap of flaps) {
        await pause(flap.after);
        faults.push(...(await says(phone, by, flap)));
      }
      const last = flaps.at(-1)?.presence ?? 'available';
      faults.push(...(await isShown(programs, phone, last)));
      return [...faults, ...(await says(phone, by, { presence: 'available', byCode: true }))];
    });
    return (await Promise.all(each)).flat();
  };

/** Calls to groups whose members change their presence meanwhile. */
export const runPresenceFlaps = async (bench: GroupBench, name: string, count: number): Promise<ZeroTable> => {
  const [one, other] = bench.services;
  const grant = { role: 'MANAGER', tenant: 'acme' };
  const programs = [await program(one, grant), await program(other, grant)] as const;
  return runGroupCalls(bench, { name, count, meanwhile: flapping(programs) });
};
