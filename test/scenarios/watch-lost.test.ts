import t from 'tap';
import { type Office, office } from '../support/office.js';
import type { Phone, ShownDocument, Watcher, Watching } from '../support/phone.js';
import { chanceOf, seed } from '../support/race-chance.js';
import { engineOf } from '../support/race-processes.js';
import { ground, type RunningService } from '../support/service.js';

t.comment(`on ${ground}; SEED=${seed} does the same again`);

/** How long a lamp may take to be right again, in milliseconds: a lease is renewed every 20 s. Nothing measures it. */
const patience = 50_000;

const isDark = ({ dialogs }: ShownDocument): boolean => dialogs.every(({ state }) => state === 'terminated');

type Ids = { readonly callId: string; readonly localTag: string; readonly remoteTag: string | undefined };

/** These dialogs are open, in this state, and no others. */
const only =
  (state: string, ...legs: readonly Ids[]) =>
  ({ dialogs }: ShownDocument): boolean => {
    const open = dialogs.filter((each) => each.state !== 'terminated');
    const isShown = ({ callId, localTag, remoteTag }: Ids) =>
      open.some(
        (each) =>
          each.state === state && each.callId === callId && each.localTag === localTag && each.remoteTag === remoteTag,
      );
    return open.length === legs.length && legs.every(isShown);
  };

const watches = async (phone: Phone, number: string, watching: Watching = {}): Promise<Watcher> => {
  const watcher = phone.watches(number, watching);
  await watcher.accepted();
  await watcher.sees(() => true);
  return watcher;
};

const rings = async (caller: Phone, callee: Phone) => {
  const call = caller.calls(callee.number);
  const leg = await callee.isCalled();
  leg.rings();
  await call.rings();
  return { call, leg };
};

const talks = async (caller: Phone, callee: Phone) => {
  const rung = await rings(caller, callee);
  await Promise.all([rung.leg.answers(), rung.call.answered()]);
  return rung;
};

const ends = async (...watchers: readonly Watcher[]): Promise<string[]> => {
  for (const watcher of watchers) {
    await watcher.unsubscribes();
    await watcher.isOver();
  }
  return watchers.flatMap(({ faults }) => faults);
};

