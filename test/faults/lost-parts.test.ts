import t, { type Test } from 'tap';
import { type BenchOptions, type RaceBench, raceBench } from '../support/race.js';
import { chanceOf, seed } from '../support/race-chance.js';
import { comesTrue, giveUp, ringing } from '../support/race-contest.js';
import { simpleCall, simplePickup } from '../support/race-kinds.js';
import type { Lane } from '../support/race-lane.js';
import { engineOf, runs, startedBy } from '../support/race-processes.js';
import { ground, type RunningService } from '../support/service.js';

t.comment(`on ${ground}`);

/** A bench whose lanes exist, whatever the checks of indexes say. */
const openBench = async (t: Test, options: BenchOptions) => {
  const bench = await raceBench(t, options);
  const lane = (index: number): Lane => bench.lanes[index] as Lane;
  return { bench, service: bench.service, lane };
};

/** Asks until it is so. */
const until = async (isSo: () => Promise<boolean>): Promise<boolean> => {
  const last = Date.now() + giveUp;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > last) return false;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return true;
};

const isReady = (service: RunningService) => async (): Promise<boolean> =>
  (await fetch(`${service.http}/readyz`)).status === 200;

const redisOf = async ({ redis }: RunningService): Promise<number> =>
  Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);

/** A call that is answered and stays up. */
const connected = async (lane: Lane) => {
  const { call, legs } = await ringing(lane);
  await legs[0]?.answers();
  await call.answered();
  return { call, leg: legs[0] };
};

/** Calls and pickups go as ever. */
const worksAgain = async (t: Test, bench: RaceBench): Promise<void> => {
  const chance = chanceOf(seed, 1);
  for (const race of [simpleCall, simplePickup]) {
    const verdicts = await Promise.all(bench.lanes.map((lane) => race(lane, chance)));
    t.same(
      verdicts.flatMap(({ faults }) => faults),
      [],
      'calls and pickups go as ever',
    );
  }
};

/** What is left is only in the store, where it lapses with its lease: nobody was there to take it out. */
const lapses = async (t: Test, service: RunningService): Promise<void> => {
  const left = await service.leftovers();
  const keys = left.flatMap((each) => /^key (.*)$/.exec(each)?.slice(1) ?? []);
  t.same(
    left.filter((each) => !each.startsWith('key ')),
    [],
    'the service has forgotten everything',
  );
  for (const key of keys) t.not(await service.redis.pttl(key), -1, `${key} lapses`);
};

t.test('Redis dies under calls: they go on, and pickups are refused until it is back', async (t) => {
  const { bench, service, lane } = await openBench(t, { lanes: 4 });
  const [rung, talk] = [await ringing(lane(0)), await connected(lane(1))];
  process.kill(await redisOf(service), 'SIGKILL');
  await service.says(({ msg }) => msg === 'redis lost');

  const refused = await lane(0)
    .pickers[0].calls(`*95${lane(0).number}`)
    .fails();
  const fresh = await simpleCall(lane(2), chanceOf(seed, 1));
  t.match([refused.status, refused.get('Retry-After')], [503, /^\d+$/], 'a pickup is refused and may be tried again');
  t.same(fresh.faults, [], 'a new call rings and is answered');
  void rung.legs[0]?.answers();
  t.equal((await rung.call.ends()).status, 200, 'a call that rang is answered');
  await Promise.all([rung.call.hangsUp(), talk.call.hangsUp(), talk.leg?.isHungUp()]);

  t.ok(await until(isReady(service)), 'the supervisor starts it again and the service is ready');
  const stale = await lane(0)
    .pickers[0].calls(`*95${lane(0).number}`)
    .fails();
  t.equal(stale.status, 480, 'no pickup is granted from what the store remembers');
  await worksAgain(t, bench);
  await lapses(t, service);
});

