import t from 'tap';
import { documentReader } from '../../../src/adapters/office/document-reader.js';
import { acme, beta, bob, fileOf, instance, place, redis, redisOf, renamed, until } from './stage.js';

t.beforeEach(() => redis.flushall());

const versionOf = (id: string) => redis.hget(`cp:{${id}}:office`, 'version');

t.test('what was changed survives a restart, until the file says something else', async (t) => {
  const first = await instance(t, place);
  await first.offices.change(acme, renamed('changed'));
  const tenant = first.offices.current.tenants.get(acme);
  if (!tenant) throw new Error('no acme');
  await first.offices.setPersonal(tenant, bob, { refusesPickup: true });
  first.offices.stop();

  const second = await instance(t, place);
  t.equal(second.offices.current.tenants.get(acme)?.name, 'changed');
  t.equal(second.offices.current.tenants.get(acme)?.extensions.get(bob)?.refusesPickup, true);
  t.equal(await versionOf('acme'), '2', 'nothing was written');
  second.offices.stop();

  const third = await instance(t, place, fileOf({ ringSeconds: 20 }));
  t.match(
    third.offices.current.tenants.get(acme),
    { name: 'acme', ringSeconds: 20, version: 3 },
    'the section has changed',
  );
  t.match(third.lines.facts('tenant taken over from the office file'), { tenant: 'acme', version: 3 });
  t.equal(third.offices.current.tenants.get(acme)?.extensions.get(bob)?.refusesPickup, true, 'what people said stays');
  await third.offices.change(acme, renamed('changed again'));
  third.offices.stop();

  const fourth = await instance(t, place, fileOf({ ringSeconds: 20 }));
  t.match(fourth.offices.current.tenants.get(acme), { name: 'changed again', version: 4 }, 'once, not at each start');
  fourth.offices.stop();

  const fifth = await instance(t, place, fileOf({ extensions: { 102: {} } }));
  t.same(await fifth.store.personal(acme), {}, 'what was said for an extension that is gone is forgotten');
  fifth.offices.stop();

  const sixth = await instance(t, place);
  t.match(
    sixth.offices.current.tenants.get(acme),
    { name: 'acme', version: 6 },
    'the file as it was first is a change too',
  );
  t.equal(sixth.offices.current.tenants.get(acme)?.extensions.get(bob)?.refusesPickup, false);
});

t.test('only the section that has changed is taken over', async (t) => {
  const betas = (name: string) => ({ tenants: { beta: { name, extensions: {} } } });
  const first = await instance(t, place, fileOf({}, betas('Beta')));
  await first.offices.change(acme, renamed('changed'));
  await first.offices.change(beta, renamed('changed'));
  first.offices.stop();
  const second = await instance(t, place, fileOf({}, betas('Beta Limited')));
  t.equal(second.offices.current.tenants.get(acme)?.name, 'changed');
  t.equal(second.offices.current.tenants.get(beta)?.name, 'Beta Limited');
  second.offices.stop();
  const third = await instance(t, place);
  t.equal(third.offices.current.tenants.get(beta)?.name, 'Beta Limited', 'a company that left the file stays');
});

t.test('what was imported is not undone by a file that says the same', async (t) => {
  const first = await instance(t, place);
  const { document } = fileOf({ ringSeconds: 20 }).tenants.acme
    ? { document: fileOf({ ringSeconds: 20 }).tenants.acme }
    : {};
  if (!document) throw new Error('no acme');
  const imported = documentReader.fingerprint(document);
  await first.store.save({ id: acme, version: 1, document: documentReader.withIds(acme, document) }, { imported });
  await until(() => first.offices.current.tenants.get(acme)?.ringSeconds === 20);
  await first.offices.change(acme, renamed('changed after the import'));
  first.offices.stop();

  const second = await instance(t, place, fileOf({ ringSeconds: 20 }));
  t.match(second.offices.current.tenants.get(acme), { name: 'changed after the import', ringSeconds: 20 });
  second.offices.stop();
  const third = await instance(t, place);
  t.match(third.offices.current.tenants.get(acme), { name: 'acme', ringSeconds: 60 }, 'another file is a change');
});

t.test('two instances that start at once with a changed file take it over once', async (t) => {
  const first = await instance(t, place);
  first.offices.stop();
  const all = await Promise.all([1, 2, 3].map(() => instance(t, place, fileOf({ name: 'new' }))));
  t.equal(await versionOf('acme'), '2');
  t.equal(
    all.reduce((sum, { lines }) => sum + lines.count('tenant taken over from the office file'), 0),
    1,
  );
  for (const { offices } of all) t.equal(offices.current.tenants.get(acme)?.name, 'new');
});

t.test('brands of the file are put over the store’s; how phones prove who they are is the file’s alone', async (t) => {
  const first = await instance(t, place, fileOf({}, { brands: { plain: {} } }));
  await first.offices.changeInstallation(({ brands }) => ({
    ok: true,
    document: { brands: { ...brands, other: { codes: { steal: ['*66'] } } } },
  }));
  first.offices.stop();
  const same = await instance(t, place, fileOf({}, { brands: { plain: {} }, sipAuth: 'digest' }));
  t.same(same.offices.installation(), {
    sipAuth: 'digest',
    brands: { plain: {}, other: { codes: { steal: ['*66'] } } },
  });
  t.equal(same.offices.current.sipAuth, 'digest');
  t.notMatch(await redis.hget('cp:installation', 'document'), /sipAuth/);
  same.offices.stop();
  const changed = await instance(t, place, fileOf({}, { brands: { plain: { codes: { steal: ['*67'] } } } }));
  t.match(changed.offices.installation().brands, { plain: { codes: { steal: ['*67'] } }, other: {} });
});

