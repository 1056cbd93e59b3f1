import t, { type Test } from 'tap';
import { readPersonals } from '../../../src/adapters/redis/personals.js';
import { redisPublications } from '../../../src/adapters/redis/publications.js';
import { saidAt } from '../../../src/domain/personal.js';
import type { PublicationEntry } from '../../../src/flows/publish-presence.js';
import { acme, beta, bob, carol, fileOf, type Instance, instance, openStore, place, redis, until } from './stage.js';

t.beforeEach(() => redis.flushall());

const key = `cp:{${acme}}:personal`;
const saying = { how: 'publish', otherwise: 'available' } as const;

const opened = async (test: Test) => {
  const { redis: client, store } = await openStore(test, place);
  const { put } = redisPublications(client);
  return {
    store,
    puts: (entry: PublicationEntry, extension = bob) => put(acme, extension, { ...entry, saying }),
    presence: async () => saidAt(await store.personal(acme), Date.now())[bob],
  };
};

const presenceAt = ({ offices }: Instance) => offices.current.tenants.get(acme)?.extensions.get(bob)?.presence;

const publishes = ({ redis: client, offices }: Instance, entry: PublicationEntry) =>
  redisPublications(client).put(acme, bob, {
    ...entry,
    saying: { how: 'publish', otherwise: offices.usualPresence(acme, bob) },
  });

/** What the company's listeners were told of presences, in order. */
const news = async (): Promise<object[]> =>
  (await redis.xrange(`cp:{${acme}}:news`, '-', '+')).map(([, [, text = '']]) => JSON.parse(text));

const toldOf = (presence: string, how: string) => ({ event: 'presence', extension: bob, presence, how });

t.test('P16, P17: what is published counts for its time, in every instance', async (t) => {
  const [one, other] = [await instance(t, place), await instance(t, place)];
  t.equal(await publishes(one, { newTag: 'a', presence: 'do-not-disturb', seconds: 600 }), 'published');
  await until(() => presenceAt(other) === 'do-not-disturb');
  t.equal(presenceAt(await instance(t, place)), 'do-not-disturb', 'one that starts knows');
  t.same(await one.store.personal(beta), {});
  t.equal(await publishes(other, { tag: 'a', newTag: 'b', seconds: 0 }), 'published');
  await until(() => presenceAt(one) === 'available');
  t.same(await news(), [toldOf('do-not-disturb', 'publish'), toldOf('available', 'publish')]);
  t.equal(await redis.hexists(key, bob), 0, 'nothing is left of it');
});

t.test('P12: it lapses when its time is over, with nobody asking: everywhere, told once', async (t) => {
  const file = fileOf({ extensions: { 101: { presence: 'away' }, 102: {} } });
  const [one, other] = [await instance(t, place, file), await instance(t, place, file)];
  const areBoth = (presence: string) => presenceAt(one) === presence && presenceAt(other) === presence;
  await publishes(one, { newTag: 'a', presence: 'available', seconds: 600 });
  await until(() => areBoth('available'));
  await publishes(one, { newTag: 'b', presence: 'do-not-disturb', seconds: 0.15 });
  await until(async () => (await news()).length === 3 && areBoth('available'));
  t.equal(one.lines.count('published presence has lapsed') + other.lines.count('published presence has lapsed'), 1);
  t.equal(await publishes(one, { tag: 'a', newTag: 'c', seconds: 600 }), 'same', 'the other phone still speaks');
  t.equal(await publishes(one, { tag: 'c', newTag: 'd', presence: 'do-not-disturb', seconds: 0.15 }), 'published');
  await until(async () => (await news()).length === 5 && areBoth('away'));
  const ofPhones = ['available', 'do-not-disturb', 'available', 'do-not-disturb', 'away'];
  const how = ['publish', 'publish', 'lapse', 'publish', 'lapse'];
  t.same(
    await news(),
    ofPhones.map((presence, at) => toldOf(presence, how[at] ?? '')),
  );
});

t.test('P10: what a phone says again is no news, and nobody has to look at the company anew', async (t) => {
  const one = await instance(t, place);
  await publishes(one, { newTag: 'a', presence: 'away', seconds: 600 });
  await until(() => presenceAt(one) === 'away');
  const before = one.offices.current.tenants.get(acme);
  t.equal(await publishes(one, { tag: 'a', newTag: 'b', seconds: 900 }), 'same');
  await one.offices.readPersonal(acme);
  t.equal(one.offices.current.tenants.get(acme), before);
  t.same(await news(), [toldOf('away', 'publish')]);
});

t.test('P12, P17: it lapses while the service is stopped: who listens hears of it all the same', async (t) => {
  const first = await instance(t, place);
  await publishes(first, { newTag: 'a', presence: 'away', seconds: 0.05 });
  first.offices.stop();
  const over = Date.now() + 60;
  await until(() => Date.now() > over);
  const second = await instance(t, place);
  await until(async () => (await news()).length === 2);
  t.equal(presenceAt(second), 'available');
  t.same((await news())[1], toldOf('available', 'lapse'));
});

