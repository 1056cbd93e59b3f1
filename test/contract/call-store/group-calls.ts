import t from 'tap';
import { redisCallDirectory } from '../../../src/adapters/redis/call-directory.js';
import type { GroupId } from '../../../src/domain/group.js';
import type { CallRecord, CallStore } from '../../../src/flows/ports.js';
import { acme, alice, bob, carol, dave, number } from '../../domain/acme.js';
import { askOf, byCarol, callOf, emptyStore, heldOf, redis, stateOf } from './office.js';

const service = number('800');

const groupCall = (id: string, changes: Partial<CallRecord> = {}): CallRecord =>
  callOf(id, { target: service, group: service, ...changes });

/** Begins a group's call, and lets it ring at these extensions. */
const ringAt = async (store: CallStore, call: CallRecord, ...ringsAt: CallRecord['target'][]): Promise<CallRecord> => {
  await store.begin(call, []);
  const ringing = { ...call, ringsAt };
  await store.ring(ringing, 1_000, []);
  return ringing;
};

/** What stands of calls that are over. */
const leftOver = async (): Promise<string[]> =>
  (await redis.keys('cp:{acme}:*')).filter((key) => /:(call|calls|ringing)(:|$)/.test(key));

t.test("a group's call is found at every extension where it rings, and at no other", async (t) => {
  const store = await emptyStore();
  const call = await ringAt(store, groupCall('g1'), bob, dave);
  t.match(await store.claim(askOf('a', { extensions: [alice] })), { refusal: 'no-call' });
  for (const own of [bob, dave]) {
    t.match(await store.claim(askOf('c', { extensions: [own] })), { claim: { call: 'g1', target: service } }, own);
    t.match(await store.claim(askOf('d', { picker: alice, extensions: [bob, dave] })), { ok: false });
    await store.release(acme.id, call.id, askOf('c').token);
  }
  const named = { call: call.id };
  t.match(
    await store.claim(askOf('e', { ...named, extensions: [alice] })),
    { refusal: 'no-call' },
    'not by its name either',
  );
  t.match(await store.claim(askOf('f', { ...named, extensions: [alice, dave] })), { ok: true });
});

t.test('where it rings no more it is not found', async (t) => {
  const store = await emptyStore();
  const call = await ringAt(store, groupCall('g1'), bob);
  await store.left(call, [bob]);
  t.match(await store.claim(askOf('a')), { refusal: 'no-call' });
  await store.ring({ ...call, ringsAt: [dave] }, 5_000, []);
  t.match(await store.claim(askOf('b', { call: call.id })), { refusal: 'no-call' }, 'by no name either');
  const claimed = await store.claim(askOf('c', { extensions: [dave] }));
  t.match(claimed, { claim: { call: 'g1', ringingSince: 1_000 } }, 'and it has waited all the while');
  await store.left(call, []);
});

t.test('who answers is whom the call is for from then on', async (t) => {
  const store = await emptyStore();
  const call = await ringAt(store, groupCall('g1'), bob, dave);
  t.equal(await store.answer(call, dave), true);
  t.match(await redisCallDirectory(redis).list(acme.id), [{ target: dave, state: 'connected' }]);
  t.match(await store.claim(askOf('late')), { ok: false }, 'and it rings nowhere');
  t.match(
    await store.claim(askOf('late', { call: call.id })),
    { refusal: 'lost-race' },
    'who wanted it hears that it is too late',
  );
  await store.left(call, [bob, dave]);
  await store.end({ ...call, target: dave }, 'answered', []);
  t.equal(await stateOf(call), 'ended');
  t.same(await leftOver(), [], 'nothing of it stays');
});

t.test('who picks up has it, and nothing of it stays', async (t) => {
  const store = await emptyStore();
  const call = await ringAt(store, groupCall('g1'), bob, dave);
  await store.claim(askOf('mine', { picker: carol, extensions: [dave] }));
  t.equal(await store.answer(call, bob), false, 'the claim is the picker’s');
  await store.confirm(call, byCarol('mine'), []);
  await store.left(call, [bob, dave]);
  await store.end(call, 'picked_up', []);
  t.same(await leftOver(), []);
});

