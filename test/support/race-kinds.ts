import type { Call } from './phone.js';
import type { Chance } from './race-chance.js';
import {
  atMoments,
  type Contest,
  comesTrue,
  type Fault,
  giveUp,
  type Pickup,
  ringing,
  settles,
  type Verdict,
} from './race-contest.js';
import type { Lane } from './race-lane.js';

/** One race on one lane. */
export type Race = (lane: Lane, chance: Chance) => Promise<Verdict>;

/** Milliseconds in which the rivals of a race act: twenty before and twenty after its middle. */
const spread = 40;

/** A picker who has not dialled yet. */
const pickerOf = (lane: Lane, which: 0 | 1, pickups: Pickup[]) => (): void => {
  const picker = lane.pickers[which];
  pickups.push({ picker, call: picker.calls(`*95${lane.number}`) });
};

/** Two colleagues dial in the same instant. */
export const twoPickers: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const pickups: Pickup[] = [];
  // Half of all races are run in one burst of packets, the others within a few milliseconds.
  await atMoments(chance, chance.happens(0.5) ? 0 : 6, [pickerOf(lane, 0, pickups), pickerOf(lane, 1, pickups)]);
  return settles({ ...rung, pickups }, chance);
};

/** A colleague dials while the callee answers. */
export const pickerAgainstAnswer: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const pickups: Pickup[] = [];
  const answer = () => rung.legs[0]?.isPending && rung.legs[0].answers();
  await atMoments(chance, spread, [pickerOf(lane, 0, pickups), answer]);
  return settles({ ...rung, pickups }, chance);
};

/** A colleague dials while the caller gives up. */
export const pickerAgainstCancel: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const pickups: Pickup[] = [];
  await atMoments(chance, spread, [pickerOf(lane, 0, pickups), () => void rung.call.cancels()]);
  return settles({ ...rung, pickups }, chance);
};

/** A colleague dials while the callee declines. */
export const pickerAgainstDecline: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const pickups: Pickup[] = [];
  const decline = () => rung.legs[0]?.isPending && rung.legs[0].declines(486);
  await atMoments(chance, spread, [pickerOf(lane, 0, pickups), decline]);
  return settles({ ...rung, pickups }, chance);
};

/** The caller gives up while the callee answers: CANCEL and 200 cross (RFC 5407 section 3.1.2). */
export const cancelAgainstAnswer: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const answer = () => rung.legs[0]?.isPending && rung.legs[0].answers();
  await atMoments(chance, spread, [() => void rung.call.cancels(), answer]);
  return settles({ ...rung, pickups: [] }, chance);
};

/** Both phones of the callee answer in the same instant. */
export const twoPhonesAnswer: Race = async (lane, chance) => {
  const rung = await ringing(lane, 2);
  const answers = rung.legs.map((leg) => () => leg.isPending && leg.answers());
  await atMoments(chance, chance.happens(0.5) ? 0 : 10, answers);
  return settles({ ...rung, pickups: [] }, chance);
};

/** The caller gives up before the phone can have rung: nobody may be left ringing (reliability.md 0.2). */
export const ghost: Race = async (lane, chance) => {
  lane.clear();
  const call = lane.caller.calls(lane.number);
  await atMoments(chance, 12, [() => void call.cancels()]);
  return settles({ call, legs: [], pickups: [] }, chance);
};

/** The same while the store thinks for 60 ms, which is where a B2BUA leaves most ghosts. */
export const ghostBehind =
  (store: { client(pause: 'PAUSE', milliseconds: number, what: 'ALL'): Promise<unknown> }): Race =>
  async (lane, chance) => {
    await store.client('PAUSE', 60, 'ALL');
    return ghost(lane, chance);
  };

/** A picker changes its mind. The phone rings on, and the next one gets the call, unless the first had it already. */
export const pickerChangesMind: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const picker = lane.pickers[0];
  const first: Pickup = { picker, call: picker.calls(`*95${lane.number}`) };
  await atMoments(chance, 30, [() => void first.call.cancels()]);
  const { status } = await first.call.ends(giveUp);
  if (status < 300) return settles({ ...rung, pickups: [first] }, chance);

  const second = await dialsUntilAnswered(lane, rung.call);
  const verdict = await settles({ ...rung, pickups: [first, ...second.pickups] }, chance);
  return { ...verdict, faults: [...verdict.faults, ...second.faults] };
};

