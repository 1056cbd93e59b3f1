import fc from 'fast-check';
import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import type { CallId, Extension } from '../../../src/domain/names.js';
import type { CallStore, ClaimResult } from '../../../src/flows/ports.js';
import { acme, alice, bob, carol, dave, number } from '../../domain/acme.js';
import { askOf, byCarol, callOf, connectAgain, emptyStore, names, redis, ring, stateOf, token } from './office.js';

const named = (call: string) => ({ call: call as CallId });

const said = (result: ClaimResult): string => (result.ok ? result.claim.call : result.refusal);

t.test('only the call that is named will do', async (t) => {
  const store = await emptyStore();
  await ring(store, callOf('older'), 1_000);
  const call = await ring(store, callOf('wanted'), 2_000);
  const claim = await store.claim(askOf('t', named('wanted')));
  t.match(claim, { ok: true, claim: { call: 'wanted', owner: 'here', target: bob, ringingSince: 2_000, token: 't' } });
  t.equal(await stateOf(call), 'claimed');
  t.equal(said(await store.claim(askOf('second', { ...named('wanted'), picker: dave }))), 'lost-race');
  await store.withdraw(askOf('t', named('wanted')));
  t.equal(await stateOf(call), 'ringing', 'it is withdrawn where it was found');
  await store.claim(askOf('third', named('wanted')));
  await store.release(acme.id, call.id, token('third'));
  t.equal(said(await store.claim(askOf('fourth'))), 'older', 'the other one was left alone');
});

t.test('what may come of a named call', async (t) => {
  const store = await emptyStore();
  t.equal(said(await store.claim(askOf('t', named('gone')))), 'no-call', 'there is no such call');
  await store.begin(callOf('silent'), []);
  t.equal(said(await store.claim(askOf('t', named('silent')))), 'no-call', 'it does not ring yet');

  await ring(store, callOf('elsewhere', { target: dave }));
  t.equal(said(await store.claim(askOf('t', named('elsewhere')))), 'no-call', 'the policy was asked about Bob');
  const both = { ...named('elsewhere'), extensions: [bob, dave] };
  t.equal(said(await store.claim(askOf('t', both))), 'elsewhere');

  await ring(store, callOf('free'));
  t.equal(said(await store.claim(askOf('t', { ...named('free'), extensions: [] }))), 'no-call', 'about nobody');
  await ring(store, callOf('own', { caller: carol }));
  t.equal(said(await store.claim(askOf('t', named('own')))), 'own-call');
  await ring(store, callOf('private', { isPrivate: true }));
  t.equal(said(await store.claim(askOf('t', named('private')))), 'private-call');
  t.equal(said(await store.claim(askOf('t', { ...named('private'), picker: bob }))), 'private', 'Bob’s other phone');

  const answered = await ring(store, callOf('answered'));
  await store.answer(answered);
  t.equal(
    said(await store.claim(askOf('t', named('answered')))),
    'lost-race',
    'RFC 3891 section 3: early dialogs only',
  );
  const picked = await ring(store, callOf('picked'));
  await store.claim(askOf('first', named('picked')));
  await store.confirm(picked, byCarol('first'), []);
  t.equal(said(await store.claim(askOf('t', named('picked')))), 'lost-race');
  t.equal(await stateOf(picked), 'connected', 'and it stays with whoever has it');

  await redis.del('cp:{acme}:call:answered');
  t.equal(said(await store.claim(askOf('t', named('answered')))), 'no-call', 'its owner died');
  t.equal(await redis.zscore('cp:{acme}:calls', 'answered'), null, 'and it is not met again');
  const { tenant } = names('other', bob);
  await ring(store, callOf('theirs', { tenant }));
  t.equal(said(await store.claim(askOf('t', named('theirs')))), 'no-call', 'another company’s');
});

t.test('of 50 claims of one named call over two connections, one wins', async (t) => {
  const stores = [await emptyStore(), redisCallStore(await connectAgain(), makeKnownPhones())];
  await ring(stores[0] as CallStore, callOf('c1'));
  const asks = Array.from({ length: 50 }, (_, i) => stores[i % 2]?.claim(askOf(`t${i}`, named('c1'))));
  t.equal((await Promise.all(asks)).filter((result) => result?.ok).length, 1);
});