t.test('a Redis that comes back empty is told it again as it was: for its time, under its tag', async (t) => {
  const one = await instance(t, place);
  await publishes(one, { newTag: 'a', presence: 'do-not-disturb', seconds: 600 });
  await until(() => presenceAt(one) === 'do-not-disturb');
  await redis.flushall();
  await one.offices.readPersonal(acme);
  t.equal(presenceAt(one), 'do-not-disturb');
  t.equal(await publishes(one, { tag: 'a', newTag: 'b', seconds: 0 }), 'published');
  await until(() => presenceAt(one) === 'available');
});

t.test('P8: each tag is good for one step', async (t) => {
  const { puts, presence } = await opened(t);
  await puts({ newTag: 'a', presence: 'away', seconds: 600 });
  t.equal(await puts({ tag: 'a', newTag: 'b', seconds: 600 }), 'same');
  t.equal(await puts({ tag: 'a', newTag: 'c', seconds: 600 }), 'unknown');
  t.equal(await puts({ tag: 'b', newTag: 'c', seconds: 600 }, carol), 'unknown', 'of another extension');
  t.equal(await puts({ tag: 'b', newTag: 'c', presence: 'away', seconds: 600 }), 'same');
  t.equal(await puts({ tag: 'c', newTag: 'd', presence: 'available', seconds: 600 }), 'published');
  t.same(await presence(), { presence: 'available' });
  t.equal(await puts({ tag: 'd', newTag: 'e', seconds: 0 }), 'published');
  t.equal(await presence(), undefined);
});

t.test('P13: of two phones the one that spoke last counts, and a code or a program over both', async (t) => {
  const { store, puts, presence } = await opened(t);
  await store.setPersonal(acme, bob, { presence: 'away', refusesPickup: true });
  await puts({ newTag: 'a', presence: 'available', seconds: 600 });
  await puts({ newTag: 'b', presence: 'do-not-disturb', seconds: 600 });
  t.same(await presence(), { refusesPickup: true, presence: 'do-not-disturb' });
  t.equal(await puts({ tag: 'a', newTag: 'c', seconds: 600 }), 'same', 'to go on is to say nothing');
  t.match(await presence(), { presence: 'do-not-disturb' });
  await puts({ tag: 'b', newTag: 'd', seconds: 0 });
  t.match(await presence(), { presence: 'available' }, 'the other phone still says so');
  await store.setPersonal(acme, bob, { refusesPickup: false });
  t.match(await presence(), { presence: 'available' }, 'that says nothing of it');
  await store.setPersonal(acme, bob, { presence: 'away' });
  t.same(await presence(), { refusesPickup: false, presence: 'away' });
  t.equal(await puts({ tag: 'c', newTag: 'e', seconds: 600 }), 'unknown', 'it has to say so anew');
});

t.test('another presence is news, by whom and how it was said; the same is none', async (t) => {
  const one = await instance(t, place);
  const tenant = one.offices.current.tenants.get(acme);
  if (!tenant) throw new Error('no acme');
  const says = (presence: 'available' | 'away', by?: typeof carol) =>
    one.offices.setPersonal(tenant, bob, { presence, ...(by ? { how: 'api', by } : { how: 'code' }) });
  await says('available');
  await says('away');
  await says('away', carol);
  await one.offices.setPersonal(tenant, bob, { refusesPickup: true, how: 'code' });
  await publishes(one, { newTag: 'a', presence: 'away', seconds: 600 });
  await says('available', carol);
  t.same(await news(), [toldOf('away', 'code'), { ...toldOf('available', 'api'), by: carol }]);
  await one.store.setPersonal(acme, bob, { presence: 'away' });
  t.equal((await news()).length, 2, 'what is only brought back is none either');
});

t.test('P13: ten phones of an extension, and no more; those whose time is over do not count', async (t) => {
  const { puts, presence } = await opened(t);
  for (let i = 0; i < 10; i += 1) await puts({ newTag: `t${i}`, presence: 'away', seconds: 600 });
  const one = { newTag: 'x', presence: 'available', seconds: 600 } as const;
  t.equal(await puts(one), 'full');
  t.equal(await puts({ ...one, tag: 't3' }), 'published', 'one that goes on is none more');
  const kept = await redis.hget(key, bob);
  await redis.hset(key, bob, (kept ?? '').replaceAll(/"until":\d+/g, '"until":1'));
  t.same(await presence(), {}, 'nothing lasts any more');
  t.equal(await puts({ tag: 'x', newTag: 'y', seconds: 600 }), 'unknown');
  t.equal(await puts(one), 'published');
});

t.test('what is kept is read as it is at a moment, and what is none is refused', async (t) => {
  const refused: string[] = [];
  const read = (published: unknown, now: number, presence = 'away') => {
    const hash = { 101: JSON.stringify({ presence, published }) };
    return saidAt(
      readPersonals(hash, (each) => void refused.push(each)),
      now,
    );
  };
  const one = { a: { presence: 'available', at: 5, until: 100 } };
  t.same(read(one, 99), { 101: { presence: 'available' } });
  t.same(read(one, 100), { 101: { presence: 'away' } }, 'its time is over');
  const asleep = { a: { presence: 'asleep', at: 1, until: 9 } };
  for (const odd of [null, 7, 'x', [], { a: {} }, { a: 7 }, { a: null }, asleep]) {
    t.same(read(odd, 1), { 101: { presence: 'away' } });
  }
  t.same(refused, []);
  t.same(read(one, 1, 'asleep'), {});
  t.same(refused, ['101']);
});
