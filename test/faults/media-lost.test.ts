import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { ownMediaServer } from '../support/media-server.js';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import type { Call, Leg } from '../support/phone.js';
import { chanceOf, seed } from '../support/race-chance.js';
import { comesTrue } from '../support/race-contest.js';
import { hearing } from '../support/who-hears-whom.js';

/** How many calls talk through the server that is killed: `npm run soak -- --only media-killed` makes it 50. */
const usual = 4;
const count = Number(process.env.MEDIA_KILLED_CALLS ?? usual);

/** How long a media server may take to come back, and whoever waits for that, in milliseconds. */
const long = 60_000;

const media = await ownMediaServer(t);
t.comment(`${count} calls through ${media.name}`);
/** For the reader, also of `npm run soak`: what belongs to the file is shown there. */
const tell = (text: string): void => t.comment(text);

const acme = await office(t, {
  env: { ...media.env },
  office: `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions: { "100": {}, "101": {}, "102": {}, "103": {}, "104": {}, "105": {} }
    pickupGroups: { all: ["101", "102", "105"] }
`,
});
const plug = (number: string, law?: 'PCMU' | 'PCMA') =>
  acme.phone(number, { domain: 'acme.example', ...(law && { media: { laws: [law] } }) });
const [alice, bob, carol] = [await plug('100', 'PCMU'), await plug('101'), await plug('102', 'PCMA')];
const [dave, erin, frank] = [await plug('103'), await plug('104'), await plug('105', 'PCMU')];
const direct = await hearing({ D: dave, E: erin });

interface Pickup {
  readonly call: Call;
  readonly pickup: Call;
}

/** Bob's phone rings for Alice, and a colleague takes the call; what the phones have in common, decides how. */
const pickedUp = async (picker = carol): Promise<Pickup> => {
  const { call, leg } = await ringing(alice, bob);
  const pickup = picker.calls('*95101');
  await Promise.all([pickup.answered(), call.answered()]);
  await leg.stopsRinging();
  return { call, pickup };
};

const isUp = async (server = media.env.FREESWITCH_HOST) =>
  (await acme.metric('callpickup_media_server_up', { server: `${server}` })) === 1;

const until = async (isSo: () => Promise<boolean>, otherwise: string): Promise<void> => {
  for (const end = Date.now() + long; !(await isSo()); await sleep(20))
    if (Date.now() > end) throw new Error(otherwise);
};

const several = async <T>(make: () => Promise<T>): Promise<T[]> => {
  const made: T[] = [];
  while (made.length < count) made.push(await make());
  return made;
};

/** Worst and median of some times, for the reader: a machine that is busy says nothing about the service. */
const spread = (times: readonly number[]): string => {
  const sorted = [...times].sort((one, other) => one - other);
  return `median ${sorted[sorted.length >> 1]} ms, worst ${sorted.at(-1)} ms`;
};

/** Who talked through the lost server is hung up on, and told why. */
const allAreHungUp = async (t: Test, sides: readonly (Call | Leg)[], since: number): Promise<void> => {
  const times: number[] = [];
  const byes = await Promise.all(
    sides.map(async (side) => {
      const bye = await side.isHungUp(long);
      times.push(Date.now() - since);
      return bye;
    }),
  );
  const why = new Set(byes.flatMap(reasons));
  t.match([...why], [/Media Server Lost/], 'both sides of each call hear why');
  tell(`${sides.length} legs ended: ${spread(times)}`);
};

/** Resolves when so many have resolved, or all are settled. */
const someAre = (promises: readonly Promise<unknown>[], enough: number): Promise<unknown> => {
  let left = enough;
  return new Promise<void>((resolve) => {
    if (left <= 0) resolve();
    const one = () => {
      left -= 1;
      if (left <= 0) resolve();
    };
    void Promise.allSettled(promises.map((each) => each.then(one))).then(() => resolve());
  });
};

await until(() => isUp(), 'the media server is not used');