t.test('private calls are skipped, and named as the reason only if nothing else was to be had', async (t) => {
  const store = await emptyStore();
  const wide = { extensions: [bob, dave] };
  await ring(store, callOf('private', { isPrivate: true }), 1_000);
  t.equal(said(await store.claim(askOf('t', wide))), 'private-call');
  await ring(store, callOf('own', { caller: carol }), 500);
  t.equal(said(await store.claim(askOf('t', wide))), 'private-call', 'that tells more than "your own call"');
  await ring(store, callOf('young', { target: dave }), 3_000);
  t.equal(said(await store.claim(askOf('t', wide))), 'young', 'the next one is taken instead');
  t.equal(said(await store.claim(askOf('t2', wide))), 'lost-race', 'some of it was to be had');
  t.equal(await stateOf(callOf('private')), 'ringing', 'nothing came of it');
  await store.end(callOf('own'), 'cancelled', []);
  t.equal(
    said(await store.claim(askOf('t', { picker: bob }))),
    'private',
    'Bob’s other phone takes it without naming it',
  );
});

/** One call of a random situation. */
interface Situation {
  readonly target: Extension;
  readonly caller: Extension;
  readonly isPrivate: boolean;
  readonly since: number;
  readonly state: 'trying' | 'ringing' | 'claimed' | 'lapsed' | 'connected' | 'dead';
}

const people = [alice, bob, carol, dave, number('104')];

const situations = fc.array(
  fc.record<Situation>({
    target: fc.constantFrom(...people),
    caller: fc.constantFrom(...people),
    isPrivate: fc.boolean(),
    since: fc.integer({ min: 1, max: 4 }),
    state: fc.constantFrom('trying', 'ringing', 'ringing', 'claimed', 'lapsed', 'connected', 'dead'),
  }),
  { maxLength: 8 },
);

/** Has the same situation in a company. */
const arrange = async (store: CallStore, tenant: typeof acme.id, calls: readonly Situation[]) => {
  for (const [index, { since, state, ...changes }] of calls.entries()) {
    const call = callOf(`c${index}`, { ...changes, tenant });
    const key = `cp:{${tenant}}:call:c${index}`;
    await store.begin(call, []);
    if (state !== 'trying') await ring(store, call, since);
    const held = { state: 'claimed', claim: 'old', picker: 'x', claimedUntil: state === 'lapsed' ? 1 : '9'.repeat(15) };
    if (state === 'claimed' || state === 'lapsed') await redis.hset(key, held);
    if (state === 'connected') await store.answer(call);
    if (state === 'dead') await redis.del(key);
  }
};

/** Numbers at which nothing rings: with them the script goes through all calls of the company. */
const fillers = Array.from({ length: 65 }, (_, i) => number(`2${String(i).padStart(3, '0')}`));

t.test('more than 64 extensions: the same calls in the same order, and the same refusals', async (t) => {
  const [narrow, wide] = ['narrow', 'wide'].map((name) => names(name, '1').tenant) as [typeof acme.id, typeof acme.id];
  const verdicts = new Map<string, number>();
  const property = fc.asyncProperty(
    situations,
    fc.constantFrom(...people),
    fc.subarray(people),
    async (calls, picker, reach) => {
      const store = await emptyStore();
      await arrange(store, narrow, calls);
      await arrange(store, wide, calls);
      for (let i = 0; i <= calls.length; i += 1) {
        const one = said(await store.claim(askOf(`t${i}`, { tenant: narrow, picker, extensions: reach })));
        const many = [...fillers, ...reach];
        const other = said(await store.claim(askOf(`t${i}`, { tenant: wide, picker, extensions: many })));
        if (one !== other) throw new Error(`${one} among few, ${other} among many`);
        verdicts.set(one.replace(/^c\d$/, 'claimed'), (verdicts.get(one) ?? 0) + 1);
      }
    },
  );
  await t.resolves(fc.assert(property, { numRuns: 150, seed: 3 }));
  const all = ['claimed', 'lost-race', 'no-call', 'own-call', 'private-call'];
  t.same([...verdicts.keys()].sort(), all, 'and every verdict was among them');
});

t.test('a claim among very many is withdrawn where it was won', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  const wide = { extensions: [...fillers, bob] };
  t.equal(said(await store.claim(askOf('t', wide))), 'c1');
  await store.withdraw(askOf('wrong', wide));
  t.equal(await stateOf(call), 'claimed');
  await store.withdraw(askOf('t', wide));
  t.equal(await stateOf(call), 'ringing');
});

t.test('among very many the script goes through the calls of the company, not through the extensions', async (t) => {
  await emptyStore();
  const sets: number[] = [];
  const counting = new Proxy(redis, {
    get: (client, name) => {
      if (name !== 'cpClaim') return Reflect.get(client, name);
      return (count: number, ...rest: string[]) => {
        sets.push(count);
        return client.cpClaim(count, ...rest);
      };
    },
  });
  const store = redisCallStore(counting, makeKnownPhones());
  for (const extensions of [[bob], fillers.slice(0, 64), fillers.slice(0, 65)])
    await store.claim(askOf('t', { extensions }));
  await store.claim(askOf('t', named('c1')));
  t.same(sets, [1, 64, 1, 1]);
});
