import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { acme, alice, bob, carol, dave } from '../../domain/acme.js';
import {
  askOf,
  byCarol,
  callOf,
  connectAgain,
  emptyStore,
  redis,
  ring,
  stateOf,
  token,
  untilLapsed,
} from './office.js';

t.test('of two pickers, one gets the call', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  const claims = await Promise.all([store.claim(askOf('a')), store.claim(askOf('b', { picker: dave }))]);
  t.equal(claims.filter(({ ok }) => ok).length, 1);
  t.match(
    claims.find(({ ok }) => !ok),
    { ok: false, refusal: 'lost-race' },
  );
  t.match(
    claims.find(({ ok }) => ok),
    { claim: { call: 'c1', owner: 'here', target: bob, ringingSince: 1_000 } },
    'and hears whose it is, and since when it rings',
  );
  t.equal(await stateOf(call), 'claimed');
});

t.test('of 200 claims over four connections, one wins, twenty times', async (t) => {
  const stores = [await emptyStore()];
  for (let i = 0; i < 3; i += 1) stores.push(redisCallStore(await connectAgain(), makeKnownPhones()));
  for (let round = 0; round < 20; round += 1) {
    await ring(stores[0] as (typeof stores)[0], callOf(`r${round}`));
    const asks = Array.from({ length: 200 }, (_, i) => stores[i % 4]?.claim(askOf(`t${round}-${i}`)));
    const won = (await Promise.all(asks)).filter((result) => result?.ok);
    t.equal(won.length, 1);
  }
});

t.test('oldest first, then the smaller id, over all extensions of the picker', async (t) => {
  const store = await emptyStore();
  await ring(store, callOf('young'), 3_000);
  await ring(store, callOf('b-twin', { target: dave }), 2_000);
  await ring(store, callOf('a-twin', { target: alice, caller: '999' }), 2_000);
  await ring(store, callOf('old', { target: dave }), 1_000);
  const order: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    const result = await store.claim(askOf(`t${i}`, { extensions: [bob, dave, alice] }));
    order.push(result.ok ? result.claim.call : result.refusal);
  }
  t.same(order, ['old', 'a-twin', 'b-twin', 'young', 'lost-race'], 'a lost one falls through to the next');
});

t.test("one's own call and other people's outgoing calls are no candidates", async (t) => {
  const store = await emptyStore();
  t.match(await store.claim(askOf('t')), { refusal: 'no-call' });
  await ring(store, callOf('own', { caller: carol }));
  t.match(await store.claim(askOf('t')), { refusal: 'own-call' });
  t.match(
    await store.claim(askOf('t', { extensions: [alice] })),
    { refusal: 'no-call' },
    'Alice calls, nobody calls her',
  );
  t.match(await store.claim(askOf('t', { picker: dave })), { ok: true }, 'another may have it');
  t.match(await store.claim(askOf('t')), { refusal: 'own-call' });
  await ring(store, callOf('other'), 2_000);
  t.match(await store.claim(askOf('t')), { claim: { call: 'other' } }, 'the next one is taken instead');
  t.match(await store.claim(askOf('t')), { refusal: 'lost-race' }, 'what rings is gone, and some of it was to be had');
});

t.test('a claim lapses by the clock of Redis, not by ours', async (t) => {
  const store = await emptyStore({ lease: 60_000, claim: 150 });
  const call = await ring(store, callOf('c1'));
  t.match(await store.claim(askOf('first')), { ok: true });
  const clock = Date.now;
  t.teardown(() => {
    Date.now = clock;
  });
  Date.now = () => clock() + 3_600_000;
  const soon = await store.claim(askOf('soon', { picker: dave }));
  Date.now = () => clock() - 3_600_000;
  await untilLapsed(call);
  t.match(await store.claim(askOf('second', { picker: dave })), { ok: true }, 'then another may have it');
  t.match(soon, { refusal: 'lost-race' }, 'an hour later by our clock was no time at all');
});

t.test('only who shows the token confirms or releases', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await store.claim(askOf('right'));
  for (const wrong of ['', 'wrong', 'righ', 'right ', 'RIGHT', '*']) {
    await store.release(acme.id, call.id, token(wrong));
    await store.confirm(call, byCarol(wrong), []);
    t.equal(await stateOf(call), 'claimed', JSON.stringify(wrong));
  }
  await store.release(acme.id, call.id, token('right'));
  t.equal(await stateOf(call), 'ringing');
  await store.confirm(call, byCarol('right'), []);
  t.equal(await stateOf(call), 'ringing', 'a claim that was given back confirms nothing');
  t.match(await store.claim(askOf('second', { picker: dave })), { ok: true }, 'the next picker has it');
  await store.release(acme.id, call.id, token('right'));
  t.equal(await stateOf(call), 'claimed', 'and the first cannot take it away again');
  await store.confirm(call, byCarol('second'), []);
  t.equal(await stateOf(call), 'connected');
  t.match(await store.claim(askOf('third')), { refusal: 'no-call' }, 'a connected call rings no more');
});

