import type { Call, Leg } from './phone.js';
import { audioIn } from './phone-sdp.js';
import { type Program, program } from './program.js';
import type { RaceBench } from './race.js';
import type { Chance } from './race-chance.js';
import { type Contest, type Fault, giveUp, type Pickup, ringing, settles } from './race-contest.js';
import type { Race } from './race-kinds.js';
import type { Lane } from './race-lane.js';
import type { ZeroTable } from './race-table.js';
import type { Answered } from './requests.js';

/** One pickup that programs ordered, with everything that they were answered. */
interface Order {
  readonly sendTo: string;
  readonly answers: readonly Answered[];
  /** How it ended; undefined if it was refused. */
  end?: { readonly state: string; readonly refusal?: string };
}

/** What happens beside the orders. */
const rivals = ['nothing', 'answer', 'cancel', 'decline', 'code'] as const;

/** What a picker's phone does when it is called. */
const manners = ['answers', 'answers', 'answers', 'declines', 'is-busy', 'waits'] as const;

/** Milliseconds in which rivals act, from the moment that the orders are sent. */
const spread = 80;

/** Who is refused before anything rings: the call was over, or is another's. */
const tooLate = new Set([400, 404, 409]);

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The call that rings on the lane; a store that is slow for a moment is asked once more. */
const callOf = async (asker: Program, { number }: Lane): Promise<{ id: string }> => {
  for (const until = Date.now() + giveUp; Date.now() < until; await pause(20)) {
    const { json } = await asker.asks(`GET /v1/calls?target=${number}&state=ringing`);
    const call = json?.calls?.at(-1);
    if (call) return call;
  }
  throw new Error(`nothing rings at ${number}, says the service`);
};

/** One order by one of the two doors; with a key it is sent twice in the same instant. */
const orders = async (
  program: Program,
  lane: Lane,
  { call, sendTo, chance, waitSeconds }: { call: { id: string }; sendTo: string; chance: Chance; waitSeconds: number },
): Promise<Order> => {
  const key = chance.happens(0.3) ? { 'idempotency-key': `${call.id} ${sendTo}` } : undefined;
  const objectId = call.id.replaceAll('-', '');
  const byVoipNow = () =>
    program.asks(
      `PUT /uapi/phoneCalls/@me/${lane.number}/${objectId}`,
      { action: 'PickUp', sendCallTo: sendTo, waitForPickup: `${waitSeconds}`, phoneCallViewId: '01' },
      key,
    );
  const byOurs = () => program.asks('POST /v1/pickup', { call: call.id, sendTo, waitSeconds }, key);
  const ask = chance.happens(0.3) ? byVoipNow : byOurs;
  return { sendTo, answers: await Promise.all(key ? [ask(), ask()] : [ask()]) };
};

/** Asks until a pickup has ended; VoipNow's answer names none, so there it is seen at the phone. */
const follows = async (
  program: Program,
  { call, legs }: Contest,
  { answers, sendTo }: Order,
): Promise<Order['end']> => {
  const accepted = answers.find(({ status }) => status === 202);
  if (!accepted) return undefined;
  const link: unknown = accepted.json.link;
  for (const until = Date.now() + giveUp; Date.now() < until; await pause(20)) {
    if (typeof link === 'string') {
      const { json } = await program.asks(`GET ${link}`);
      if (json?.state === 'answered' || json?.state === 'failed') return json;
    } else {
      const leg = legs.slice(1).find(({ request }) => request.get('to')?.includes(`:${sendTo}@`));
      if (leg?.state === 'ended') return { state: 'failed', refusal: 'declined' };
      if (leg?.state === 'confirmed' || call.state !== 'early') return { state: 'seen' };
    }
  }
  return { state: 'unknown' };
};

/** A phone that is called rings, and does what its chance says. */
const attends = (leg: Leg, { manner, after }: { manner: (typeof manners)[number]; after: number }): void => {
  leg.rings();
  if (manner === 'waits') return;
  setTimeout(() => {
    if (!leg.isPending) return;
    if (manner === 'answers') void leg.answers();
    else void leg.declines(manner === 'is-busy' ? 486 : 603);
  }, after);
};

/** Everything of one race that is decided beforehand, so that its seed repeats it. */
const planOf = (chance: Chance) => {
  const manner = chance.one(manners);
  return {
    manner,
    answersAfter: chance.between(0, spread),
    rival: chance.one(rivals),
    rivalAfter: chance.between(0, spread),
    isTwice: chance.happens(0.3),
    // A phone that only rings is called for the shortest time.
    waitSeconds: manner === 'waits' ? 1 : 25,
    endsByCancel: chance.happens(0.5),
  };
};

/** A race that is on. */
interface Staged {
  readonly lane: Lane;
  readonly contest: Contest;
  /** The contest's, while more may come. */
  readonly pickups: Pickup[];
  readonly plan: ReturnType<typeof planOf>;
}

const rivalActs = async ({ lane, contest, pickups, plan }: Staged): Promise<void> => {
  await pause(plan.rivalAfter);
  const [target] = contest.legs;
  if (plan.rival === 'cancel') void contest.call.cancels();
  if (plan.rival === 'answer' && target?.isPending) void target.answers();
  if (plan.rival === 'decline' && target?.isPending) void target.declines(486);
  if (plan.rival !== 'code') return;
  // Who dials has no call of a program at the same phone, so that what is heard there is one call's.
  const picker = lane.pickers[1];
  const call = picker.calls(`*95${lane.number}`);
  pickups.push({ picker, call });
  await call.ends(giveUp);
};

