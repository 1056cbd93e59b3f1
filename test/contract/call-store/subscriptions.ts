import t from 'tap';
import { makeSubscriptions } from '../../../src/adapters/redis/subscriptions.js';
import type { Log } from '../../../src/flows/ports.js';
import { startRedis } from '../../support/redis.js';
import { connect, hearing, listeners, redis, silent } from './office.js';

/** Waits until it is so. */
const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
};

t.test('one connection hears every channel that somebody listens to', async (t) => {
  const subscriptions = hearing();
  const heard: string[] = [];
  const listen = (channel: string, name: string) =>
    subscriptions.listen(channel, (message) => void heard.push(`${name}: ${message}`));
  const stop = listen('test:a', 'one');
  listen('test:a', 'two');
  const stopB = listen('test:b', 'three');
  await Promise.all([listeners('test:a', 1), listeners('test:b', 1)]);
  await redis.publish('test:a', 'x');
  await redis.publish('test:b', 'y');
  await until(() => heard.length === 3);
  t.same(heard.sort(), ['one: x', 'three: y', 'two: x']);
  stop();
  stopB();
  await listeners('test:b', 0);
  t.equal(await redis.publish('test:a', 'z'), 1);
  await until(() => heard.length === 4);
  t.equal(heard[3], 'two: z');
  const again = listen('test:b', 'again');
  await listeners('test:b', 1);
  await redis.publish('test:b', 'back');
  await until(() => heard.length === 5);
  again();
});

t.test('the connection is lost: it comes back with all channels, and says that something may be missing', async (t) => {
  const subscriptions = hearing();
  const heard: string[] = [];
  let resumed = 0;
  subscriptions.onResumed(() => {
    resumed += 1;
  });
  subscriptions.listen('test:c', (message) => void heard.push(message));
  await listeners('test:c', 1);
  t.equal(resumed, 0, 'the first time nothing was missed');
  for (let round = 1; round <= 3; round += 1) {
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(() => resumed === round);
    await listeners('test:c', 1);
    await redis.publish('test:c', `after ${round}`);
    await until(() => heard.length === round);
  }
  t.same(heard, ['after 1', 'after 2', 'after 3'], 'each once');
});

t.test('Redis is away when somebody begins to listen: it is heard as soon as Redis is there', async (t) => {
  const server = await startRedis();
  t.teardown(() => server.stop());
  const said: string[] = [];
  const log: Log = { ...silent, warn: (_, event) => void said.push(event) };
  const client = await connect({ unixSocket: server.unixSocket });
  await server.kill();
  const subscriptions = makeSubscriptions(client, log);
  t.teardown(() => subscriptions.stop());
  const heard: string[] = [];
  subscriptions.listen('test:d', (message) => void heard.push(message));
  await server.restart();
  await until(() => client.status === 'ready');
  await until(async () => (await client.publish('test:d', 'hello')) === 1);
  await until(() => heard.length === 1);
  t.same([heard, said], [['hello'], []]);
});

t.test('who stops hears nothing and keeps nothing open', async (t) => {
  const subscriptions = makeSubscriptions(redis, silent);
  let resumed = false;
  subscriptions.onResumed(() => {
    resumed = true;
  });
  const leave = subscriptions.listen('test:e', () => t.fail('it was stopped'));
  await listeners('test:e', 1);
  subscriptions.stop();
  await listeners('test:e', 0);
  t.equal(await redis.publish('test:e', 'x'), 0);
  t.doesNotThrow(leave);
  t.notOk(resumed);
});
