import type { Call, Leg } from './phone.js';
import { type Fault, giveUp, ringing } from './race-contest.js';
import type { Race } from './race-kinds.js';
import type { Lane } from './race-lane.js';

/** A story that takes its time: what comes first is done when it resolves, what comes then when that resolves. */
type Story = (lane: Lane) => Promise<{ later: () => Promise<readonly Fault[]> }>;

interface Talk {
  readonly call: Call;
  readonly leg: Leg;
}

/** Longer than 64*T1, and than what a session timer of 90 s leaves to who does not refresh, in milliseconds. */
const long = { transaction: 50_000, timer: 75_000 } as const;

const fault = (text: string): Fault => ({ kind: 'talks', text });

/** Somebody hangs up on this phone in time, or it is a fault. */
const isHungUp = async (who: string, side: Call | Leg, deadline: number): Promise<Fault[]> => {
  try {
    await side.isHungUp(deadline);
    return [];
  } catch {
    return [fault(`${who} was not hung up on`)];
  }
};

const bothAreHungUp = async (story: string, { call, leg }: Talk, deadline: number): Promise<Fault[]> =>
  (
    await Promise.all([isHungUp(`${story}: caller`, call, deadline), isHungUp(`${story}: callee`, leg, deadline)])
  ).flat();

/** The caller has heard 481, which ends its side (RFC 3261 section 12.2.1.2); the callee is hung up on. */
const isEnded = async (story: string, { call, leg }: Talk): Promise<Fault[]> => {
  const faults = await isHungUp(`${story}: callee`, leg, giveUp);
  return call.state === 'ended' ? faults : [...faults, fault(`${story}: caller is ${call.state}`)];
};

const hangsUp = async (story: string, { call, leg }: Talk): Promise<Fault[]> => {
  const [, faults] = await Promise.all([call.hangsUp(), isHungUp(`${story}: callee`, leg, giveUp)]);
  return faults;
};

const talking = async (lane: Lane, headers: Record<string, string> = {}): Promise<Talk> => {
  lane.clear();
  const call = lane.caller.calls(lane.number, { headers });
  const leg = await lane.offered.next(() => `${lane.number} was not called`, giveUp);
  leg.rings();
  await call.rings(giveUp);
  void leg.answers();
  await call.answered(giveUp);
  return { call, leg };
};

/** A caller who never acknowledges our 200: the call ends for both (RFC 3261 section 13.3.1.4). */
const callerVanishes: Story = async (lane) => {
  lane.clear();
  const call = lane.caller.calls(lane.number, { ack: false });
  const leg = await lane.offered.next(() => `${lane.number} was not called`, giveUp);
  void leg.answers();
  await call.answered(giveUp);
  return { later: () => bothAreHungUp('caller without ACK', { call, leg }, long.transaction) };
};

/** A picker who never does. */
const pickerVanishes: Story = async (lane) => {
  const { call } = await ringing(lane);
  const pickup = lane.pickers[0].calls(`*95${lane.number}`, { ack: false });
  await Promise.all([pickup.answered(giveUp), call.answered(giveUp)]);
  return {
    later: async () => [
      ...(await isHungUp('picker without ACK: picker', pickup, long.transaction)),
      ...(await isHungUp('picker without ACK: caller', call, giveUp)),
    ],
  };
};

/** A callee that never answers a change of the session: 481, and the call ends for both (RFC 3261 section 14.1). */
const changeUnanswered: Story = async (lane) => {
  const talk = await talking(lane);
  const isOver = talk.leg.isHungUp(long.transaction).catch(() => undefined);
  talk.leg.onReinvite(() => ({ when: isOver, status: 487 }));
  const held = talk.call.holds();
  return {
    later: async () => {
      const { status } = await held;
      const faults = await isEnded('change without answer', talk);
      return status === 481 ? faults : [...faults, fault(`change without answer: ${status}`)];
    },
  };
};

/**
 * A callee that rings at a change of the session. Either it is made, or the call ends cleanly: drachtio-server loses
 * every response that comes after a provisional one (protocol.md 18.5).
 */
const changeRings: Story = async (lane) => {
  const talk = await talking(lane);
  const aWhile = new Promise((resolve) => setTimeout(resolve, 500));
  talk.leg.onReinvite(() => ({ first: 180, when: aWhile }));
  const held = talk.call.holds();
  return {
    later: async () => {
      const { status } = await held;
      if (status < 300) return hangsUp('change that rings', talk);
      return isEnded(`change that rings: ${status}`, talk);
    },
  };
};

/** A caller that promised to keep the session alive and does not: the call ends for both (RFC 4028 section 10). */
const refreshForgotten: Story = async (lane) => {
  const talk = await talking(lane, { Supported: 'timer', 'Session-Expires': '90;refresher=uac' });
  return { later: () => bothAreHungUp('refresh forgotten', talk, long.timer) };
};

/** A caller that keeps its promise, by UPDATE and re-INVITE in turn, is not hung up on. */
const refreshKept: Story = async (lane) => {
  const headers = { Supported: 'timer', 'Session-Expires': '90;refresher=uac' };
  const talk = await talking(lane, headers);
  const { call } = talk;
  return {
    later: async () => {
      for (const refresh of [() => call.sends('UPDATE', { headers }), () => call.reinvites(call.localSdp, headers)]) {
        await new Promise((resolve) => setTimeout(resolve, 40_000));
        const { status } = await refresh();
        if (status !== 200) return [fault(`refresh: ${status}`)];
      }
      return hangsUp('refresh kept', talk);
    },
  };
};

/** A caller that leaves it to us: it is asked again and again, with what it was told before, and the callee is not. */
const refreshOurs: Story = async (lane) => {
  const talk = await talking(lane, { Supported: 'timer', 'Session-Expires': '90;refresher=uas' });
  const told = talk.call.remoteSdp;
  let refreshes = 0;
  const faults: Fault[] = [];
  talk.call.onReinvite((request) => {
    refreshes += 1;
    if (request.body !== told) faults.push(fault(`refresh by us says something else: ${request.body}`));
    return { headers: { 'Session-Expires': request.get('Session-Expires') ?? '' } };
  });
  talk.leg.onReinvite(({ method }) => {
    faults.push(fault(`refresh by us reached the callee as ${method}`));
    return undefined;
  });
  return {
    later: async () => {
      await new Promise((resolve) => setTimeout(resolve, 82_000));
      if (refreshes !== 2) faults.push(fault(`${refreshes} refreshes by us in 82 s, not 2`));
      return [...faults, ...(await hangsUp('refresh by us', talk))];
    },
  };
};

const stories = [
  callerVanishes,
  pickerVanishes,
  changeUnanswered,
  changeRings,
  refreshForgotten,
  refreshKept,
  refreshOurs,
] as const;

/** Phones that do not do what they should, and what becomes of their calls when their time is up; all side by side. */
export const patience: Race = async (lane) => {
  const begun: Awaited<ReturnType<Story>>[] = [];
  for (const story of stories) begun.push(await story(lane));
  const faults = (await Promise.all(begun.map(({ later }) => later()))).flat();
  return { outcome: 'answered', refusals: [], faults };
};
