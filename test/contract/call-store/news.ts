import t from 'tap';
import { channels } from '../../../src/adapters/redis/keys.js';
import { redisNews } from '../../../src/adapters/redis/news-stream.js';
import type { NumberedNews } from '../../../src/flows/news.js';
import type { CallRecord, CallStore } from '../../../src/flows/ports.js';
import { acme, bob, carol, dave } from '../../domain/acme.js';
import {
  askOf,
  byCarol,
  callOf,
  deaf,
  dialogOf,
  emptyStore,
  hearing,
  listeners,
  names,
  overOf,
  redis,
  ring,
  token,
  untouchable,
} from './office.js';

const news = redisNews(redis, hearing());
const other = names('other', '101').tenant;

/** Listens to a company until the test is over. */
const listen = async (tenant = acme.id): Promise<NumberedNews[]> => {
  const heard: NumberedNews[] = [];
  t.teardown(news.listen(tenant, (each) => void heard.push(each)));
  await listeners(channels.news(tenant), 1);
  return heard;
};

/** Waits until so much was heard. */
const until = async (heard: readonly unknown[], count: number): Promise<void> => {
  while (heard.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
};

/** A call that Carol takes, with everything happening twice that can. */
const picked = async (store: CallStore, call: CallRecord): Promise<void> => {
  await ring(store, call);
  await store.ring(call, 1_000, [dialogOf(call, 'second-leg')]);
  await store.claim(askOf('given-back', { tenant: call.tenant }));
  await store.release(call.tenant, call.id, token('given-back'));
  await store.claim(askOf('t', { tenant: call.tenant }));
  await store.confirm(call, byCarol('wrong'), []);
  for (let i = 0; i < 2; i += 1) await store.confirm(call, { ...byCarol('t'), method: 'replaces' }, []);
  await store.answer(call);
  for (let i = 0; i < 2; i += 1) await store.end(call, 'picked_up', [overOf(call)]);
};

const answered = async (store: CallStore, call: CallRecord): Promise<void> => {
  await ring(store, call);
  for (let i = 0; i < 2; i += 1) await store.answer(call);
  await store.claim(askOf('late', { tenant: call.tenant }));
  await store.confirm(call, byCarol('late'), []);
  await store.end(call, 'answered', [overOf(call)]);
};

t.test('what happens to a call is told once each, in order, to who listens and to who comes back', async (t) => {
  const store = await emptyStore();
  const heard = await listen();
  const shown = { target: bob, caller: '100', callerName: 'Alice Adams', callerNumber: '100', isPrivate: false };
  await picked(store, callOf('c1'));
  await answered(store, callOf('c2', { isPrivate: true }));
  await store.begin(callOf('c3'), []);
  await until(heard, 6);
  const wanted = [
    { event: 'ringing', call: 'c1', ...shown },
    { event: 'picked-up', picker: carol, method: 'replaces', call: 'c1', ...shown },
    { event: 'ended', result: 'picked_up', call: 'c1', ...shown },
    { event: 'ringing', call: 'c2', ...shown, isPrivate: true },
    { event: 'answered', call: 'c2', ...shown, isPrivate: true },
    { event: 'ended', result: 'answered', call: 'c2', ...shown, isPrivate: true },
  ];
  t.same(
    heard.map((each) => each.news),
    wanted,
  );
  t.same(await news.since(acme.id, '0'), heard, 'with the same ids and times');
  for (const { id, at } of heard) t.equal(at, Number(id.split('-')[0]));
  t.ok(Math.abs((heard[0]?.at ?? 0) - Date.now()) < 3_600_000, 'milliseconds since 1970');
  t.same(await news.since(acme.id, heard[2]?.id ?? ''), heard.slice(3), 'who comes back hears what came after');
  t.same(await news.since(acme.id, heard[5]?.id ?? ''), []);
  const left = await redis.pttl('cp:{acme}:news');
  t.ok(left > 3_500_000 && left <= 3_600_000, 'kept for an hour');
});

t.test('a call that nobody noted any more tells nothing', async (t) => {
  const store = await emptyStore();
  await store.end(callOf('never'), 'cancelled', []);
  await store.answer(callOf('never'));
  await store.confirm(callOf('never'), byCarol('t'), []);
  await store.ring(callOf('never'), 1_000, [dialogOf(callOf('never'))]);
  t.same(await news.since(acme.id, '0'), []);
});

t.test('that a call waits is told while it rings, claimed or not, and never afterwards', async (t) => {
  const store = await emptyStore();
  const call = callOf('c1');
  const waits = () => store.waits(call, { group: 'sales', seconds: 5 });
  t.equal(await waits(), false, 'there is no such call');
  await store.begin(call, []);
  t.equal(await waits(), false, 'nothing rings yet');
  await store.ring(call, 1_000, [dialogOf(call)]);
  t.equal(await waits(), true);
  await store.claim(askOf('t', {}));
  t.equal(await waits(), true, 'a pickup may fail');
  await store.confirm(call, byCarol('t'), []);
  t.equal(await waits(), false);
  const told = (await news.since(acme.id, '0')).map((each) => each.news);
  t.same(
    told.map(({ event }) => event),
    ['ringing', 'waiting', 'waiting', 'picked-up'],
  );
  t.match(told[1], { call: 'c1', target: bob, group: 'sales', seconds: 5, callerName: 'Alice Adams' });
  await store.end(call, 'picked_up', [overOf(call)]);
});

t.test('a caller who wants to be anonymous stays so', async (t) => {
  const store = await emptyStore();
  const hidden = callOf('c1', { isAnonymous: true, callerName: '', callerNumber: '' });
  await picked(store, hidden);
  const told = await news.since(acme.id, '0');
  t.equal(told.length, 3);
  for (const each of told) t.match(each.news, { caller: '', callerName: '', callerNumber: '' });
  t.notMatch(JSON.stringify(told), /Alice|"100"/);
});

t.test('names that are hard to write come back as they were', async (t) => {
  const store = await emptyStore();
  const heard = await listen();
  const hard = [
    '"',
    '\\',
    '\n',
    ' a b ',
    '\u2028',
    '👩‍👩‍👧',
    '\u0000',
    '{"event":"ended"}',
    "'",
    '-- @news',
    '$&',
    '%s',
  ];
  for (const [index, callerName] of hard.entries()) await ring(store, callOf(`c${index}`, { callerName }));
  await until(heard, hard.length);
  t.same(
    heard.map(({ news: told }) => 'callerName' in told && told.callerName),
    hard,
  );
  t.same(await news.since(acme.id, '0-0'), heard);
});

t.test('another company hears nothing, live or later', async (t) => {
  const store = await emptyStore();
  const [ours, theirs] = [await listen(), await listen(other)];
  await picked(store, callOf('c1', { tenant: other }));
  await until(theirs, 3);
  await ring(store, callOf('c1', { target: dave }));
  await until(ours, 1);
  t.match(ours, [{ news: { event: 'ringing', target: dave } }]);
  t.same(await news.since(acme.id, '0'), ours);
  t.same(await news.since(other, '0'), theirs);
});

t.test('who stops listening hears no more, and the others hear on', async (t) => {
  const store = await emptyStore();
  const tenant = names('third', '101').tenant;
  const [one, two]: [NumberedNews[], NumberedNews[]] = [[], []];
  const stop = news.listen(tenant, (each) => void one.push(each));
  const stopToo = news.listen(tenant, (each) => void two.push(each));
  await listeners(channels.news(tenant), 1);
  await ring(store, callOf('c1', { tenant }));
  await until(two, 1);
  stop();
  stop();
  await ring(store, callOf('c2', { tenant }));
  await until(two, 2);
  t.equal(one.length, 1);
  stopToo();
  await listeners(channels.news(tenant), 0);
  t.pass('and in the end the channel is left');
});

t.test('ids that are none of the stream', async (t) => {
  const store = await emptyStore();
  await ring(store, callOf('c1'));
  const blind = redisNews(untouchable, deaf);
  for (const id of [
    '',
    '-',
    '+',
    '$',
    '*',
    '-1',
    '1-',
    '(0',
    '1e3',
    '0x1',
    'now',
    '1 2',
    '1-1-1',
    '٣',
    '9'.repeat(40),
  ]) {
    t.same(await blind.since(acme.id, id), [], id);
  }
  for (const id of [
    '0',
    '0-0',
    '1',
    '1-99999999999999999999',
    '18446744073709551615',
    '99999999999999999999',
    '9'.repeat(19),
  ]) {
    await t.resolves(news.since(acme.id, id), `${id} is no reason to fail`);
  }
  t.equal((await news.since(acme.id, '000')).length, 1);
});

t.test('the stream keeps the last ten thousand or so', async (t) => {
  const store = await emptyStore();
  const add = "for i = 1, 12000 do redis.call('XADD', KEYS[1], i .. '-1', 'news', '{}') end";
  await redis.eval(add, 1, 'cp:{acme}:news');
  await ring(store, callOf('c1'));
  const length = await redis.xlen('cp:{acme}:news');
  t.ok(length >= 10_000 && length < 10_500, String(length));
});
