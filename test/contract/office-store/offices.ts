import t from 'tap';
import type { Fault } from '../../../src/domain/tenant-document.js';
import { acme, beta, bob, carol, fileOf, instance, place, redis, renamed, until } from './stage.js';

t.beforeEach(() => redis.flushall());

t.test('two instances that start at once write once, and have the same office', async (t) => {
  const [one, other] = await Promise.all([instance(t, place), instance(t, place)]);
  t.equal(await redis.hget('cp:{acme}:office', 'version'), '1');
  t.equal(await redis.hget('cp:installation', 'version'), '1');
  const written = [one, other].map(({ lines }) => lines.count('tenant written to the store'));
  t.same(written.sort(), [0, 1]);
  t.same(one.offices.document(acme), other.offices.document(acme));
  t.match(one.offices.document(acme)?.customer, /^[0-9a-f]{24}$/, 'ids were given');
  t.equal(other.offices.current.defaultTenant?.id, 'acme');
  t.equal(other.offices.current.sipAuth, 'none');
});

t.test('a change is in force here at once, and elsewhere as soon as it is heard', async (t) => {
  const [one, other] = [await instance(t, place), await instance(t, place)];
  await until(async () => (await redis.pubsub('NUMSUB', 'cp:office'))[1] === 2);
  const before = one.offices.current;
  t.same(await one.offices.change(acme, renamed('Acme Limited')), { ok: true, version: 2 });
  t.equal(one.offices.current.tenants.get(acme)?.name, 'Acme Limited');
  t.equal(before.tenants.get(acme)?.name, 'acme', 'an office that somebody holds does not change under him');
  await until(() => other.offices.current.tenants.get(acme)?.name === 'Acme Limited');
  t.equal(other.offices.current.tenants.get(acme)?.version, 2);
  t.same(
    await other.offices.change(acme, renamed('Acme Limited')),
    { ok: true, version: 2 },
    'no change is no version',
  );
});

t.test('of a hundred changes at once at three instances none is lost', async (t) => {
  const all = [await instance(t, place), await instance(t, place), await instance(t, place)];
  const numbers = Array.from({ length: 100 }, (_, i) => String(300 + i));
  // Who hears that the store is away (a busy machine makes it late) asks again, as a program would.
  const add = async (number: string, i: number): Promise<boolean> => {
    for (;;) {
      const result = await all[i % 3]?.offices.change(acme, (document) => {
        document.extensions[number] = {};
        return { ok: true, document };
      });
      if (result?.ok || result?.why !== 'store-unreachable') return result?.ok === true;
    }
  };
  const results = await Promise.all(numbers.map(add));
  t.ok(results.every(Boolean));
  const stored = JSON.parse((await redis.hget('cp:{acme}:office', 'document')) ?? '{}');
  t.same(Object.keys(stored.extensions), ['101', '102', ...numbers]);
  t.equal(await redis.hget('cp:{acme}:office', 'version'), '101');
});

t.test('a change that would be wrong changes nothing and says what is wrong', async (t) => {
  const { offices } = await instance(
    t,
    place,
    fileOf({}, { tenants: { beta: { extensions: {}, domains: ['b.example'] } } }),
  );
  const raw = await redis.hgetall('cp:{acme}:office');
  const faultsOf = async (changes: object): Promise<readonly Fault[]> => {
    const changed = await offices.change(acme, (document) => ({ ok: true, document: { ...document, ...changes } }));
    return changed.ok || changed.why !== 'faults' ? [] : changed.faults;
  };
  t.same(await faultsOf({ colour: 'red' }), [{ path: ['colour'], why: 'is not known' }], 'its shape');
  t.match(await faultsOf({ pickupGroups: { sales: { members: ['7'] } } }), [
    { path: ['pickupGroups', 'sales', 'members', '0'], why: 'there is no extension "7"' },
  ]);
  t.match(await faultsOf({ domains: ['B.example'] }), [
    { path: ['domains', '0'], why: 'is the domain of beta already' },
  ]);
  t.match(await faultsOf({ brand: 'fancy' }), [{ path: ['brand'] }]);
  t.same(await offices.change(acme, () => ({ ok: false, refusal: 'no' })), {
    ok: false,
    why: 'refused',
    refusal: 'no',
  });
  t.same(await offices.change('gone' as typeof acme, renamed('x')), { ok: false, why: 'no-such-tenant' });
  await t.rejects(
    offices.change(acme, () => {
      throw new Error('surprise');
    }),
    'a surprise in the edit is handed on',
  );
  t.same(await redis.hgetall('cp:{acme}:office'), raw);
  t.match(await offices.change(acme, renamed('still')), { ok: true, version: 2 });
});