t.test('Redis stands still for a second: no late claim wins', async (t) => {
  const { bench, service, lane } = await openBench(t, { lanes: 3 });
  const redis = await redisOf(service);
  const rung = await Promise.all([ringing(lane(0)), ringing(lane(1))]);
  process.kill(redis, 'SIGSTOP');
  const late = await Promise.all(
    [0, 1].map((each) =>
      lane(each)
        .pickers[0].calls(`*95${lane(each).number}`)
        .fails(),
    ),
  );
  t.same(
    late.map(({ status }) => status),
    [503, 503],
    'who asks meanwhile is refused',
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  process.kill(redis, 'SIGCONT');

  await rung[0].legs[0]?.answers();
  t.equal((await rung[0].call.ends()).status, 200, 'the callee answers and has the call');
  t.equal(rung[0].legs[0]?.state, 'confirmed', 'and keeps it');
  await rung[0].call.hangsUp();
  const picked = await until(async () => {
    const again = lane(1).pickers[1].calls(`*95${lane(1).number}`);
    return (await again.ends()).status === 200;
  });
  t.ok(picked, 'the other call can be picked up as soon as the late claim has lapsed');
  await rung[1].call.answered();
  await rung[1].call.hangsUp();
  await worksAgain(t, bench);
  t.same(await service.leftovers(), [], 'nothing is left');
});

t.test('the service drains under load: no call is lost', async (t) => {
  const { service, lane } = await openBench(t, { lanes: 8, env: { DRAIN_TIMEOUT_SECONDS: '30' } });
  const rung = await Promise.all([0, 1, 2].map((index) => ringing(lane(index))));
  const talks = await Promise.all([3, 4, 5].map((index) => connected(lane(index))));
  const exit = service.stops('SIGTERM');
  await service.says(({ msg }) => msg === 'draining');

  const refused = await lane(6).caller.calls(lane(6).number).fails();
  t.match([refused.status, refused.get('Retry-After')], [503, /^\d+$/], 'a new call is sent elsewhere');
  t.equal((await lane(6).caller.sends('OPTIONS', 'ping')).status, 503, 'the edge is told to send no more');
  t.equal((await fetch(`${service.http}/readyz`)).status, 503, 'it is not ready');
  t.equal((await fetch(`${service.http}/livez`)).status, 200, 'it is alive');

  for (const { legs } of rung) void legs[0]?.answers();
  const finals = await Promise.all(rung.map(({ call }) => call.ends()));
  t.same(
    finals.map(({ status }) => status),
    [200, 200, 200],
    'calls that ring are answered',
  );
  t.same(
    talks.map(({ call }) => call.state),
    ['confirmed', 'confirmed', 'confirmed'],
    'calls that talk go on',
  );
  await Promise.all([...rung, ...talks].map(({ call }) => call.hangsUp()));
  t.equal(await exit, 0, 'it ends by itself when the last call has ended');
  t.same(
    service.log.filter(({ msg }) => /surprise|unhandled|timeout/.test(msg)),
    [],
    'without surprises',
  );
});

t.test('the time to drain is over: calls that are left are ended with a reason', async (t) => {
  const { service, lane } = await openBench(t, { lanes: 2, env: { DRAIN_TIMEOUT_SECONDS: '1' } });
  const [rung, talk] = [await ringing(lane(0)), await connected(lane(1))];
  const exit = service.stops('SIGTERM');
  const byes = await Promise.all([talk.call.isHungUp(), talk.leg?.isHungUp()]);
  t.match(
    byes.map((bye) => bye?.get('Reason')),
    [/Service Stops/, /Service Stops/],
    'both who talk hear why',
  );
  t.equal((await rung.call.fails()).status, 503, 'who waits is refused');
  t.ok(await comesTrue(() => rung.legs[0]?.state === 'ended'), 'the phone stops ringing');
  t.equal(await exit, 0);
});

t.test('the service is killed: nothing that it started stays', async (t) => {
  const { service, lane } = await openBench(t, { lanes: 2 });
  await ringing(lane(0));
  await connected(lane(1));
  const started = startedBy(service.pid);
  t.ok(
    started.some(({ command }) => command.includes('redis-server')),
    'it runs a Redis of its own',
  );
  await service.stops('SIGKILL');
  t.ok(await comesTrue(() => started.every(({ pid }) => !runs(pid))), 'Redis and the engine have ended too');
});

if (!process.env.DRACHTIO_HOST) {
  t.test('the embedded engine dies: the service is back with it', async (t) => {
    // The phones must find it at the same address again.
    const address = `127.${(process.pid >> 8) & 255}.${process.pid & 255}.9:5060`;
    const { bench, service, lane } = await openBench(t, { lanes: 8, env: { SIP_BIND: address } });
    await Promise.all([0, 1, 2, 3].map((index) => ringing(lane(index))));
    await Promise.all([4, 5, 6].map((index) => connected(lane(index))));
    process.kill(engineOf(service.pid)?.pid ?? 0, 'SIGKILL');
    await service.says(({ msg }) => msg === 'drachtio lost');
    t.same(await service.leftovers(), [], 'nothing of the lost calls is left');
    t.ok(await until(isReady(service)), 'the supervisor starts it again and the service is ready');
    await worksAgain(t, bench);
    t.same(await service.leftovers(), [], 'nothing is left');
  });
}