t.test('a claim that lapsed and was taken by another stays the other one', async (t) => {
  const store = await emptyStore({ lease: 60_000, claim: 1 });
  const call = await ring(store, callOf('c1'));
  await store.claim(askOf('late'));
  await untilLapsed(call);
  const patient = redisCallStore(redis, makeKnownPhones());
  t.match(await patient.claim(askOf('next', { picker: dave })), { ok: true });
  await store.confirm(call, byCarol('late'), []);
  t.equal(await stateOf(call), 'claimed', 'the late confirm changes nothing');
  await store.confirm(call, byCarol('next'), []);
  t.equal(await stateOf(call), 'connected');
});

t.test('a claim whose outcome was never heard is withdrawn, by its token, wherever it was won', async (t) => {
  const store = await emptyStore();
  const [one, two] = [await ring(store, callOf('c1'), 1_000), await ring(store, callOf('c2', { target: dave }), 2_000)];
  const wide = { extensions: [bob, dave] };
  await store.withdraw(askOf('unheard', wide));
  t.equal(await stateOf(one), 'ringing', 'it was never won');
  await store.claim(askOf('first', wide));
  await store.claim(askOf('second', { extensions: [dave] }));
  for (const wrong of ['', 'wrong', 'firs', 'first ']) await store.withdraw(askOf(wrong, wide));
  t.same([await stateOf(one), await stateOf(two)], ['claimed', 'claimed'], 'only by its token');
  await store.withdraw(askOf('first', wide));
  t.same([await stateOf(one), await stateOf(two)], ['ringing', 'claimed'], 'and only its own call');
  t.equal(await redis.hexists('cp:{acme}:call:c1', 'picker'), 0, 'and nothing tells of the picker any more');
  t.match(await store.claim(askOf('third', wide)), { claim: { call: 'c1' } }, 'which the next picker may have');
  await store.withdraw(askOf('first', wide));
  t.equal(await stateOf(one), 'claimed', 'once');
  await store.confirm(one, byCarol('third'), []);
  await store.withdraw(askOf('third', wide));
  t.equal(await stateOf(one), 'connected', 'what was confirmed is not taken back');
});

t.test("the callee's answer and a picker's claim, in every order", async (t) => {
  const store = await emptyStore();
  const answeredFirst = await ring(store, callOf('c1'));
  t.equal(await store.answer(answeredFirst), true);
  t.match(await store.claim(askOf('t')), { refusal: 'no-call' });
  t.equal(await store.answer(answeredFirst), false, 'a second phone of the callee is too late');

  const claimedFirst = await ring(store, callOf('c2'));
  await store.claim(askOf('t2'));
  t.equal(await store.answer(claimedFirst), false, 'the picker has it');
  await store.release(acme.id, claimedFirst.id, token('t2'));
  t.equal(await store.answer(claimedFirst), true, 'given back, the callee may answer');

  const confirmed = await ring(store, callOf('c3'));
  await store.claim(askOf('t3'));
  await store.confirm(confirmed, byCarol('t3'), []);
  t.equal(await store.answer(confirmed), false);

  const hasty = await emptyStore({ lease: 60_000, claim: 1 });
  const lapsed = await ring(hasty, callOf('c4'));
  await hasty.claim(askOf('t4'));
  await untilLapsed(lapsed);
  t.equal(await hasty.answer(lapsed), true, 'a claim that lapsed stands in nobody’s way');
  await hasty.confirm(lapsed, byCarol('t4'), []);
  t.equal(await stateOf(lapsed), 'connected', 'and its confirm comes too late to matter');

  const silentPhone = callOf('c5');
  await hasty.begin(silentPhone, []);
  t.equal(await hasty.answer(silentPhone), true, 'a phone may answer without ringing');
  t.equal(await hasty.answer(callOf('unknown')), true, 'a call that the store has lost is the callee’s');
});

t.test('answers and claims at the same time: exactly one has the call, 200 times', async (t) => {
  const store = await emptyStore();
  const other = redisCallStore(await connectAgain(), makeKnownPhones());
  let picked = 0;
  for (let i = 0; i < 200; i += 1) {
    const call = await ring(store, callOf(`x${i}`));
    const both = [() => store.answer(call), async () => (await other.claim(askOf(`t${i}`))).ok];
    const [one, two] = await Promise.all((i % 2 ? both : both.reverse()).map((ask) => ask()));
    t.not(one, two);
    if ((await stateOf(call)) === 'claimed') picked += 1;
    await store.end(call, 'cancelled', []);
  }
  t.comment(`${picked} of 200 went to the picker`);
});
