import t from 'tap';
import { redisCallDirectory } from '../../../src/adapters/redis/call-directory.js';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import type { CallId } from '../../../src/domain/names.js';
import type { KnownCall } from '../../../src/flows/call-directory.js';
import { acme, bob, carol, dave } from '../../domain/acme.js';
import {
  askOf,
  byCarol,
  callOf,
  dialogOf,
  emptyStore,
  long,
  names,
  overOf,
  redis,
  ring,
  untouchable,
  uuid,
} from './office.js';

const directory = redisCallDirectory(redis);
const other = names('other', '101').tenant;
const idsOf = (calls: readonly KnownCall[]) => calls.map(({ id }) => id);

/** What somebody may send where an id of ours is asked for. */
const hostileIds = [
  '',
  '*',
  'c1',
  'ABCDEFAB-0000-4000-8000-000000000001',
  `${uuid(1)} `,
  `${uuid(1)}\n`,
  `${uuid(1)}x`,
  uuid(1).slice(1),
  `${uuid(1)}:legs`,
  '../../../../../../../../../../../../..',
  '-'.repeat(37),
  '}:call:{acme}',
  '__proto__',
  '\u0000'.repeat(36),
  '‐'.repeat(36),
  'x'.repeat(100_000),
];

t.test('a call as any instance reads it, from its beginning to its end', async (t) => {
  const store = await emptyStore();
  const call = callOf(uuid(1), { isPrivate: true });
  const before = Date.now() - 5_000;
  await store.begin(call, []);
  const own = { ...call, state: 'trying', startedAt: Number };
  const [trying] = await directory.list(acme.id);
  t.match(trying, own);
  t.ok(Number(trying?.startedAt) > before && Number(trying?.startedAt) < Date.now() + 5_000, 'milliseconds since 1970');
  t.notOk(trying && ('ringingAt' in trying || 'answeredAt' in trying || 'picker' in trying));
  await store.ring(call, 7_000, [dialogOf(call)]);
  t.match(await directory.list(acme.id), [{ state: 'ringing', ringingAt: 7_000 }]);
  await redis.hset(`cp:{acme}:call:${call.id}`, 'private', '');
  await store.claim(askOf('t', { call: call.id }));
  t.match(await directory.find(acme.id, call.id), { id: call.id, state: 'claimed', picker: carol, isPrivate: false });
  await store.confirm(call, byCarol('t'), []);
  t.match(await directory.find(acme.id, call.id), { state: 'connected', picker: carol, answeredAt: Number });
  await store.end(call, 'picked_up', [overOf(call)]);
  t.same(await directory.list(acme.id), []);
  t.equal(await directory.find(acme.id, call.id), undefined);

  const outside = await ring(
    store,
    callOf(uuid(2), { caller: '', callerName: '', callerNumber: '', isAnonymous: true }),
  );
  await store.answer(outside);
  const answered = await directory.find(acme.id, outside.id);
  t.match(answered, { state: 'connected', isAnonymous: true, callerName: '', callerNumber: '', target: bob });
  t.notOk(
    answered && ('caller' in answered || 'picker' in answered),
    'nobody of the company, and nobody but the callee',
  );
});

/** Waits until Redis's clock shows another millisecond. */
const nextMillisecond = async (): Promise<void> => {
  const now = async () => {
    const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
    return seconds * 1000 + Math.floor(micros / 1000);
  };
  const began = await now();
  while ((await now()) === began) await new Promise((resolve) => setImmediate(resolve));
};

t.test('calls are listed by when they began, ringing or not, and only those of the company', async (t) => {
  const store = await emptyStore();
  for (const serial of [3, 1, 2]) {
    await store.begin(callOf(uuid(serial), serial === 1 ? { target: dave } : {}), []);
    await nextMillisecond();
  }
  await store.begin(callOf(uuid(9), { tenant: other }), []);
  t.same(idsOf(await directory.list(acme.id)), [uuid(3), uuid(1), uuid(2)]);
  t.same(idsOf(await directory.list(other)), [uuid(9)]);
  t.equal(await directory.find(other, uuid(1) as CallId), undefined);
  t.match(await directory.find(acme.id, uuid(1) as CallId), { id: uuid(1), target: dave });
});

t.test('the calls of a dead instance disappear from the list, and from the index', async (t) => {
  await emptyStore();
  const [brief, lasting] = [{ lease: 50, claim: 50 }, long].map((holds) =>
    redisCallStore(redis, makeKnownPhones(), holds),
  );
  // In one breath: the index lapses with the last lease that it was given.
  await Promise.all([brief?.begin(callOf(uuid(1)), []), lasting?.begin(callOf(uuid(2)), [])]);
  while (await redis.exists(`cp:{acme}:call:${uuid(1)}`)) await new Promise((resolve) => setTimeout(resolve, 2));
  t.equal(await redis.zcard('cp:{acme}:calls'), 2, 'the index does not know yet');
  t.equal(await directory.find(acme.id, uuid(1) as CallId), undefined);
  t.same(idsOf(await directory.list(acme.id)), [uuid(2)]);
  t.same(await redis.zrange('cp:{acme}:calls', '0', '-1'), [uuid(2)]);
});

t.test('at most 5,000 calls of one company are listed, the oldest', async (t) => {
  await emptyStore();
  const make = `for i = 1, 5001 do
    redis.call('HSET', 'cp:{acme}:call:' .. i, 'state', 'ringing', 'startedAt', i)
    redis.call('ZADD', KEYS[1], i, i)
  end`;
  await redis.eval(make, 1, 'cp:{acme}:calls');
  const calls = await directory.list(acme.id);
  t.equal(calls.length, 5_000);
  t.match([calls[0], calls[4_999]], [{ id: '1' }, { id: '5000' }]);
});

t.test('what is no call id of ours does not reach Redis', async (t) => {
  const blind = redisCallDirectory(untouchable);
  for (const id of hostileIds) t.equal(await blind.find(acme.id, id as CallId), undefined, String(id.length));
  await t.rejects(blind.find(acme.id, uuid(1) as CallId), 'one of ours does');
});
