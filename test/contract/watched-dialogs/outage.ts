import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { type acme, alice, bob } from '../../domain/acme.js';
import { startRedis } from '../../support/redis.js';
import { byCarol, callOf, connect, dialogOf, overOf, ring } from '../call-store/office.js';
import { follow, instance, keeping, until } from './stage.js';

t.test('Redis is away: nothing is told, and afterwards what is so then', async (t) => {
  const server = await startRedis();
  t.teardown(() => server.stop());
  const said: string[] = [];
  const client = await connect({ unixSocket: server.unixSocket });
  const store = redisCallStore(client, makeKnownPhones());
  const watched = instance(t, { client, log: keeping(said) });
  const before = follow(watched);
  await until(() => before.told.length === 1);
  await ring(store, callOf('c1'));
  await until(() => before.open.size === 1);

  await server.kill();
  await until(() => client.status !== 'ready');
  const during = follow(watched);
  const elsewhere = follow(watched, { tenant: 'other' as typeof acme.id });
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.same(before.told, ['known', 'changed leg-c1 early'], 'the last that was known stands');
  t.same(during.told, ['known leg-c1 early']);
  t.same(elsewhere.told, []);

  await server.restart();
  await until(() => elsewhere.told.length === 1 && before.told.length === 3);
  t.same([before.told.at(-1), during.told.at(-1), elsewhere.told], ['known', 'known', ['known']]);
  const call = await ring(store, callOf('c2'));
  await until(() => before.open.size === 1 && during.open.size === 1);
  await store.end(call, 'cancelled', [overOf(call)]);
  await until(() => before.open.size === 0 && during.open.size === 0);
  t.same([...before.faults, ...during.faults, ...elsewhere.faults], []);
  t.ok(said.length <= 2, `the log says it once an outage: ${said.join(', ')}`);
});

t.test('Redis stands still and goes on: nothing is lost', async (t) => {
  const server = await startRedis();
  t.teardown(() => server.stop());
  const said: string[] = [];
  const client = await connect({ unixSocket: server.unixSocket });
  const store = redisCallStore(client, makeKnownPhones());
  const watched = instance(t, { client, log: keeping(said) });
  const first = follow(watched, { extension: alice });
  await until(() => first.told.length === 1);
  server.freeze();
  const follower = follow(watched, { extension: bob });
  await until(() => said.length > 0);
  t.same([said, follower.told], [['dialogs not read'], []]);
  server.thaw();
  await until(() => follower.told.length === 1);
  await ring(store, callOf('c1'));
  await until(() => follower.open.size === 1);
  t.same(follower.faults, []);
});

t.test('what became of dialogs while Redis could not be told is told with the next renewal', async (t) => {
  const server = await startRedis();
  t.teardown(() => server.stop());
  const client = await connect({ unixSocket: server.unixSocket });
  const deaf = { isDeaf: false };
  const flaky = new Proxy(client, {
    get: (target, name) => {
      const member = Reflect.get(target, name);
      const nobody = () => Promise.reject(new Error('nobody hears'));
      if (deaf.isDeaf && name === 'pipeline') return () => Object.assign(target.pipeline(), { exec: nobody });
      if (deaf.isDeaf) return nobody;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const store = redisCallStore(flaky, makeKnownPhones());
  const follower = follow(instance(t, { client }));
  const [call, ended] = [callOf('c1'), callOf('ended')];
  for (const each of [call, ended]) await ring(store, each);
  await store.ring(call, 2_000, [dialogOf(call, 'mobile'), dialogOf(call, 'third'), dialogOf(call, 'fourth')]);
  await until(() => follower.open.size === 5);

  const confirmed = dialogOf(call, undefined, { state: 'confirmed' });
  const held = dialogOf(call, undefined, { state: 'confirmed', isHeld: true });
  deaf.isDeaf = true;
  await t.rejects(store.note(call, [overOf(call, 'mobile'), dialogOf(call, 'third', { isHeld: true })]));
  await t.rejects(store.confirm(call, byCarol('t'), [confirmed]));
  await t.rejects(store.stolen(call, byCarol('t'), [overOf(call, 'fourth')]));
  await t.rejects(store.end(ended, 'answered', [overOf(ended)]));
  await t.rejects(store.renew([{ ...call, dialogs: [held, dialogOf(call, 'third')] }]), 'and not with one that failed');
  deaf.isDeaf = false;
  await store.note(call, [held, overOf(call, 'third')]);
  await until(() => follower.open.size === 4);
  await store.renew([{ ...call, dialogs: [held] }]);
  await until(() => follower.open.size === 2);
  t.same(follower.open.get('leg-c1'), held.dialog, 'as it is by now, and not as it was');
  t.same([...follower.open.keys()], ['leg-c1', 'leg-ended'], 'a call that is not held any more lapses by itself');
  const told = follower.told.length;
  await store.renew([{ ...call, dialogs: [held] }]);
  await ring(store, callOf('c2'));
  await until(() => follower.told.length > told);
  t.same([follower.told.at(-1), follower.faults], ['changed leg-c2 early', []], 'and it is told once');
});
