import type { Call } from './phone.js';
import { newWord } from './phone-station.js';
import type { Program } from './program.js';
import { comesTrue, type Fault, giveUp } from './race-contest.js';
import type { Rung } from './race-group-switchboard.js';
import type { PairBench } from './race-pair-bench.js';
import type { Desks } from './race-replace-desks.js';

/** A call, and the phones that it rings at. */
export interface Ringing {
  readonly call: Call;
  readonly rungs: Rung[];
}

/** A call by whose Subject the phones are known that it rings at. */
export const calls = ({ switchboard }: PairBench, make: (headers: Record<string, string>) => Call): Ringing => {
  const subject = newWord();
  const rungs: Rung[] = [];
  switchboard.expects(subject, (rung) => {
    rungs.push(rung);
    rung.leg.rings();
  });
  return { call: make({ Subject: subject }), rungs };
};

/** With whom both instances say that the first desk has changed phones, once they agree. */
const whoChanged = async (programs: readonly Program[], { numbers }: Desks): Promise<string | undefined> => {
  let said: unknown[] = [];
  const isAgreed = await comesTrue(async () => {
    const answers = programs.flatMap(({ asks }) => numbers.map((number) => asks(`GET /v1/extensions/${number}`)));
    said = (await Promise.all(answers)).map(({ status, json }) =>
      status === 200 ? (json.changedWith?.extension ?? '') : status,
    );
    const [first, second] = said;
    return said.length === 4 && said[2] === first && said[3] === second && (first === '') === (second === '');
  });
  if (!isAgreed) throw new Error(`the instances say of ${numbers}: ${said}`);
  return said[0] === '' ? undefined : String(said[0]);
};

/** When it is quiet, each number rings at the phone that is its own now, and who calls from there is who has that number. */
export const isRight = async (bench: PairBench, programs: readonly Program[], desks: Desks): Promise<Fault[]> => {
  const { numbers, phones, caller } = desks;
  const other = await whoChanged(programs, desks);
  const faults: Fault[] = [];
  const fault = (text: string) => faults.push({ kind: 'errors', text: `${text}; changed with ${other ?? 'nobody'}` });
  for (const [place, number] of numbers.entries()) {
    const phone = phones[other === undefined ? place : 1 - place];
    if (!phone) continue;
    const to = calls(bench, (headers) => caller.calls(number, { headers }));
    await to.call.rings(giveUp);
    if (to.rungs.map((rung) => rung.number).join() !== phone.number) fault(`${number} rings at ${to.rungs[0]?.number}`);
    await to.call.cancels();
    const from = calls(bench, (headers) => phone.calls(caller.number, { headers }));
    await from.call.rings(giveUp);
    const shown = from.rungs[0]?.leg.request.get('from') ?? '';
    if (!shown.includes(`:${number}@`)) fault(`${phone.number} calls as ${shown}`);
    await from.call.cancels();
    await comesTrue(() => [...to.rungs, ...from.rungs].every(({ leg }) => leg.state === 'ended'));
  }
  return faults;
};