t.test('a section that collides with a company of the store is not taken over', async (t) => {
  const first = await instance(t, place, { tenants: { beta: { extensions: {}, domains: ['acme.example'] } } });
  first.offices.stop();
  const second = await instance(t, place);
  t.same([...second.offices.current.tenants.keys()], ['beta'], 'the domain is beta’s: acme is not in force');
  t.match(second.lines.facts('section of the office file not taken over'), {
    faults: ['domains.0: is the domain of beta already'],
  });
  t.equal(await versionOf('acme'), null);
});

t.test('a stored document that cannot be read is reported, and the last good one stays in force', async (t) => {
  const { offices, lines, store } = await instance(t, place);
  await until(async () => (await redis.pubsub('NUMSUB', 'cp:office'))[1] === 1);
  const spoil = async (version: number, document: string) => {
    await redis.call('HSET', 'cp:{acme}:office', 'version', String(version), 'document', document);
    await redis.publish('cp:office', 'tenant acme');
  };
  await spoil(2, '{"broken');
  await until(() => lines.count('stored tenant refused') === 1);
  t.match(lines.facts('stored tenant refused'), {
    tenant: 'acme',
    version: 2,
    faults: ['the document: must be object'],
  });
  await spoil(3, '{"extensions":{"101":{}},"pickupGroups":{"sales":["7"]}}');
  await until(() => lines.count('stored tenant refused') === 2);
  await spoil(4, '{"extensions":{},"ofTheNextRelease":true}');
  await until(() => lines.count('stored tenant refused') === 3);
  t.match(offices.current.tenants.get(acme), { version: 1, name: 'acme' });
  t.match(
    await offices.change(acme, renamed('lost')),
    { ok: false, why: 'faults', faults: [{ path: ['ofTheNextRelease'], why: 'is not known' }] },
    'it is not written over: a newer release may have made it',
  );
  t.equal(await versionOf('acme'), '4');

  await store.save({ id: acme, version: 4, document: { name: 'mended', extensions: {} } });
  await until(() => offices.current.tenants.get(acme)?.name === 'mended');
});

t.test('Redis comes back empty: what the instances know is written again, once', async (t) => {
  const [one, other] = [await instance(t, place), await instance(t, place)];
  await one.offices.change(acme, renamed('changed'));
  const tenant = one.offices.current.tenants.get(acme);
  if (!tenant) throw new Error('no acme');
  await one.offices.setPersonal(tenant, bob, { refusesPickup: true });
  await until(() => other.offices.current.tenants.get(acme)?.extensions.get(bob)?.refusesPickup === true);
  await redis.flushall();
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await until(async () => (await versionOf('acme')) !== null && (await redis.exists('cp:installation')) === 1);
  await until(async () => (await redis.hget('cp:{acme}:personal', '101')) !== null);
  t.equal(await versionOf('acme'), '3', 'under the next version');
  await until(() => [one, other].every(({ offices }) => offices.current.tenants.get(acme)?.version === 3));
  t.equal(
    one.lines.count('the store had lost a tenant, written again') +
      other.lines.count('the store had lost a tenant, written again'),
    1,
  );
  for (const { offices } of [one, other]) t.equal(offices.current.tenants.get(acme)?.name, 'changed');
});

t.test('a change that nobody told of is found when the news come again', async (t) => {
  const { offices } = await instance(t, place);
  await until(async () => (await redis.pubsub('NUMSUB', 'cp:office'))[1] === 1);
  const { customer } = offices.document(acme) ?? {};
  const document = JSON.stringify({ name: 'in silence', customer, extensions: {} });
  await redis.call('HSET', 'cp:{acme}:office', 'version', '2', 'document', document);
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await until(() => offices.current.tenants.get(acme)?.name === 'in silence');
});

t.test('Redis away at the start, and later', async (t) => {
  const server = await redisOf(t);
  const own = { unixSocket: server.unixSocket };
  await server.kill();
  const { offices, lines } = await instance(t, own);
  t.equal(offices.current.defaultTenant?.extensions.size, 2, 'the file is in force');
  t.same(await offices.change(acme, renamed('x')), { ok: false, why: 'store-unreachable' });
  t.same(await offices.changeInstallation(() => ({ ok: true, document: {} })), { ok: false, why: 'store-unreachable' });
  const tenant = offices.current.defaultTenant;
  if (!tenant) throw new Error('no acme');
  t.equal(await offices.setPersonal(tenant, bob, { refusesPickup: true }), false);
  t.equal(
    offices.current.defaultTenant?.extensions.get(bob)?.refusesPickup,
    false,
    'what was not noted is not in force',
  );
  t.equal(lines.count('store away, the last office stays in force'), 1);

  await server.restart();
  await until(() => lines.count('tenant written to the store') === 1);
  t.match(await offices.change(acme, renamed('changed')), { ok: true, version: 2 });
  await server.kill();
  await until(async () => !(await offices.change(acme, renamed('lost'))).ok);
  t.equal(offices.current.defaultTenant?.name, 'changed', 'the last office stays in force');
  await server.restart();
  await until(async () => (await offices.change(acme, renamed('again'))).ok);
  t.equal(offices.current.defaultTenant?.name, 'again');
});
