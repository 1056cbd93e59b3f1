import t, { type Test } from 'tap';
import { redisCallDirectory } from '../../../src/adapters/redis/call-directory.js';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import type { RedisClient } from '../../../src/adapters/redis/client.js';
import { redisDialogDirectory } from '../../../src/adapters/redis/dialog-directory.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { redisNews } from '../../../src/adapters/redis/news-stream.js';
import { redisOrders } from '../../../src/adapters/redis/orders.js';
import { redisRegistrar } from '../../../src/adapters/redis/registrar.js';
import { redisWatchedDialogs } from '../../../src/adapters/redis/watched-dialogs.js';
import type { Dialog } from '../../../src/domain/dialog.js';
import type { InstanceId } from '../../../src/domain/names.js';
import type { NumberedNews } from '../../../src/flows/news.js';
import type { Order } from '../../../src/flows/orders.js';
import type { CallStore } from '../../../src/flows/ports.js';
import { type acme, alice, bob } from '../../domain/acme.js';
import type { TestRedis } from '../../support/redis.js';
import { startCluster } from '../../support/redis-cluster.js';
import {
  allKeys,
  askOf,
  byCarol,
  callOf,
  connect,
  hearing,
  heldOf,
  names,
  orderOf,
  overOf,
  ring,
  silent,
  token,
  uuid,
} from './office.js';

const clientOf = ({ port }: TestRedis) => connect({ url: `redis://127.0.0.1:${port}` });

const wholeLife = async (store: CallStore, tenant: typeof acme.id) => {
  const call = await ring(store, callOf('c1', { tenant }));
  const won = await store.claim(askOf('t', { tenant, extensions: [alice, bob] }));
  await store.release(tenant, call.id, token('t'));
  await store.note(call, [overOf(call)]);
  await store.claim(askOf('t2', { tenant }));
  await store.confirm(call, byCarol('t2'), []);
  const answered = await store.answer(call);
  return { call, won, answered };
};

/** News, orders and dialogs of companies on either node reach who listens on one of them. */
const hearEachOther = async (t: Test, client: RedisClient, store: CallStore): Promise<void> => {
  const subscriptions = hearing(client);
  for (const name of ['acme', 'beta', 'gamma']) {
    const { tenant } = names(name, '101');
    const [news, heard, shown]: [NumberedNews[], Order[], Dialog[]] = [[], [], []];
    redisNews(client, subscriptions).listen(tenant, (each) => void news.push(each));
    const watched = redisWatchedDialogs(client, subscriptions, silent);
    t.teardown(
      watched.follow(tenant, bob, {
        known: (all) => void shown.push(...all),
        changed: (all) => void shown.push(...all),
      }),
    );
    const orders = redisOrders(client, `owner-${name}` as InstanceId, subscriptions);
    orders.onOrder((order) => void heard.push(order));
    for (let serial = 1; news.length === 0 || heard.length === 0 || shown.length === 0; serial += 1) {
      // The subscription may not be there yet: what was told before it is not heard.
      const call = await ring(store, callOf(uuid(serial), { tenant }));
      const order = orderOf(serial, { tenant, call: call.id });
      const key = { name: String(serial), fingerprint: 'request' };
      t.same(await orders.place(order, `owner-${name}` as InstanceId, key), { kind: 'placed' });
      t.match(await orders.find(tenant, order.id), { state: 'pending' });
      t.match(await redisCallDirectory(client).find(tenant, call.id), { state: 'ringing' });
      t.match(await redisDialogDirectory(client).find(tenant, `leg-${uuid(serial)}@here`), { extension: bob });
      await new Promise((resolve) => setTimeout(resolve, 20));
      await store.end(call, 'cancelled', [overOf(call)]);
    }
    t.match(
      [news[0], heard[0], shown[0]],
      [{ news: { event: String, target: bob } }, { tenant }, { state: 'early' }],
      name,
    );
    watched.stop();
  }
};

t.test('a Redis Cluster: the calls of each tenant live on one node', async (t) => {
  const nodes = await startCluster();
  t.teardown(() => Promise.all(nodes.map((node) => node.stop())));
  const clusterNodes = nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  const client = await connect({ clusterNodes });
  const store = redisCallStore(client, makeKnownPhones());
  const tenants = ['acme', 'beta', 'gamma', 'delta', 'epsilon'].map((name) => names(name, '101').tenant);
  const lives = await Promise.all(tenants.map((tenant) => wholeLife(store, tenant)));
  for (const { call, won, answered } of lives) {
    t.match(won, { ok: true, claim: { call: 'c1', target: bob } }, call.tenant);
    t.equal(answered, false, 'the picker has it');
  }
  await store.renew(lives.map(({ call }) => heldOf(call)));

  const registrar = redisRegistrar(client);
  for (const tenant of tenants) {
    const asked = { tenant, extension: bob, callId: 'r', cseq: 1, change: 'all' as const };
    t.same(await registrar.register(asked), { ok: true, bindings: [] });
  }
  await hearEachOther(t, client, store);
  const each = await Promise.all(nodes.map(clientOf));
  for (const node of each) t.ok((await node.dbsize()) > 0, 'both nodes hold calls');
  await Promise.all(lives.map(({ call }) => store.end(call, 'cancelled', [overOf(call)])));
  const stays = (await Promise.all(each.map((node) => allKeys(node)))).flat();
  const lasting = /^cp:\{[a-z]+\}:(order:|order-key:)/;
  t.same(
    stays.filter((key) => !lasting.test(key)),
    [],
    'and nothing of them stays on either',
  );
});