t.test('the edit gets a copy of the newest document, again if somebody else was quicker', async (t) => {
  const [one, other] = [await instance(t, place), await instance(t, place)];
  const seen: (string | undefined)[] = [];
  let between: Promise<unknown> = Promise.resolve();
  const changed = await one.offices.change(acme, (document) => {
    seen.push(document.name);
    document.extensions = {};
    if (seen.length === 1) between = other.offices.change(acme, renamed('between'));
    return seen.length === 1
      ? { ok: true, document: { ...document, extensions: { 101: {}, 102: {} }, name: 'lost' } }
      : { ok: false, refusal: 'enough' };
  });
  await between;
  t.ok(changed.ok || seen.includes('between'), 'whoever comes second has seen the first');
  t.same(
    Object.keys(one.offices.document(acme)?.extensions ?? {}),
    ['101', '102'],
    'what is in force was never touched',
  );
});

t.test('brands: a change reaches their companies, and must be right for all of them', async (t) => {
  const brands = { plain: { codes: { steal: ['*66'] } } };
  const file = fileOf({ brand: 'plain' }, { brands });
  const [one, other] = [await instance(t, place, file), await instance(t, place, file)];
  await until(async () => (await redis.pubsub('NUMSUB', 'cp:office'))[1] === 2);
  const brandWith = (code: string) =>
    one.offices.changeInstallation((document) => {
      return { ok: true, document: { ...document, brands: { plain: { codes: { steal: [code] } } } } };
    });
  t.same(await brandWith('*67'), { ok: true, version: 2 });
  t.same(one.offices.current.tenants.get(acme)?.codes.steal, ['*67']);
  await until(() => other.offices.current.tenants.get(acme)?.codes.steal?.[0] === '*67');
  t.match(await brandWith('101'), {
    ok: false,
    why: 'faults',
    faults: [{ path: ['tenants', 'acme', 'extensions', '101'], why: 'is the code of steal' }],
  });
  t.match(await brandWith('*95'), { ok: false, faults: [{ path: ['brands', 'plain', 'codes'] }, {}] });
  const without = await one.offices.changeInstallation(() => ({ ok: true, document: {} }));
  t.match(without, { ok: false, faults: [{ path: ['tenants', 'acme', 'brand'], why: 'there is no brand "plain"' }] });
  const open = await one.offices.changeInstallation(() => ({ ok: true, document: { brands, sipAuth: 'none' } }));
  t.match(open, { ok: false, faults: [{ path: ['sipAuth'], why: 'is said in the office file only' }] });
  t.same(one.offices.installation(), { brands: { plain: { codes: { steal: ['*67'] } } }, sipAuth: 'none' });
});

t.test('what people say of themselves stands over the document, at every instance', async (t) => {
  const file = fileOf({ extensions: { 101: {}, 102: { refusesPickup: true } } });
  const [one, other] = [await instance(t, place, file), await instance(t, place, file)];
  await until(async () => (await redis.pubsub('NUMSUB', 'cp:office'))[1] === 2);
  const tenant = one.offices.current.tenants.get(acme);
  if (!tenant) throw new Error('no acme');
  t.equal(await one.offices.setPersonal(tenant, bob, { refusesPickup: true }), true);
  t.equal(await one.offices.setPersonal(tenant, bob, { presence: 'away' }), true);
  t.equal(await one.offices.setPersonal(tenant, carol, { refusesPickup: false }), true);
  const seenBy = ({ offices }: typeof one) => {
    const { extensions } = offices.current.tenants.get(acme) ?? tenant;
    return [extensions.get(bob)?.refusesPickup, extensions.get(bob)?.presence, extensions.get(carol)?.refusesPickup];
  };
  t.same(seenBy(one), [true, 'away', false]);
  await until(() => seenBy(other).join() === 'true,away,false');

  const removed = await other.offices.change(acme, (document) => {
    delete document.extensions[bob];
    return { ok: true, document };
  });
  t.match(removed, { ok: true });
  const back = await other.offices.change(acme, (document) => {
    document.extensions[bob] = {};
    return { ok: true, document };
  });
  t.match(back, { ok: true });
  t.same(seenBy(other), [false, 'available', false], 'who has the number next has said nothing yet');
  await until(() => seenBy(one).join() === 'false,available,false');
});

t.test('a company that came by import is there too', async (t) => {
  const one = await instance(t, place);
  await until(async () => (await redis.pubsub('NUMSUB', 'cp:office'))[1] === 1);
  await one.store.save({ id: beta, version: 0, document: { extensions: { 900: {} } } });
  await until(() => one.offices.current.tenants.has(beta));
  t.same([...one.offices.current.tenants.keys()], ['acme', 'beta']);
});