/** Nobody has the call, and nobody has ended it: the target must ring on, and may answer, or the caller gives up. */
const ringsOn = ({ contest, plan }: Staged, placed: readonly Order[]): Fault[] => {
  // What an order came to that was answered 5xx (told as a fault elsewhere) nobody knows; the race must end all the same.
  if (placed.some(({ answers }) => answers.some(({ status }) => status >= 500))) void contest.call.cancels();
  const isLeft = placed.every(({ end, answers }) =>
    end ? ['no-answer', 'declined'].includes(end.refusal ?? '') : answers.every(({ status }) => tooLate.has(status)),
  );
  const isTaken = contest.pickups.some(({ call }) => call.state === 'confirmed');
  if (!isLeft || isTaken || ['answer', 'cancel', 'decline'].includes(plan.rival)) return [];
  const [target] = contest.legs;
  if (!target?.isPending) return [{ kind: 'winners', text: 'the target did not ring on after the pickup had failed' }];
  if (plan.endsByCancel) void contest.call.cancels();
  else void target.answers();
  return [];
};

const port = (sdp: string | undefined): number | undefined => audioIn(sdp ?? '')?.port;

/** The caller was given the description of one of these phones. */
const isTheirs = (call: Call, legs: readonly Leg[]): boolean =>
  legs.some(({ localSdp }) => localSdp !== undefined && port(localSdp) === port(call.remoteSdp));

/** What the programs were told is what the phones say: one order answered if a summoned phone has the call, else none. */
const toldRight = ({ call, legs }: Contest, placed: readonly Order[]): Fault[] => {
  const summoned = legs.slice(1);
  const answered = placed.filter(({ end }) => end?.state === 'answered').length;
  const faults: Fault[] = [];
  const texts = placed.map(({ end, sendTo }) => `${sendTo} ${end?.state} ${end?.refusal}`).join(', ');
  if (answered > Number(isTheirs(call, summoned)))
    faults.push({ kind: 'winners', text: `told as answered, and is not: ${texts}` });
  if (placed.some(({ end }) => end?.state === 'unknown')) faults.push({ kind: 'errors', text: `no end: ${texts}` });
  if (summoned.length > placed.length)
    faults.push({ kind: 'winners', text: `${summoned.length} phones rang: ${texts}` });
  return faults;
};

const badAnswers = (placed: readonly Order[]): Fault[] =>
  placed.flatMap(({ answers }) => {
    const bad = answers.filter(({ status }) => status !== 202 && !tooLate.has(status));
    const differ = new Set(answers.filter(({ status }) => status === 202).map(({ text }) => text)).size > 1;
    return [
      ...bad.map(({ status, text }): Fault => ({ kind: 'errors', text: `${status} ${text}` })),
      ...(differ ? [{ kind: 'winners' as const, text: 'the same key was answered in two ways' }] : []),
    ];
  });

/** The orders and their rival, until every order has its end. */
const fought = async (asker: Program, staged: Staged, chance: Chance): Promise<{ placed: Order[]; left: Fault[] }> => {
  const { lane, contest, plan } = staged;
  const known = await callOf(asker, lane);
  // The second picker is a program's or dials, never both.
  const sendTo = lane.pickers.slice(0, plan.isTwice && plan.rival !== 'code' ? 2 : 1).map(({ number }) => number);
  const wanted = { call: known, chance, waitSeconds: plan.waitSeconds };
  const placing = Promise.all(sendTo.map((to) => orders(asker, lane, { ...wanted, sendTo: to })));
  const [placed] = await Promise.all([placing, rivalActs(staged)]);
  for (const each of placed) each.end = await follows(asker, contest, each);
  return { placed, left: ringsOn(staged, placed) };
};

/**
 * Programs have a picker's phone called while the target rings on; the phone answers, declines or only rings, and
 * meanwhile the target answers or declines, the caller gives up, or a colleague dials the code.
 */
const byProgram =
  (asker: Program): Race =>
  async (lane, chance) => {
    const { call, legs } = await ringing(lane);
    const pickups: Pickup[] = [];
    const contest: Contest = { call, legs, pickups };
    const plan = planOf(chance);
    lane.heeds((leg) => {
      legs.push(leg);
      attends(leg, { manner: plan.manner, after: plan.answersAfter });
    });
    const { placed, left } = await fought(asker, { lane, contest, pickups, plan }, chance).catch((error: unknown) => {
      // The next race on this lane must not find the call of this one.
      void (call.state === 'confirmed' ? call.hangsUp() : call.cancels());
      throw error;
    });
    const verdict = await settles(contest, chance);
    const isPicked = isTheirs(call, legs.slice(1));
    const faults = [...verdict.faults, ...left, ...badAnswers(placed), ...toldRight(contest, placed)];
    return { ...verdict, ...(isPicked && { outcome: 'picked' as const }), faults };
  };

/** Lets the pickers be called while so many races are run. */
const withPickers = async (bench: RaceBench, run: () => Promise<ZeroTable>): Promise<ZeroTable> => {
  const pickers = bench.lanes.flatMap((lane) => lane.pickers);
  for (const picker of pickers) await picker.registers();
  const table = await run();
  for (const picker of pickers) await picker.unregisters();
  return table;
};

/** So many pickups by program among rivals. */
export const runByProgram = async (bench: RaceBench, name: string, count: number): Promise<ZeroTable> => {
  const asks = await program(bench.service, { role: 'MANAGER', tenant: 'acme' });
  return withPickers(bench, () => bench.runs({ name, race: byProgram(asks), count }));
};
