import t from 'tap';
import { hashOf } from '../../../src/adapters/redis/dialog-changes.js';
import { keys } from '../../../src/adapters/redis/keys.js';
import type { CallId } from '../../../src/domain/names.js';
import { readExtension, readTenantId } from '../../../src/domain/names.js';
import { carol } from '../../domain/acme.js';
import { allKeys, askOf, byCarol, callOf, emptyStore, names, overOf, redis, ring, stateOf, token } from './office.js';

/** CRC16-CCITT (XMODEM), by which a Redis Cluster finds the slot of a key. */
const crc16 = (text: string): number => {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
};

/** The slot of a key: of the text in its first braces, if there is some (Redis Cluster specification). */
const slotOf = (key: string): number => crc16(/\{(.+?)\}/.exec(key)?.[1] ?? key) % 16_384;

t.test('all keys of one tenant are in one hash slot', async (t) => {
  t.equal(crc16('123456789'), 0x31c3, 'the test vector of the specification');
  for (const tenant of ['acme', 'other', 'x'.repeat(63)]) {
    const own = names(tenant, '101');
    const made = [
      keys.prefix(own.tenant),
      keys.call(own.tenant, 'c1' as CallId),
      keys.ringing(own.tenant, own.extension),
      keys.dialogs(own.tenant, own.extension),
      keys.dialog(own.tenant, hashOf('x{y}@here')),
      keys.dialogNumber(own.tenant),
      keys.bindings(own.tenant, own.extension),
    ];
    t.equal(new Set(made.map(slotOf)).size, 1, tenant);
    t.equal(new Set(made).size, made.length, 'and no two are the same key');
    for (const key of made) t.ok(key.startsWith(keys.prefix(own.tenant)), key);
  }
  t.not(slotOf(keys.prefix(names('acme', '1').tenant)), slotOf(keys.prefix(names('other', '1').tenant)));
});

const hostile = [
  '*',
  '?',
  '[a-z]*',
  ':',
  'a:b',
  '{x}',
  '}:{',
  'acme}:call:x',
  '101\n',
  '101\r\nFLUSHALL\r\n',
  '\u0000',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '+inf',
  '%s',
  "'; return redis.call('FLUSHALL') --",
  ']]return 1',
  '../..',
  '101 c1 leg',
  'ä',
  '👩‍👩‍👧',
  '\ud800',
  'x'.repeat(64),
  'x'.repeat(65_536),
];

t.test('no name makes a key outside its tenant', async (t) => {
  const store = await emptyStore();
  const tenants = ['acme', 'other', ...hostile].flatMap((name) => readTenantId(name) ?? []);
  const extensions = hostile.flatMap((name) => readExtension(name) ?? []);
  t.ok(tenants.length < hostile.length && extensions.length < hostile.length && extensions.length > 3);
  for (const tenant of tenants) {
    for (const target of extensions) {
      const call = callOf(`call-${target}`, { tenant, target, caller: hostile.join('') });
      await ring(store, call);
      await store.claim(askOf('t', { tenant, extensions: [target], picker: target, token: token(hostile.join(' ')) }));
    }
  }
  const made = await allKeys();
  t.ok(made.length >= 4 * tenants.length, 'they were all kept');
  for (const key of made) {
    t.ok(
      tenants.some((tenant) => key.startsWith(`cp:{${tenant}}:`)),
      key,
    );
  }
});

t.test('what callers are named stays a value', async (t) => {
  const store = await emptyStore();
  for (const [index, caller] of hostile.entries()) {
    const call = await ring(store, callOf(`c${index}`, { caller }));
    t.equal(await redis.hget(`cp:{acme}:call:c${index}`, 'caller'), Buffer.from(caller).toString(), 'kept as it is');
    t.match(await store.claim(askOf('t')), { claim: { call: call.id } });
    await store.end(call, 'cancelled', [overOf(call)]);
  }
  t.same(await allKeys(), []);
});

t.test('two tenants with the same numbers never see each other', async (t) => {
  const store = await emptyStore();
  const other = names('other', '101').tenant;
  const call = await ring(store, callOf('c1'));
  t.match(await store.claim(askOf('t', { tenant: other })), { refusal: 'no-call' });

  const twin = await ring(store, callOf('c1', { tenant: other, caller: carol }));
  t.match(await store.claim(askOf('t', { tenant: other })), { refusal: 'own-call' }, 'even under the same call id');
  t.match(await store.claim(askOf('mine')), { claim: { call: 'c1' } });
  t.equal(await stateOf(twin), 'ringing', 'the twin rings on');

  await store.release(other, call.id, token('mine'));
  await store.confirm(twin, byCarol('mine'), []);
  t.equal(await stateOf(call), 'claimed', 'a token opens nothing next door');
  t.equal(await stateOf(twin), 'ringing');
  t.equal(await store.answer(twin), true);
  await store.end(twin, 'cancelled', [overOf(twin)]);
  t.equal(await stateOf(call), 'claimed');
  t.ok((await allKeys()).every((key) => key.startsWith('cp:{acme}:')));
});
