import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { redisRegistrar } from '../../../src/adapters/redis/registrar.js';
import type { CallStore } from '../../../src/flows/ports.js';
import { type acme, alice, bob } from '../../domain/acme.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { askOf, callOf, connect, dialogOf, heldOf, names, ring, token } from './office.js';

const clientOf = ({ port }: TestRedis) => connect({ url: `redis://127.0.0.1:${port}` });

/** Two nodes that share the slots between them. */
const startCluster = async (): Promise<TestRedis[]> => {
  const nodes = [await startRedis('cluster'), await startRedis('cluster')] as const;
  const [one, two] = [await clientOf(nodes[0]), await clientOf(nodes[1])];
  await one.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
  await two.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
  await one.call('CLUSTER', 'MEET', '127.0.0.1', String(nodes[1].port), String(nodes[1].busPort));
  for (const node of [one, two]) {
    while (!String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return [...nodes];
};

const wholeLife = async (store: CallStore, tenant: typeof acme.id) => {
  const call = await ring(store, callOf('c1', { tenant }));
  const won = await store.claim(askOf('t', { tenant, extensions: [alice, bob] }));
  await store.release(tenant, call.id, token('t'));
  await store.legEnded(call, dialogOf(call));
  await store.claim(askOf('t2', { tenant }));
  await store.confirm(call, token('t2'));
  const answered = await store.answer(call);
  return { call, won, answered };
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
  const each = await Promise.all(nodes.map(clientOf));
  for (const node of each) t.ok((await node.dbsize()) > 0, 'both nodes hold calls');
  await Promise.all(lives.map(({ call }) => store.end(call, [dialogOf(call)])));
  for (const node of each) t.equal(await node.dbsize(), 0, 'and nothing stays on either');
});