/** The next picker: a claim that is being given back may still refuse the first attempts. */
const dialsUntilAnswered = async (lane: Lane, call: Call): Promise<{ pickups: Pickup[]; faults: Fault[] }> => {
  const pickups: Pickup[] = [];
  for (let attempt = 0; attempt < 10; attempt += 1) {
    pickerOf(lane, 1, pickups)();
    const final = await pickups.at(-1)?.call.ends(giveUp);
    if (final && final.status < 300) return { pickups, faults: [] };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  void call.cancels();
  return { pickups, faults: [{ kind: 'winners', text: 'nobody could pick up what a picker had left' }] };
};

/** A picker who never acknowledges its 200: the call must end for everybody (RFC 3261 section 13.3.1.4). */
export const pickerVanishes: Race = async (lane) => {
  const rung = await ringing(lane);
  const pickup = lane.pickers[0].calls(`*95${lane.number}`, { ack: false });
  const { status } = await pickup.ends(giveUp);
  await pickup.isHungUp(40_000);
  const ended = await comesTrue(() => rung.call.state === 'ended' && rung.legs.every(({ state }) => state === 'ended'));
  const faults: Fault[] = ended ? [] : [{ kind: 'talks', text: `caller is still ${rung.call.state}` }];
  return { outcome: status < 300 ? 'picked' : 'refused', refusals: [], faults };
};

/** Somebody begins a call with the Call-ID of another's call; each CANCEL must end its own (reliability.md F23). */
export const sameCallId: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const thief = lane.pickers[0];
  const stolen = thief.calls(lane.number, { headers: { 'Call-ID': rung.call.callId } });
  await atMoments(chance, 10, [() => void rung.call.cancels()]);
  return settles({ ...rung, pickups: [{ picker: thief, call: stolen }] }, chance);
};

/** A call that is answered, and hung up. */
export const simpleCall: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  void rung.legs[0]?.answers();
  return settles({ ...rung, pickups: [] }, chance);
};

/** A phone that rings and is answered in one breath: 180 and 200 may overtake what is said of either. */
export const answersAtOnce: Race = async (lane, chance) => {
  lane.clear();
  const call = lane.caller.calls(lane.number);
  const leg = await lane.offered.next(() => `${lane.number} was not called`, giveUp);
  leg.rings();
  await atMoments(chance, chance.happens(0.5) ? 0 : 5, [() => void leg.answers()]);
  return settles({ call, legs: [leg], pickups: [] }, chance);
};

/** A call that one colleague picks up. */
export const simplePickup: Race = async (lane, chance) => {
  const rung = await ringing(lane);
  const pickups: Pickup[] = [];
  pickerOf(lane, 0, pickups)();
  return settles({ ...rung, pickups }, chance);
};

/** A call over lines that lose messages: it is answered, picked up or given up, and ends well all the same. */
export const overBadLines: Race = async (lane, chance) => {
  lane.clear();
  const call = lane.caller.calls(lane.number);
  const leg = await lane.offered.next(() => `${lane.number} was not called`, giveUp);
  // Nobody repeats a 180 that got lost, so the phone says it often enough.
  for (let time = 0; time < 6; time += 1) {
    leg.rings();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const pickups: Pickup[] = [];
  const acts = [pickerOf(lane, 0, pickups), () => leg.isPending && leg.answers(), () => void call.cancels()] as const;
  const first = chance.between(0, 3);
  const rivals = acts.filter((_, index) => index === Math.floor(first) || chance.happens(0.2));
  await atMoments(chance, 100, rivals);
  return settles({ call, legs: [leg], pickups }, chance);
};

/** Everybody dials the number of one lane at once; lane after lane is fought for. */
export const crowd = async (lanes: readonly Lane[], chance: Chance, turn: number): Promise<Verdict[]> => {
  const lane = lanes[turn % lanes.length];
  if (!lane) return [];
  const rung = await ringing(lane);
  const pickups: Pickup[] = [];
  const dials = lanes.flatMap(({ pickers }) =>
    pickers.map((picker) => () => pickups.push({ picker, call: picker.calls(`*95${lane.number}`) })),
  );
  await atMoments(chance, chance.happens(0.5) ? 0 : 10, dials);
  return [await settles({ ...rung, pickups }, chance)];
};

/** As many calls ring as there are lanes, and as many colleagues dial the group code at once: each gets one. */
export const oneForEach = async (lanes: readonly Lane[], chance: Chance): Promise<Verdict[]> => {
  const rung = await Promise.all(lanes.map((lane) => ringing(lane)));
  const pickups: Pickup[] = [];
  const dials = lanes.map(
    ({ pickers: [picker] }) =>
      () =>
        pickups.push({ picker, call: picker.calls('*95') }),
  );
  await atMoments(chance, chance.happens(0.5) ? 0 : 10, dials);
  const finals = await Promise.all(pickups.map(({ call }) => call.ends(giveUp)));
  await Promise.all(rung.map(({ call }) => call.ends(giveUp)));

  const contests: Contest[] = rung.map((each) => ({
    ...each,
    pickups: pickups.filter((pickup) => isJoined(each.call, pickup)),
  }));
  const faults: Fault[] = finals
    .filter(({ status }) => status >= 300)
    .map(({ status }) => ({ kind: 'winners', text: `a picker got no call: ${status}` }));
  const verdicts = await Promise.all(contests.map((contest) => settles(contest, chance)));
  return [...verdicts, { outcome: 'picked', refusals: [], faults }];
};

/** The caller was given this picker's description. */
const isJoined = (call: Call, { call: pickup }: Pickup): boolean => {
  const port = (sdp: string | undefined) => /^m=audio (\d+)/m.exec(sdp ?? '')?.[1];
  return port(call.remoteSdp) !== undefined && port(call.remoteSdp) === port(pickup.localSdp);
};