t.test('a member has it although a picker was to have it, who never came: nothing of it stays either', async (t) => {
  const store = await emptyStore();
  const call = await ringAt(store, groupCall('g1'), bob);
  await store.claim(askOf('mine', { picker: carol, extensions: [bob] }));
  t.equal(await store.answer(call, bob), false, 'the store does not know');
  await store.left(call, [bob]);
  await store.end({ ...call, target: bob }, 'answered', []);
  t.same(await leftOver(), []);
});

t.test('it is kept where it rings as long as its owner renews it', async (t) => {
  const store = await emptyStore({ lease: 60_000, claim: 60_000 });
  const call = await ringAt(store, groupCall('g1'), bob, dave);
  for (const own of [bob, dave]) await redis.pexpire(`cp:{acme}:ringing:${own}`, 5_000);
  await store.renew([heldOf(call)]);
  for (const own of [bob, dave]) t.ok((await redis.pttl(`cp:{acme}:ringing:${own}`)) > 10_000, own);
});

t.test('the controllers of the groups that it came through find it wherever it rings', async (t) => {
  const store = await emptyStore();
  const [first, second] = ['a', 'b'].map((digit) => digit.repeat(24)) as [GroupId, GroupId];
  const at = (...ids: GroupId[]) => ids.map((id) => `group:${id}` as const);
  const call = { ...groupCall('g1'), groups: [first] };
  await store.begin(call, []);
  await store.ring({ ...call, ringsAt: [bob] }, 1_000, []);
  t.match(await redisCallDirectory(redis).list(acme.id), [{ group: service, ringsAt: [bob], groups: [first] }]);
  const asks: [what: string, changes: Parameters<typeof askOf>[1], outcome: object][] = [
    ['in the group', { extensions: at(first) }, { ok: true }],
    ['among others', { extensions: [alice, ...at(second, first)] }, { ok: true }],
    ['after others', { extensions: [alice], further: [at(first)] }, { ok: true }],
    ['by its name', { call: call.id, extensions: at(first) }, { ok: true }],
    ['in another group', { extensions: at(second) }, { refusal: 'no-call' }],
    ['in another group, by its name', { call: call.id, extensions: at(second) }, { refusal: 'no-call' }],
    ['at the extension, through the group', { through: at(second, first) }, { ok: true }],
    ['at the extension, through another', { through: at(second) }, { refusal: 'no-call' }],
    ['elsewhere, through the group', { extensions: [dave], through: at(first) }, { refusal: 'no-call' }],
  ];
  for (const [index, [what, changes, outcome]] of asks.entries()) {
    const token = String(index);
    t.match(await store.claim(askOf(token, changes)), outcome, what);
    await store.release(acme.id, call.id, askOf(token).token);
  }

  await store.ring({ ...call, groups: [first, second], ringsAt: [dave] }, 2_000, []);
  t.match(await store.claim(askOf('x', { extensions: [bob] })), { refusal: 'no-call' }, 'it has gone on');
  t.match(await store.claim(askOf('y', { extensions: at(second) })), { ok: true });
  await store.release(acme.id, call.id, askOf('y').token);
  await store.ring({ ...groupCall('g1'), ringsAt: [dave, alice] }, 3_000, []);
  t.match(
    await store.claim(askOf('z', { extensions: at(first, second) })),
    { refusal: 'no-call' },
    'nobody lets himself be picked up there',
  );
  await store.left(call, [dave, alice, ...at(first, second)]);
  await store.end(call, 'cancelled', []);
  t.same(await leftOver(), []);
});

t.test('it is told of at each extension where it begins to ring', async (t) => {
  const store = await emptyStore();
  await store.begin(groupCall('g1'), []);
  for (const ringsAt of [[bob], [bob], [bob, dave], [dave], [carol]]) {
    await store.ring({ ...groupCall('g1'), ringsAt }, 1_000, []);
  }
  t.equal((await redis.xrange('cp:{acme}:news', '-', '+')).length, 3);
});
