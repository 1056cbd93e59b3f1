import t from 'tap';
import { documentReader as reader } from '../../../src/adapters/office/document-reader.js';
import { importOffice } from '../../../src/flows/import-office.js';
import { acme, bob, fileOf, type OwnStore, openStore, place, redis } from './stage.js';

t.beforeEach(() => redis.flushall());

const imports = ({ store }: Pick<OwnStore, 'store'>, file = fileOf(), isRehearsal = false) =>
  importOffice({ store, reader }, file, { isRehearsal });

t.test('a rehearsal writes nothing and says what would be written', async (t) => {
  const own = await openStore(t, place);
  const file = fileOf({}, { brands: { plain: {} } });
  t.match(await imports(own, file, true), {
    ok: true,
    imported: [
      { became: 'written', version: 1 },
      { tenant: 'acme', became: 'written', version: 1 },
    ],
  });
  t.equal(await redis.dbsize(), 0);
  t.match(await imports(own, file), { ok: true });
  t.match(await imports(own, file), { imported: [{ became: 'unchanged' }, { became: 'unchanged', version: 1 }] });
});

t.test('what only the store has must agree with what is imported', async (t) => {
  const own = await openStore(t, place);
  const { store } = own;
  const beta = { domains: ['b.example'], brand: 'plain', extensions: { 900: {} } };
  await store.saveInstallation({ version: 0, document: { brands: { plain: {} } } });
  await store.save({ id: 'beta' as typeof acme, version: 0, document: beta });
  const raw = await redis.keys('*');
  t.same(await imports(own, fileOf({ domains: ['B.EXAMPLE'], default: true })), {
    ok: false,
    faults: [{ path: ['tenants', 'acme', 'domains', '0'], why: 'is the domain of beta already' }],
  });
  t.same(await imports(own, fileOf({}, { brands: { plain: { codes: { steal: ['900'] } } } })), {
    ok: false,
    faults: [{ path: ['tenants', 'beta', 'extensions', '900'], why: 'is the code of steal' }],
  });
  t.same(await redis.keys('*'), raw, 'nothing was written');
  t.match(await imports(own, fileOf({}, { brands: { other: {} } })), { ok: true });
  t.match((await store.installation()).document, { brands: { plain: {}, other: {} } }, 'other brands stay');
});

t.test('passwords that are not said stay; those of others are not given to them', async (t) => {
  const own = await openStore(t, place);
  await imports(own, fileOf({ extensions: { 101: { password: 'geheim' }, 102: { password: 'secret' }, 103: {} } }));
  await own.store.setPersonal(acme, bob, { refusesPickup: true });
  await imports(own, fileOf({ extensions: { 102: { name: 'Carol' }, 103: { password: 'new' }, 104: {} } }));
  t.match((await own.store.tenant(acme))?.document, {
    extensions: { 102: { name: 'Carol', password: 'secret' }, 103: { password: 'new' } },
  });
  t.notMatch(JSON.stringify(await own.store.tenant(acme)), /geheim|refusesPickup/, 'who is gone leaves nothing');
});

t.test('the secret of a webhook that is not said stays, as long as there is a webhook', async (t) => {
  const own = await openStore(t, place);
  const webhook = { url: 'https://hooks.example/' };
  const secret = 'sixteen letters!';
  const stored = async () => {
    const { document } = (await own.store.tenant(acme)) ?? {};
    return (document as { webhook?: object }).webhook;
  };
  await imports(own, fileOf({ extensions: {}, webhook: { ...webhook, secret } }));
  await imports(own, fileOf({ extensions: {}, webhook: { url: 'https://other.example/' } }));
  t.same(await stored(), { url: 'https://other.example/', secret });
  await imports(own, fileOf({ extensions: {}, webhook: { url: 'https://other.example/', secret: `${secret}?` } }));
  t.same(await stored(), { url: 'https://other.example/', secret: `${secret}?` });
  await imports(own, fileOf({ extensions: {} }));
  t.equal(await stored(), undefined);
});

t.test('somebody else writes meanwhile: the import is done once more over that', async (t) => {
  const own = await openStore(t, place);
  await imports(own, fileOf({ extensions: { 101: {}, 102: {} } }));
  let writes = 0;
  const store = {
    ...own.store,
    save: async (...args: Parameters<typeof own.store.save>) => {
      writes += 1;
      if (writes === 1) {
        const document = reader.withIds(acme, { extensions: { 101: { password: 'meanwhile' } } });
        await own.store.save({ id: acme, version: 1, document });
      }
      return own.store.save(...args);
    },
  };
  const result = await imports({ store }, fileOf({ name: 'imported' }));
  t.match(result, { ok: true, imported: [{ became: 'written', version: 3 }] });
  t.match((await own.store.tenant(acme))?.document, {
    name: 'imported',
    extensions: { 101: { password: 'meanwhile' } },
  });

  const never = { ...own.store, save: async () => 'stale' as const };
  t.match(await imports({ store: never }, fileOf({ name: 'lost' })), { imported: [{ became: 'stale' }] });
});

t.test('a stored document that cannot be read is written over by an import', async (t) => {
  const own = await openStore(t, place);
  await redis.sadd('cp:tenants', 'acme');
  await redis.call('HSET', 'cp:{acme}:office', 'version', '7', 'document', '{"broken');
  t.match(await imports(own), { ok: true, imported: [{ became: 'written', version: 8 }] });
});
