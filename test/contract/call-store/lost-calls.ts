import t from 'tap';
import { redisCallDirectory } from '../../../src/adapters/redis/call-directory.js';
import { keys } from '../../../src/adapters/redis/keys.js';
import { redisLostCalls } from '../../../src/adapters/redis/lost-calls.js';
import { redisNews } from '../../../src/adapters/redis/news-stream.js';
import { redisInstances } from '../../../src/adapters/redis/owners.js';
import type { InstanceId } from '../../../src/domain/names.js';
import { acme } from '../../domain/acme.js';
import { callOf, deaf, emptyStore, redis, ring, silent } from './office.js';

const heard = async () => (await redisNews(redis, deaf).since(acme.id, '0')).map(({ news }) => news);

t.test('a call whose lease has run out is told of once, by whoever sees it first', async (t) => {
  const store = await emptyStore();
  const [lost, directory] = [redisLostCalls(redis), redisCallDirectory(redis)];
  const call = await ring(store, callOf('c1'));
  t.equal(await lost.end(call), 'held');
  await redis.del(keys.call(acme.id, call.id));
  const both = await Promise.all([lost.end(call), lost.end(call)]);
  t.same(both.sort(), ['lost', 'told']);
  t.same(
    (await heard()).map(({ event }) => event),
    ['ringing', 'ended'],
  );
  t.match((await heard()).at(-1), { event: 'ended', result: 'lost', call: call.id, target: call.target });
  t.same(await directory.list(acme.id), []);
  t.equal(await redis.zcard(keys.calls(acme.id)), 0);
});

t.test('instances that say no farewell are gone when their time is over', async (t) => {
  await emptyStore();
  const [here, there] = ['here', 'there'] as InstanceId[] as [InstanceId, InstanceId];
  const [own, other] = [redisInstances(redis, here, silent), redisInstances(redis, there, silent)];
  const told = async (instance: InstanceId): Promise<void> => {
    while (!(await redis.sismember(keys.instances, instance))) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  own.announce('sip:here');
  other.announce('sip:there');
  await Promise.all([told(here), told(there)]);
  t.same(await own.gone(), []);
  t.equal(await own.isThere(there), true);
  await redis.del(keys.instance(there), keys.instance(here));
  t.same(await own.gone(), [there], 'never this one itself');
  t.equal(await own.isThere(there), false);
  await own.forget(there);
  t.same(await own.gone(), []);
  await Promise.all([own.stop(), other.stop()]);
  t.equal(await redis.exists(keys.instances), 0, 'a farewell leaves nothing');
});
