import { readFileSync } from 'node:fs';
import { type Leg, type Phone, phone } from './phone.js';
import { type RunningService, type ServiceOptions, service } from './service.js';

/** Who ends everything, and where it is told; tap's `t` is one. */
export interface Teller {
  teardown(last: () => Promise<void>): unknown;
  same(found: unknown, wanted: unknown, what: string): unknown;
  match(found: unknown, wanted: unknown, what: string): unknown;
}

/** An office at work while bad input is thrown at it. */
export interface TortureStage {
  readonly office: RunningService;
  readonly alice: Phone;
  readonly bob: Phone;
  readonly carol: Phone;
  /** The service is the same process over the same programs, and answers. */
  lives(): Promise<boolean>;
  /**
   * All that must be so after the worst: the call that rang before rings still and can be picked up, another one too,
   * the same processes run, no surprise was logged, and nothing is left.
   */
  endsWell(): Promise<void>;
}

/** Programs started by a process, as the kernel knows them. */
const childrenOf = (pid: number): string => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();

const surprising = /surprise|unhandled|complains|died|drachtio lost|did not follow|store away/i;

/** A machine that is busy with other things makes Redis late: no answer of the service's fault. */
const isLateRedis = (line: object): boolean => /Command timed out/.test(JSON.stringify(line));

/** Starts a service, three phones, and a call that rings at Bob all the while. */
export const tortureStage = async (
  t: Teller,
  { password, ...options }: ServiceOptions & { password?: (number: string) => string } = {},
): Promise<TortureStage> => {
  const office = await service(t, options);
  const plug = async (number: string) => {
    const secret = password && { password: password(number) };
    const made = await phone(t, { number, server: office.sip, ...secret });
    await made.registers();
    return made;
  };
  const [alice, bob, carol] = [await plug('100'), await plug('101'), await plug('102')];
  const before = childrenOf(office.pid);
  const held = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await held.rings();

  const lives = async () => (await alice.sends('OPTIONS', 'nobody')).status === 200;
  const pickedUp = async (call: ReturnType<Phone['calls']>, ringing: Leg): Promise<string> => {
    const pickup = carol.calls('*95101');
    const [final] = await Promise.all([pickup.ends(), call.ends(), ringing.stopsRinging()]);
    await Promise.all([call.hangsUp(), pickup.isHungUp()]);
    return final.startLine;
  };
  return {
    office,
    alice,
    bob,
    carol,
    lives,
    endsWell: async () => {
      t.same(leg.isPending && held.state, 'early', 'the call that rang all the while rings on');
      t.match(await pickedUp(held, leg), /^SIP\/2.0 200 /, 'it can be picked up');
      const another = alice.calls('101');
      const ringing = await bob.isCalled();
      ringing.rings();
      await another.rings();
      t.match(await pickedUp(another, ringing), /^SIP\/2.0 200 /, 'and so can another one');
      t.same(childrenOf(office.pid), before, 'no program died');
      t.same(
        office.log.filter((line) => surprising.test(line.msg) && !isLateRedis(line)),
        [],
        'nothing surprised the service',
      );
      t.same(await office.leftovers(), [], 'nothing is left in the service');
    },
  };
};
