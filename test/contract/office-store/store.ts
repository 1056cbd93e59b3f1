import t from 'tap';
import type { OfficeChange } from '../../../src/flows/office-store.js';
import { acme, beta, bob, carol, openStore, place, redis, redisOf, until } from './stage.js';

const document = { extensions: { 101: {} } };

t.beforeEach(() => redis.flushall());

t.test('what is written is read, with its version', async (t) => {
  const { store } = await openStore(t, place);
  t.same(await store.load(), { installation: { version: 0, document: {} }, tenants: [] });
  t.equal(await store.tenant(acme), undefined);
  t.equal(await store.save({ id: acme, version: 0, document }), 'saved');
  t.equal(await store.saveInstallation({ version: 0, document: { brands: { plain: {} } } }), 'saved');
  t.same(await store.tenant(acme), { id: acme, version: 1, document, personal: {} });
  t.same(await store.installation(), { version: 1, document: { brands: { plain: {} } } });
  t.same(await store.outline(), { installation: 1, tenants: [{ id: acme, version: 1, personal: {} }] });
  const { tenants } = await store.load();
  t.same(tenants, [{ id: acme, version: 1, document, personal: {} }]);
});

t.test('of two who have read the same version the second writer loses, and nothing of it is written', async (t) => {
  const [one, other] = [await openStore(t, place), await openStore(t, place)];
  const write = (version: number, name: string) => ({ id: acme, version, document: { ...document, name } });
  const firsts = await Promise.all([one, other].map(({ store }) => store.save(write(0, 'first'))));
  t.same(firsts.sort(), ['saved', 'stale'], 'a first document is written once');
  t.equal(await one.store.save(write(1, 'second')), 'saved');
  t.equal(await other.store.save(write(1, 'lost'), { seed: 'lost' }), 'stale');
  t.equal(await other.store.save(write(3, 'lost')), 'stale');
  t.same(await other.store.tenant(acme), { ...write(2, 'second'), personal: {} });
  t.equal(await other.store.saveInstallation({ version: 0, document: {} }), 'saved');
  t.equal(await one.store.saveInstallation({ version: 0, document: {} }), 'stale');
});

t.test('where a document came from stays until it is said otherwise', async (t) => {
  const { store } = await openStore(t, place);
  const origin = async () => {
    const { seed, imported } = (await store.tenant(acme)) ?? {};
    return { seed, imported };
  };
  await store.save({ id: acme, version: 0, document }, { seed: 'one' });
  await store.save({ id: acme, version: 1, document });
  t.same(await origin(), { seed: 'one', imported: undefined });
  await store.save({ id: acme, version: 2, document }, { imported: 'two' });
  t.same(await origin(), { seed: 'one', imported: 'two' });
  await store.save({ id: acme, version: 3, document }, { seed: 'three' });
  t.same(await origin(), { seed: 'three', imported: undefined });
});

t.test('what people say of themselves is put together, and forgotten with their extension', async (t) => {
  const { store } = await openStore(t, place);
  await store.setPersonal(acme, bob, { refusesPickup: true });
  await store.setPersonal(acme, bob, { presence: 'away' });
  await store.setPersonal(acme, carol, { refusesPickup: false });
  t.same(await store.personal(acme), { 101: { refusesPickup: true, presence: 'away' }, 102: { refusesPickup: false } });
  t.same(await store.personal(beta), {}, 'and are nobody else’s');
  await store.forgetPersonal(acme, [bob, '999']);
  t.same(await store.personal(acme), { 102: { refusesPickup: false } });
});

t.test('settings that cannot be read are reported and count as not said', async (t) => {
  const { store, lines } = await openStore(t, place);
  const broken = ['{', '[]', '{"presence":"dead"}', '{"refusesPickup":"yes"}', 'null', '7'];
  for (const [i, json] of broken.entries()) await redis.hset('cp:{acme}:personal', `${200 + i}`, json);
  await redis.hset('cp:{acme}:personal', 'a b', '{}');
  await redis.hset('cp:{acme}:personal', '__proto__', '{"refusesPickup":true}');
  const read = await store.personal(acme);
  t.same(
    Object.values(read).flatMap((each) => Object.values(each)),
    [],
    'nothing was said',
  );
  t.ok(lines.count('stored personal settings refused') >= 7);
  t.equal(({} as { refusesPickup?: boolean }).refusesPickup, undefined);
  await store.setPersonal(acme, '200' as typeof bob, { refusesPickup: true });
  t.same((await store.personal(acme))['200'], { refusesPickup: true }, 'and can be said anew');
});

t.test('everybody hears of every change, and that news were missed', async (t) => {
  const [one, other] = [await openStore(t, place), await openStore(t, place)];
  const heard: OfficeChange[] = [];
  other.store.onChange((change) => heard.push(change));
  await until(async () => (await redis.pubsub('NUMSUB', 'cp:office'))[1] === 1);
  await one.store.save({ id: acme, version: 0, document });
  await one.store.save({ id: acme, version: 0, document });
  await one.store.setPersonal(acme, bob, { refusesPickup: true });
  await one.store.saveInstallation({ version: 0, document: {} });
  await redis.publish('cp:office', 'tenant ../../etc');
  await redis.publish('cp:office', '');
  await until(() => heard.length === 5);
  t.same(heard, [{ tenant: acme }, { tenant: acme, personal: true }, 'installation', 'anything', 'anything']);
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await until(() => heard.length > 5);
  t.equal(heard[5], 'anything');
});

t.test('names on the list that can be no company, or have no document, are none', async (t) => {
  const { store } = await openStore(t, place);
  await redis.sadd('cp:tenants', 'ACME', 'a}b', '', 'gone', 'acme');
  await redis.hset(
    'cp:{acme}:office',
    new Map([
      ['version', '3'],
      ['document', '{"broken'],
    ]),
  );
  t.same(await store.load(), {
    installation: { version: 0, document: {} },
    tenants: [{ id: acme, version: 3, document: undefined, personal: {} }],
  });
});

t.test('Redis is away: every question is refused', async (t) => {
  const server = await redisOf(t);
  const { store, redis: own } = await openStore(t, { unixSocket: server.unixSocket });
  const closed = new Promise((resolve) => own.once('close', resolve));
  await server.kill();
  await closed;
  await t.rejects(store.load());
  await t.rejects(store.outline());
  await t.rejects(store.tenant(acme));
  await t.rejects(store.personal(acme));
  await t.rejects(store.installation());
  await t.rejects(store.save({ id: acme, version: 0, document }));
  await t.rejects(store.saveInstallation({ version: 0, document: {} }));
  await t.rejects(store.setPersonal(acme, bob, {}));
  await t.rejects(store.forgetPersonal(acme, [bob]));
  await t.rejects(store.lapse(acme, bob, { at: 1, otherwise: 'available' }));
});
