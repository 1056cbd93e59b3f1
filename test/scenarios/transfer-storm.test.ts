import t from 'tap';
import { office } from '../support/office.js';
import type { Leg, Phone } from '../support/phone.js';
import { type Chance, chanceOf, seed } from '../support/race-chance.js';
import { ground } from '../support/service.js';
import { audioPort, type End, refers, replacing, talking, towards } from './transfer-stage.js';

const rounds = Number(process.env.ROUNDS ?? 20);
t.comment(`on ${ground}; SEED=${seed} ROUNDS=${rounds}`);

const acme = await office(t, {
  office: `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions: { "100": {}, "101": {}, "102": {}, "103": {} }
    callControl: { allow_all: true }
`,
});
/** What is done with a call that comes in the middle of a turn; at other times the test answers. */
const storm: { reacts?: (phone: Phone, leg: Leg) => void } = {};

const plugIn = async (number: string): Promise<Phone> => {
  // Forgetful: a call that nobody waits for is not kept for who asks later.
  const onCall = (leg: Leg) => storm.reacts?.(phone, leg);
  const phone: Phone = await acme.phone(number, { domain: 'acme.example', isForgetful: true, onCall });
  return phone;
};
const [alice, bob, carol, dave] = (await Promise.all(['100', '101', '102', '103'].map(plugIn))) as [
  Phone,
  Phone,
  Phone,
  Phone,
];

const soon = (chance: Chance, most = 25): Promise<void> =>
  new Promise((done) => setTimeout(done, chance.between(0, most)));

/** One end, and the phone that it is at. */
interface At {
  readonly phone: Phone;
  readonly end: End;
}

/** What a phone does that is sent a call. */
const reacts = async (chance: Chance, leg: Leg): Promise<void> => {
  await soon(chance);
  if (chance.happens(0.7) && leg.isPending) leg.rings();
  await soon(chance);
  if (!leg.isPending) return;
  if (!chance.happens(0.7)) return void leg.declines();
  await leg.answers();
  // Before the ACK it may not hang up (RFC 3261 section 15).
  acknowledged.add(leg);
};

/** Calls that came in whose 200 has been acknowledged. */
const acknowledged = new WeakSet<End>();

/** What somebody does in the middle of it, to whichever end. */
const meddles = async (chance: Chance, ends: At[]): Promise<void> => {
  await soon(chance, 40);
  const { end } = chance.one(ends as [At, ...At[]]);
  if (end.state !== 'confirmed' || ('isPending' in end && !acknowledged.has(end))) return;
  const what = chance.one(['hangs up', 'holds', 'transfers', 'is stolen', 'nothing'] as const);
  if (what === 'hangs up') await end.hangsUp().catch(() => undefined);
  else if (what === 'holds') await end.holds().catch(() => undefined);
  else if (what === 'transfers') await refers(end, '<sip:103@acme.example>').catch(() => undefined);
  else if (what === 'is stolen') {
    const steal = dave.calls('101', { headers: { Replaces: replacing(end) } });
    ends.push({ phone: dave, end: steal });
    if (chance.happens(0.3)) {
      await soon(chance);
      await steal.cancels();
    } else await steal.ends();
  }
};

const turn = async (chance: Chance): Promise<At[]> => {
  const first = await talking(alice, bob);
  acknowledged.add(first.leg);
  const ends: At[] = [
    { phone: alice, end: first.call },
    { phone: bob, end: first.leg },
  ];
  const isAttended = chance.happens(0.5);
  const second = isAttended ? await talking(alice, carol) : undefined;
  if (second) acknowledged.add(second.leg);
  if (second) ends.push({ phone: alice, end: second.call }, { phone: carol, end: second.leg });
  storm.reacts = (phone, leg) => {
    ends.push({ phone, end: leg });
    reacts(chance, leg).catch(() => undefined);
  };
  const on = chance.one(['call', 'leg'] as const);
  const to = second ? towards(second.call) : '<sip:102@acme.example>';
  const referred = refers(second ? first.call : first[on], to).catch(() => undefined);
  await Promise.all([referred, meddles(chance, ends), meddles(chance, ends), meddles(chance, ends)]);
  return ends;
};

/** Those who are in a call send to each other: every address is somebody's, and that one sends back. */
const isMatched = (ends: readonly At[]): boolean => {
  const confirmed = ends.filter(({ end }) => end.state === 'confirmed');
  const ways = confirmed.map(({ phone, end }) => `${phone.rtp.port} ${audioPort(end.remoteSdp)}`);
  const back = confirmed.map(({ phone, end }) => `${audioPort(end.remoteSdp)} ${phone.rtp.port}`);
  return ways.sort().join() === back.sort().join();
};

/** Whether it comes true while re-INVITEs that crossed are tried again (RFC 3261 section 14.1). */
const becomes = async (isTrue: () => Promise<boolean>): Promise<boolean> => {
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    if (await isTrue()) return true;
    await new Promise((done) => setTimeout(done, 20));
  }
  return false;
};

t.test('Transfers, thefts, holds and hanging up at random moments: whoever talks talks to somebody', async (t) => {
  for (let round = 0; round < rounds; round += 1) {
    const ends = await turn(chanceOf(seed, round));
    const isRight = async () => {
      if (ends.some(({ end }) => end.state === 'early')) return false;
      const talkers = ends.filter(({ end }) => end.state === 'confirmed').length;
      return (await acme.metric('callpickup_active_calls')) * 2 === talkers && isMatched(ends);
    };
    const state = () =>
      ends.map(({ phone, end }) => `${phone.number} ${phone.rtp.port} ${end.state} ${audioPort(end.remoteSdp)}`);
    t.ok(await becomes(isRight), `round ${round} of ${seed}: ${state().join(', ')}`);
    for (const { end } of ends) if (end.state === 'confirmed') await end.hangsUp().catch(() => undefined);
    delete storm.reacts;
    const left = await acme.leftovers();
    t.same(left, [], `round ${round} of ${seed}`);
    if (left.length > 0) break;
  }
});
