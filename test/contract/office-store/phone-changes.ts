import t from 'tap';
import { redisPhoneChanges } from '../../../src/adapters/redis/phone-changes.js';
import { redisPinTries } from '../../../src/adapters/redis/pin-tries.js';
import type { Extension } from '../../../src/domain/names.js';
import { acme, beta, bob, carol, instance, openStore, place, redis, until } from './stage.js';

const dave = '103' as Extension;
const eve = '104' as Extension;

t.beforeEach(() => redis.flushall());

t.test('two change phones, every instance hears of it, and what else they say of themselves stays', async (t) => {
  const [one, other] = [await instance(t, place), await instance(t, place)];
  const changes = redisPhoneChanges(one.redis);
  const changedWith = (extension: Extension) =>
    other.offices.current.tenants.get(acme)?.extensions.get(extension)?.changedWith;
  await one.store.setPersonal(acme, bob, { presence: 'away' });
  t.equal(await changes.change(acme, bob, carol), true);
  await until(() => changedWith(bob) === carol && changedWith(carol) === bob);
  t.same(await one.store.personal(acme), {
    101: { presence: 'away', changedWith: carol },
    102: { changedWith: bob },
  });
  t.same(await one.store.personal(beta), {}, 'of this company');
  await one.store.setPersonal(acme, carol, { refusesPickup: true });
  t.equal((await one.store.personal(acme))[carol]?.changedWith, bob, 'and the other way round');
  const late = await instance(t, place);
  t.equal(late.offices.current.tenants.get(acme)?.extensions.get(bob)?.changedWith, carol, 'one that starts knows');

  t.equal(await changes.changeBack(acme, carol), bob);
  const news = await redis.xrange(`cp:{${acme}}:news`, '-', '+');
  const event = 'phones-changed';
  t.same(
    news.map(([, [, text = '']]) => JSON.parse(text)),
    [
      { event, extension: bob, other: carol, became: 'changed' },
      { event, extension: carol, other: bob, became: 'changed-back' },
    ],
    'and who listens hears of it',
  );
  await until(() => changedWith(bob) === undefined && changedWith(carol) === undefined);
  t.same(await one.store.personal(acme), { 101: { presence: 'away' }, 102: { refusesPickup: true } });
  t.equal(await changes.changeBack(acme, bob), undefined);
});

t.test('nobody changes phones twice, whoever asks at the same time', async (t) => {
  const { redis: client, store } = await openStore(t, place);
  const changes = redisPhoneChanges(client);
  const pairs = [
    [bob, carol],
    [carol, dave],
    [dave, bob],
    [carol, bob],
    [bob, dave],
  ] as const;
  const done = await Promise.all(pairs.map(([one, other]) => changes.change(acme, one, other)));
  t.same(done, [true, false, false, false, false]);
  t.equal(await changes.change(acme, dave, eve), true, 'others may');
  t.same(await store.personal(acme), {
    ...{ 101: { changedWith: carol }, 102: { changedWith: bob } },
    ...{ 103: { changedWith: eve }, 104: { changedWith: dave } },
  });
});

t.test('whose counterpart is gone has the own phones, and may change them with another', async (t) => {
  const { redis: client, store } = await openStore(t, place);
  const changes = redisPhoneChanges(client);
  await changes.change(acme, bob, carol);
  await store.forgetPersonal(acme, [carol]);
  t.equal(await changes.changeBack(acme, bob), undefined);
  t.equal(await changes.change(acme, bob, dave), true);
  t.equal(await changes.changeBack(acme, dave), bob);
  await redis.hset(`cp:{${acme}}:personal`, bob, 'no JSON', carol, '{"changedWith":7}');
  t.equal(await changes.changeBack(acme, bob), undefined);
  t.equal(await changes.change(acme, bob, carol), true);
});

t.test('five tries at a PIN, however many come at once; per picker, and per target', async (t) => {
  const { redis: client } = await openStore(t, place);
  const tries = redisPinTries(client);
  const by = (picker: Extension, target: Extension) => ({ tenant: acme, picker, target });
  const many = await Promise.all(Array.from({ length: 40 }, () => tries.begin(by(bob, carol))));
  t.equal(many.filter(Boolean).length, 5);
  t.equal(await tries.begin(by(dave, carol)), false, 'the target is locked for others too');
  t.equal(await tries.begin(by(bob, eve)), false, 'and the picker for other targets');
  t.equal(await tries.begin(by(dave, eve)), true, 'nobody else');
  t.equal(await tries.begin({ ...by(bob, carol), tenant: beta }), true, 'in no other company');
  for (const key of await redis.keys('cp:*pin-tries*')) {
    const left = await redis.pttl(key);
    t.ok(left > 0 && left <= 600_000, `${key} is forgotten`);
  }
});

t.test('a right PIN is no try, and takes back no wrong one', async (t) => {
  const { redis: client } = await openStore(t, place);
  const tries = redisPinTries(client);
  const made = { tenant: acme, picker: bob, target: carol };
  for (let i = 0; i < 20; i += 1) {
    t.equal(await tries.begin(made), true);
    await tries.forgive(made);
  }
  for (let i = 0; i < 4; i += 1) await tries.begin(made);
  await tries.begin({ ...made, target: dave });
  await tries.forgive({ ...made, target: dave });
  t.equal(await tries.begin(made), true, 'the fifth');
  t.equal(await tries.begin(made), false);
  await tries.forgive({ tenant: beta, picker: bob, target: carol });
  t.equal(await redis.exists('cp:{beta}:pin-tries:picker:101'), 0, 'what was never counted is not below zero');
});

t.test('a lock opens again by itself', async (t) => {
  const { redis: client } = await openStore(t, place);
  const tries = redisPinTries(client, { tries: 1, lock: 30 });
  const made = { tenant: acme, picker: bob, target: carol };
  t.equal(await tries.begin(made), true);
  await until(() => tries.begin(made));
  t.pass('it did');
});
