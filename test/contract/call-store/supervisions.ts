import t from 'tap';
import { redisNews } from '../../../src/adapters/redis/news-stream.js';
import { redisSupervisions } from '../../../src/adapters/redis/supervisions.js';
import type { CallId } from '../../../src/domain/names.js';
import type { CallRecord } from '../../../src/flows/ports.js';
import type { Supervision } from '../../../src/flows/supervision.js';
import { acme, bob, carol, dave } from '../../domain/acme.js';
import {
  allKeys,
  callOf,
  connectAgain,
  deaf,
  emptyStore,
  heldOf,
  names,
  overOf,
  redis,
  ring,
  untouchable,
} from './office.js';

const supervisions = redisSupervisions(redis, { lease: 60_000 });
const news = redisNews(redis, deaf);
const other = names('other', '101').tenant;

/** Dave listens to Bob's call. */
const supervisionOf = (call: CallRecord, changes: Partial<Supervision> = {}): Supervision => ({
  ...{ id: `listens-${call.id}`, call: call.id, supervisor: dave, colleague: bob, mode: 'listen', since: 1_000 },
  ...changes,
});

/** The events of a company, with what was told of supervisions. */
const told = async (tenant = acme.id): Promise<object[]> =>
  (await news.since(tenant, '0')).flatMap((each) => ('supervision' in each.news ? [each.news] : []));

t.test('a supervision is noted, told once each and found with its call, and nothing of it stays', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await store.answer(call);
  const supervision = supervisionOf(call);
  for (let i = 0; i < 2; i += 1) await supervisions.tell(call, 'began', supervision);
  const whispers = { ...supervision, mode: 'whisper' } as const;
  t.match(await supervisions.find(acme.id, supervision.id), {
    ...supervision,
    of: { id: 'c1', target: bob, caller: '100', state: 'connected', owner: call.owner },
  });
  for (let i = 0; i < 2; i += 1) await supervisions.tell(call, 'changed', whispers);
  const second = supervisionOf(call, { id: 'earlier', supervisor: carol, since: 500 });
  await supervisions.tell(call, 'began', second);
  t.match(await supervisions.list(acme.id), [second, whispers], 'the one that has lasted longest first');
  await supervisions.tell(call, 'ended', second);
  await supervisions.tell(call, 'ended', whispers);
  const parts = { supervision: supervision.id, supervisor: dave, colleague: bob, call: 'c1', target: bob };
  const wanted = [
    { ...parts, event: 'supervision-began', mode: 'listen' },
    { ...parts, event: 'supervision-changed', mode: 'whisper' },
    { ...parts, event: 'supervision-began', supervision: 'earlier', supervisor: carol },
    { ...parts, event: 'supervision-ended', supervision: 'earlier', supervisor: carol },
    { ...parts, event: 'supervision-ended', mode: 'whisper' },
  ];
  const events = await told();
  t.equal(events.length, wanted.length);
  t.match(events, wanted);
  t.same(await supervisions.list(acme.id), []);
  await store.end(call, 'answered', [overOf(call)]);
  t.same(await allKeys(), []);
});

t.test('a supervision is there as long as its call is; its end is told all the same', async () => {
  const store = await emptyStore();
  const [one, two] = [await ring(store, callOf('c1')), await ring(store, callOf('c2'))];
  await supervisions.tell(callOf('never'), 'began', supervisionOf(callOf('never')));
  t.same(await told(), [], 'a call that nobody noted');
  await supervisions.tell(one, 'began', supervisionOf(one));
  await supervisions.tell(two, 'began', supervisionOf(two));
  await store.end(one, 'answered', []);
  t.match(await supervisions.list(acme.id), [{ call: 'c2' }]);
  t.equal(await supervisions.find(acme.id, 'listens-c1'), undefined);
  await supervisions.tell(one, 'ended', supervisionOf(one));
  t.match((await told()).at(-1), { event: 'supervision-ended', call: 'c1' });
  await supervisions.tell(two, 'changed', supervisionOf(two, { mode: 'barge' }));

  const three = await ring(store, callOf('c3'));
  await store.end(two, 'answered', []);
  await supervisions.tell(three, 'changed', supervisionOf(two, { call: 'c3' as CallId }));
  t.match(await supervisions.list(acme.id), [{ id: 'listens-c2', call: 'c3', of: { id: 'c3' } }], 'followed');
});

t.test('the walls of a company, and ids that are none', async () => {
  const store = await emptyStore();
  const ours = await ring(store, callOf('c1'));
  await supervisions.tell(ours, 'began', supervisionOf(ours));
  t.same(await supervisions.list(other), []);
  t.equal(await supervisions.find(other, 'listens-c1'), undefined);
  t.same(await told(other), []);
  const blind = redisSupervisions(untouchable);
  for (const id of ['', 'a b', '*', 'a'.repeat(65), 'ü', 'x\n', '../c1']) {
    t.equal(await blind.find(acme.id, id), undefined, id);
  }
  t.equal(await supervisions.find(acme.id, 'listens-c9'), undefined);
});

t.test('it lapses with the calls, and is kept by renewing them', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await redisSupervisions(redis, { lease: 5_000 }).tell(call, 'began', supervisionOf(call));
  const before = await redis.pttl('cp:{acme}:supervisions');
  t.ok(before > 0 && before <= 5_000, String(before));
  await store.renew([heldOf(call)]);
  t.ok((await redis.pttl('cp:{acme}:supervisions')) > 5_000, 'renewed');
});

t.test('what cannot be noted while Redis is away is noted later, and only the last word', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  const again = await connectAgain();
  const own = redisSupervisions(again, { lease: 60_000 });
  t.teardown(() => own.stop());
  await own.tell(call, 'began', supervisionOf(call));
  const closed = new Promise((done) => again.once('end', done));
  again.disconnect();
  await closed;
  await t.rejects(own.tell(call, 'changed', supervisionOf(call, { mode: 'whisper' })));
  await t.rejects(own.tell(call, 'changed', supervisionOf(call, { mode: 'barge' })));
  t.match(await supervisions.list(acme.id), [{ mode: 'listen' }]);
  await again.connect();
  while ((await supervisions.list(acme.id))[0]?.mode !== 'barge') await new Promise((later) => setTimeout(later, 20));
  t.equal((await told()).length, 1, 'and is not told any more');
});