const isReady = async ({ http }: RunningService): Promise<boolean> =>
  fetch(`${http}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );

const untilReady = async (house: Office): Promise<void> => {
  for (const until = Date.now() + 30_000; !(await isReady(house)); ) {
    if (Date.now() > until) throw new Error('the service is not ready again');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};

const redisOf = async ({ redis }: RunningService): Promise<number> =>
  Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);

t.test('the connection that hears of changes is lost again and again', async (t) => {
  const house = await office(t);
  const [alice, bob, carol] = [await house.phone('100'), await house.phone('101'), await house.phone('102')];
  const [lamp, own] = [await watches(carol, '101'), await watches(carol, '102')];
  const chance = chanceOf(seed, 1);
  const cut = () => house.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  for (let round = 0; round < 25; round += 1) {
    const [before, after] = [chance.between(0, 60), chance.between(0, 60)];
    setTimeout(cut, before);
    const { call, leg } = await rings(alice, bob);
    if (chance.happens(0.5)) await lamp.sees(only('early', leg), patience);
    setTimeout(cut, after);
    const pickup = chance.happens(0.5) ? carol.calls('*95101') : undefined;
    if (!pickup) await leg.answers();
    await Promise.all([call.answered(), pickup?.answered(), pickup && leg.stopsRinging()]);
    await lamp.sees(only('confirmed', ...(pickup ? [] : [leg])), patience);
    await own.sees(only('confirmed', ...(pickup ? [pickup] : [])), patience);
    setTimeout(cut, chance.between(0, 20));
    await Promise.all([call.hangsUp(), (pickup ?? leg).isHungUp()]);
    await Promise.all([lamp.sees(isDark, patience), own.sees(isDark, patience)]);
  }
  t.same(await ends(lamp, own), [], 'in all rounds: versions without a gap, no early after terminated');
  t.same(await house.everythingLeft(), []);
});

t.test('Redis stands still for two seconds while people call', async (t) => {
  const house = await office(t);
  const [alice, bob, carol, dave] = [
    await house.phone('100'),
    await house.phone('101'),
    await house.phone('102'),
    await house.phone('103'),
  ];
  const [lamp, ofDave] = [await watches(carol, '101'), await watches(carol, '103')];
  const rung = await rings(alice, bob);
  await lamp.sees(only('early', rung.leg));
  const redis = await redisOf(house);
  process.kill(redis, 'SIGSTOP');
  const fresh = await rings(bob, dave);
  await Promise.all([rung.leg.answers(), rung.call.answered()]);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  process.kill(redis, 'SIGCONT');
  await lamp.sees(
    ({ dialogs }) => dialogs.some(({ callId, state }) => callId === rung.leg.callId && state === 'confirmed'),
    patience,
  );
  await ofDave.sees(only('early', fresh.leg), patience);
  await Promise.all([fresh.call.cancels(), rung.call.hangsUp(), rung.leg.isHungUp()]);
  await Promise.all([lamp.sees(isDark, patience), ofDave.sees(isDark, patience)]);
  t.same(await ends(lamp, ofDave), []);
  t.same(await house.everythingLeft(), []);
});

t.test('Redis dies under calls and comes back: the lamps are right again', async (t) => {
  const house = await office(t);
  const [alice, bob, carol, dave, eve, frank] = [
    await house.phone('100'),
    await house.phone('101'),
    await house.phone('102'),
    await house.phone('103'),
    await house.phone('104'),
    await house.phone('105'),
  ];
  const lamps = {
    bob: await watches(carol, '101'),
    dave: await watches(carol, '103'),
    frank: await watches(carol, '105'),
  };
  const [rung, talk] = [await rings(alice, bob), await talks(eve, dave)];
  await lamps.bob.sees(only('early', rung.leg));
  await lamps.dave.sees(only('confirmed', talk.leg));
  process.kill(await redisOf(house), 'SIGKILL');
  await house.says(({ msg }) => msg === 'redis lost');

  const meanwhile = carol.watches('104');
  const { status } = await meanwhile.isAnswered();
  t.ok([200, 503].includes(status), 'who subscribes meanwhile waits until Redis is back, or is told to try again');
  if (status === 200) t.same(await ends(meanwhile), []);
  await Promise.all([rung.leg.answers(), rung.call.answered()]);
  await Promise.all([talk.call.hangsUp(), talk.leg.isHungUp()]);
  await untilReady(house);
  await lamps.bob.sees(only('confirmed', rung.leg), patience);
  t.pass('what was answered meanwhile is shown as answered');
  await lamps.dave.sees(isDark, patience);
  t.pass('what ended meanwhile is shown no more');

  const fresh = await rings(alice, frank);
  await lamps.frank.sees(only('early', fresh.leg), patience);
  await fresh.call.cancels();
  await Promise.all([rung.call.hangsUp(), rung.leg.isHungUp()]);
  for (const lamp of Object.values(lamps)) await lamp.sees(isDark, patience);
  t.same(await ends(...Object.values(lamps)), []);
});

if (!process.env.DRACHTIO_HOST) {
  t.test(
    'the SIP engine dies: subscriptions are forgotten, a refresh hears 481, and phones subscribe again',
    async (t) => {
      // The phones must find it at the same address again.
      const address = `127.${(process.pid >> 8) & 255}.${process.pid & 255}.10:5060`;
      const house = await office(t, { env: { SIP_BIND: address } });
      const [alice, bob, carol] = [await house.phone('100'), await house.phone('101'), await house.phone('102')];
      const lost = await watches(carol, '101');
      process.kill(engineOf(house.pid)?.pid ?? 0, 'SIGKILL');
      await house.says(({ msg }) => msg === 'drachtio lost');
      t.same(await house.leftovers(), [], 'the service has forgotten them');
      await untilReady(house);
      t.equal((await lost.refreshes()).status, 481, 'who refreshes is told so');

      const lamp = await watches(carol, '101');
      t.equal(lamp.last?.version, 0);
      const { call, leg } = await rings(alice, bob);
      await lamp.sees(only('early', leg));
      await call.cancels();
      await lamp.sees(isDark);
      t.equal(lost.notifies, 1, 'the old subscription was told nothing');
      t.same([...lost.faults, ...(await ends(lamp))], []);
      t.same(await house.everythingLeft(), []);
    },
  );
}
