import { newPhone, type Phone } from './phone.js';
import type { Peer } from './phone-transport.js';
import { openBooks } from './race-books.js';
import type { Fault } from './race-contest.js';
import { newSwitchboard, type Switchboard } from './race-group-switchboard.js';
import { newReferee } from './race-referee.js';
import type { ZeroTable } from './race-table.js';
import { raced, type Turns } from './race-turns.js';
import type { LogLine, RunningService } from './service.js';
import { twoInstances } from './two-instances.js';

/** Who ends a bench when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** Plugs in a phone of this number; with a server it is registered there. */
export type PlugIn = (number: string, server?: Peer) => Promise<Phone>;

/** One race, so many times. */
export interface PairRun<Place> extends Turns<Place> {
  readonly places: readonly Place[];
  /** What is done when all races are over and before the books are closed; what went wrong then. */
  readonly last?: () => Promise<readonly Fault[]>;
}

/** Two instances over one Redis, and a referee who sees all phones. */
export interface PairBench {
  readonly services: readonly [RunningService, RunningService];
  readonly switchboard: Switchboard;
  readonly plugIn: PlugIn;
  /** From now on; the answer tells whether an instance has waited in vain for the store since, so that 503 was right. */
  storeIsSlow(): () => boolean;
  /** Runs races at all places side by side; resolves with the zero table once the instances have had time to forget. */
  runs<Place>(run: PairRun<Place>): Promise<ZeroTable>;
}

/** On a machine that has no time Redis answers too late, and a pickup that it was asked for is refused. */
const isTimeout = ({ error }: LogLine): boolean => /Command timed out/.test(String(error));

/** What the instances are started with; phones that the office names by their address are plugged in before. */
export interface PairOptions {
  readonly office: (plugIn: PlugIn) => Promise<string>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the instances. */
export const pairBench = async (t: Stage, { office, env = {} }: PairOptions): Promise<PairBench> => {
  const switchboard = newSwitchboard();
  const referee = newReferee({ isLenient: false });
  const phones: Phone[] = [];
  t.teardown(async () => {
    await Promise.all(phones.map((phone) => phone.close()));
  });
  const plugIn: PlugIn = async (number, server) => {
    const onCall = switchboard.offered(number);
    const phone = await newPhone({ number, isForgetful: true, onCall, ...(server && { server }) });
    await phone.rtp.open();
    phones.push(phone);
    referee.watch(phone);
    const status = server ? (await phone.registers()).status : 200;
    if (status !== 200) throw new Error(`${number} was not registered: ${status}`);
    return phone;
  };
  const services = await twoInstances(t, { office: await office(plugIn), env });
  const leftovers = async () => (await Promise.all(services.map((each) => each.leftovers()))).flat();
  const table = openBooks({ service: { leftovers }, referee });
  const strays = () => switchboard.strays().map((text): Fault => ({ kind: 'talks', text }));
  return {
    ...{ services, switchboard, plugIn },
    storeIsSlow: () => {
      const from = services.map(({ log }) => log.length);
      return () => services.some(({ log }, place) => log.slice(from[place]).some(isTimeout));
    },
    runs: async (run) => {
      const verdicts = await raced(run.places, run);
      const last = (await run.last?.()) ?? [];
      return table({ name: run.name, verdicts, faults: [...strays(), ...last] });
    },
  };
};