t.test('the media server is killed under calls', async (t) => {
  const talks = await several(pickedUp);
  const talk = await ringing(dave, erin);
  await talk.leg.answers();
  await talk.call.answered();
  await direct.exactly({ D: ['E'], E: ['D'] });
  t.equal(await acme.metric('callpickup_anchored_calls'), count);
  t.equal(await acme.metric('callpickup_media_endpoints'), 2 * count);

  const killed = Date.now();
  const hungUp = allAreHungUp(
    t,
    talks.flatMap(({ call, pickup }) => [call, pickup]),
    killed,
  );
  await media.kills();
  await hungUp;
  for (const each of [dave, erin]) each.rtp.forgets();
  await direct.exactly({ D: ['E'], E: ['D'] });
  t.match([talk.call.state, talk.leg.state], ['confirmed', 'confirmed'], 'a direct call is untouched');
  t.equal(await isUp(), false);
  t.equal(await acme.metric('callpickup_anchored_calls'), 0);

  const crossed = await pickedUp(frank);
  t.equal(await acme.metric('callpickup_anchored_calls'), 0, 'a pickup that needs no media goes on');
  await Promise.all([crossed.call.hangsUp(), crossed.pickup.isHungUp()]);

  const { call, leg } = await ringing(alice, bob);
  const refused = await carol.calls('*95101').fails();
  t.equal(refused.status, 488, 'one that needs it is refused');
  t.ok(leg.isPending, 'and the call rings on');

  await media.returns();
  const back = Date.now();
  await until(() => isUp(), 'it is not used again');
  tell(`used again ${Date.now() - back} ms after its return`);
  const again = carol.calls('*95101');
  await Promise.all([again.answered(), call.answered()]);
  t.same(reasons(await leg.stopsRinging()), elsewhere);
  const room = await hearing({ A: alice, C: carol });
  await room.exactly({ A: ['C'], C: ['A'] });
  await Promise.all([call.hangsUp(), again.isHungUp(), talk.call.hangsUp(), talk.leg.isHungUp()]);
  for (const each of [alice, carol]) each.rtp.hush();
  t.same(await acme.everythingLeft(), []);
  t.equal(await media.channels(), 0);
});

t.test('the media server is killed while calls are picked up', async (t) => {
  const rung: Awaited<ReturnType<typeof ringing>>[] = [];
  while (rung.length < count) rung.push(await ringing(alice, bob));
  const pickups = rung.map(() => carol.calls('*95101'));
  // In the middle of them: when so many have been answered.
  const answered = Math.floor(chanceOf(seed, 1).between(0, count));
  await someAre(
    pickups.map((pickup) => pickup.answered(long)),
    answered,
  );
  await media.kills();
  const finals = await Promise.all(pickups.map((pickup) => pickup.ends(long)));
  const statuses = finals.map(({ status }) => status);
  tell(`${statuses.filter((status) => status === 200).length} pickups were answered; SEED=${seed}`);
  t.same(
    statuses.filter((status) => ![200, 480, 488, 503].includes(status)),
    [],
    'each is answered or clearly refused',
  );
  await Promise.all(pickups.flatMap((pickup, at) => (statuses[at] === 200 ? [pickup.isHungUp(long)] : [])));
  // A call rings on, or it was a picker's and has ended with the server.
  await comesTrue(() => rung.every(({ call, leg }) => leg.isPending || call.state === 'ended'));
  for (const { call, leg } of rung.filter((each) => each.leg.isPending)) {
    await Promise.all([leg.answers(), call.answered()]);
    await Promise.all([call.hangsUp(), leg.isHungUp()]);
  }
  t.ok(
    rung.every(({ call }) => call.state === 'ended'),
    'no call is stuck',
  );
  t.same(await acme.everythingLeft(), []);
  await media.returns();
  await until(() => isUp(), 'it is not used again');
});

// Several seconds of waiting: in the soak only.
if (count > usual)
  t.test('the media server hangs under calls: they end, and what it held is ended when it is back', async (t) => {
    const talks = await several(pickedUp);
    const frozen = Date.now();
    media.freezes();
    const { call, leg } = await ringing(alice, bob);
    const asked = Date.now();
    t.equal((await carol.calls('*95101').fails(long)).status, 488, 'a pickup that needs it is refused');
    tell(`refused after ${Date.now() - asked} ms`);
    t.ok(leg.isPending, 'and the call rings on');
    const sides = talks.flatMap((each) => [each.call, each.pickup]);
    await allAreHungUp(t, sides, frozen);
    media.thaws();
    const back = Date.now();
    await until(() => isUp(), 'it is not used again');
    tell(`used again ${Date.now() - back} ms after it goes on`);
    await until(async () => (await media.channels()) === 0, 'channels are left');
    await Promise.all([leg.answers(), call.answered()]);
    await Promise.all([call.hangsUp(), leg.isHungUp()]);
    t.same(await acme.everythingLeft(), []);
  });
