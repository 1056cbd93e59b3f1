import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { redisRegistrar } from '../../../src/adapters/redis/registrar.js';
import { makeSubscriptions } from '../../../src/adapters/redis/subscriptions.js';
import { redisWokenPhones } from '../../../src/adapters/redis/woken-phones.js';
import type { Registration, StoredBinding } from '../../../src/flows/ports.js';
import { acme, bob } from '../../domain/acme.js';
import { allKeys, callOf, names, redis, silent } from './office.js';

const registrar = redisRegistrar(redis);

const bindingOf = (id: string, changes: Partial<StoredBinding> = {}): StoredBinding => ({
  id,
  contact: `sip:101@192.0.2.1;line=${id}`,
  path: ['sip:edge.example;lr'],
  callId: 'register-1',
  cseq: 1,
  expiresAt: Date.now() + 600_000,
  ...changes,
});

const register = async (bindings: readonly StoredBinding[], changes: Partial<Registration> = {}) => {
  const [first] = bindings;
  const result = await registrar.register({
    tenant: acme.id,
    extension: bob,
    callId: first?.callId ?? 'register-1',
    cseq: first?.cseq ?? 1,
    change: bindings.map((binding) => ({ id: binding.id, binding })),
    ...changes,
  });
  return result.ok ? result.bindings.map(({ id }) => id).sort() : result.refusal;
};

const remove = (id: string) => ({ id, binding: undefined });

t.test('phones come, stay and go', async (t) => {
  await redis.flushall();
  t.same(await register([]), [], 'a question about nothing');
  t.same(await register([bindingOf('a')]), ['a']);
  const later = { callId: 'register-2', cseq: 1 };
  t.same(
    await register([bindingOf('b', later), bindingOf('c', later)]),
    ['a', 'b', 'c'],
    'several phones, several lines',
  );
  t.same(await register([]), ['a', 'b', 'c'], 'a question changes nothing');
  t.same(await register([], { ...later, cseq: 2, change: [remove('b'), remove('unknown')] }), ['a', 'c']);
  const begun = await redisCallStore(redis, makeKnownPhones()).begin(callOf('c1'), []);
  t.same(begun.map(({ id }) => id).sort(), ['a', 'c'], 'a call that begins reads them in the same step');
  const place = { contact: 'sip:101@192.0.2.1;line=a', path: ['sip:edge.example;lr'] };
  t.match(
    begun.find(({ id }) => id === 'a'),
    place,
    'with where they are',
  );
  t.same(await register([], { callId: 'x', cseq: 1, change: 'all' }), [], 'Contact: *');
  t.equal(await redis.exists('cp:{acme}:bindings:101'), 0);
});

t.test('RFC 3261 10.3: a REGISTER that comes late changes nothing', async (t) => {
  await redis.flushall();
  t.same(await register([bindingOf('a', { cseq: 5 })]), ['a']);
  t.equal(await register([bindingOf('a', { cseq: 5 })]), 'stale', 'the same again');
  t.equal(await register([bindingOf('a', { cseq: 4 })]), 'stale');
  t.equal(await register([], { cseq: 5, change: [remove('a')] }), 'stale', 'removal too');
  t.equal(await register([], { cseq: 5, change: 'all' }), 'stale', 'and removal of all');
  const both = [bindingOf('new', { cseq: 4 }), bindingOf('a', { cseq: 4 })];
  t.equal(await register(both), 'stale');
  t.same(await register([]), ['a'], 'all or nothing: the new one of a late REGISTER did not stay');
  t.same(await register([bindingOf('a', { callId: 'reboot', cseq: 1 })]), ['a'], 'a phone that restarted counts anew');
  t.same(await register([bindingOf('a', { callId: 'reboot', cseq: 10 })]), ['a'], '10 is more than 9 and than 1');
  t.equal(await register([bindingOf('a', { callId: 'reboot', cseq: 9 })]), 'stale', 'as numbers, not as texts');
  t.same(await register([bindingOf('a', { callId: 'reboot', cseq: 4_294_967_295 })]), ['a'], 'the largest CSeq');
  t.equal(await register([bindingOf('a', { callId: 'reboot', cseq: 4_294_967_294 })]), 'stale');
});

t.test('W4: a phone that a push wakes has one binding, the last', async (t) => {
  await redis.flushall();
  const mobile = (id: string, cseq: number) => bindingOf(id, { push: 'mobile', cseq });
  await register([bindingOf('desk', { callId: 'desk' }), bindingOf('other', { callId: 'desk', push: 'other' })]);
  t.same(await register([mobile('home', 2)]), ['desk', 'home', 'other']);
  t.same(await register([mobile('street', 3)]), ['desk', 'other', 'street'], 'whatever its address');
  t.equal(await register([mobile('home', 2)]), 'stale', 'what comes late takes nothing away');
  const moves = [remove('street'), { id: 'home', binding: mobile('home', 4) }];
  t.same(await register([], { cseq: 4, change: moves }), ['desk', 'home', 'other'], 'taken back and made in one');
  t.same(await register([], { cseq: 5, change: [remove('street')] }), ['desk', 'home', 'other'], 'or behind it');
  t.same(await register([{ ...mobile('train', 1), callId: 'reboot' }]), ['desk', 'other', 'train']);
});

t.test('W3: who waits for a phone hears that it has registered, at whichever instance', async (t) => {
  await redis.flushall();
  const subscriptions = makeSubscriptions(redis, silent);
  t.teardown(() => subscriptions.stop());
  const follow = redisWokenPhones({ subscriptions, registrar, log: silent });
  await subscriptions.ready('cp:woken');
  const told: string[][] = [];
  let wake: () => void = () => undefined;
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const stops = [follow(acme.id, bob), follow(names('other', '101').tenant, bob)].map((each, turn) =>
    each((phones) => {
      told.push([`${turn}`, ...phones.map(({ contact }) => contact)]);
      wake();
    }),
  );
  let heard = next();
  await register([bindingOf('desk')]);
  await register([bindingOf('a', { push: 'a', contact: 'sip:101@street.example' })], { cseq: 2 });
  await heard;
  t.same(
    told.map(([turn, ...all]) => [turn, ...all.sort()]),
    [['0', 'sip:101@192.0.2.1;line=desk', 'sip:101@street.example']],
  );
  stops[0]?.();
  heard = next();
  await register([bindingOf('a', { push: 'a', cseq: 3 })]);
  await register([bindingOf('b', { push: 'b' })], { tenant: names('other', '101').tenant });
  await heard;
  t.equal(told.length, 2, 'the one who has stopped hears no more');
  stops[1]?.();
});

t.test('no more than ten phones', async (t) => {
  await redis.flushall();
  const ten = Array.from({ length: 10 }, (_, i) => bindingOf(`p${i}`));
  t.equal((await register(ten)).length, 10);
  const change = { callId: 'another', cseq: 1 };
  t.equal(await register([bindingOf('eleventh', change)]), 'full');
  t.equal((await register([])).length, 10, 'nothing changed');
  t.equal((await register([bindingOf('p3', change)])).length, 10, 'but each may renew');
  const swap = [remove('p0'), { id: 'eleventh', binding: bindingOf('eleventh', change) }];
  t.equal((await register([], { ...change, change: swap })).length, 10, 'and one may take the place of another');
});

t.test('a registration ends by itself', async (t) => {
  await redis.flushall();
  const soon = Date.now() + 200;
  await register([bindingOf('short', { expiresAt: soon })]);
  await register([bindingOf('long', { callId: 'register-2' })]);
  t.ok((await redis.pttl('cp:{acme}:bindings:101')) > 500_000, 'the key stays for the one that lasts longest');
  while (Date.now() <= soon) await new Promise((resolve) => setTimeout(resolve, 5));
  const begun = await redisCallStore(redis, makeKnownPhones()).begin(callOf('c1'), []);
  t.same(
    begun.map(({ id }) => id),
    ['long'],
    'an expired phone is not rung',
  );
  t.same(await register([]), ['long'], 'and is not told of');
  t.same(await redis.hkeys('cp:{acme}:bindings:101'), ['long'], 'and is not kept');
  await register([], { callId: 'x', change: [remove('long')] });
  await register([bindingOf('only', { callId: 'y', expiresAt: Date.now() + 100 })]);
  while (await redis.exists('cp:{acme}:bindings:101')) await new Promise((resolve) => setTimeout(resolve, 5));
  t.pass('the last one takes the key with it');
});

t.test('one extension, one tenant', async (t) => {
  await redis.flushall();
  const { tenant } = names('other', '101');
  await register([bindingOf('a')]);
  t.same(await register([], { tenant }), []);
  t.same(await register([], { extension: names('acme', '102').extension }), []);
  await register([bindingOf('b')], { tenant });
  t.same(await register([], { callId: 'x', tenant, change: 'all' }), []);
  t.same(await register([]), ['a'], "another tenant's * removes nothing here");
  const nasty = bindingOf('n', { callId: '*', contact: 'sip:"\\\u2028]]@x', userAgent: '\u0000{}"', cseq: 1 });
  t.same(await register([nasty]), ['a', 'n']);
  const kept = await registrar.register({ tenant: acme.id, extension: bob, callId: 'q', cseq: 1, change: [] });
  t.same(kept.ok && kept.bindings.find(({ id }) => id === 'n'), nasty, 'whatever a phone says comes back as it was');
  t.same(
    (await allKeys()).filter((key) => !key.startsWith('cp:{')),
    [],
  );
});

t.test('twenty phones register at once and none is lost', async (t) => {
  await redis.flushall();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => register([bindingOf(`p${i % 10}`, { callId: `r${i}` })])),
  );
  t.ok(answers.every((answer) => Array.isArray(answer)));
  t.equal((await register([])).length, 10);
});
