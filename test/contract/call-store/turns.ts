import fc from 'fast-check';
import t from 'tap';
import type { Extension } from '../../../src/domain/names.js';
import { bestFirst, type Wanted } from '../../../src/domain/selection.js';
import type { ClaimResult } from '../../../src/flows/ports.js';
import { alice, bob, carol, dave, number } from '../../domain/acme.js';
import { askOf, callOf, emptyStore, ring, stateOf } from './office.js';

const said = (result: ClaimResult): string => (result.ok ? result.claim.call : result.refusal);

t.test('one turn after another, and in each the oldest, or the newest', async (t) => {
  const store = await emptyStore();
  await ring(store, callOf('far', { target: dave }), 1_000);
  await ring(store, callOf('older'), 2_000);
  await ring(store, callOf('younger'), 3_000);
  const [turns, newest] = [{ further: [[dave]] }, { newest: true }];
  t.equal(said(await store.claim(askOf('t', { ...turns, newest: true }))), 'younger');
  await store.withdraw(askOf('t', turns));
  t.equal(await stateOf(callOf('younger')), 'ringing');
  t.equal(said(await store.claim(askOf('1', turns))), 'older', 'however long the other has rung');
  t.equal(said(await store.claim(askOf('2', turns))), 'younger', 'a lost one falls through to its own turn first');
  t.equal(said(await store.claim(askOf('3', turns))), 'far');
  await store.withdraw(askOf('3', turns));
  t.equal(await stateOf(callOf('far', { target: dave })), 'ringing', 'a claim of a later turn is withdrawn as well');
  await ring(store, callOf('own', { caller: carol }), 500);
  t.equal(said(await store.claim(askOf('4', { ...turns, ...newest }))), 'far', 'what cannot be had does not count');
  t.equal(said(await store.claim(askOf('5', turns))), 'lost-race');
});

const people = [alice, bob, dave, number('104'), number('105')];

const situation = fc.array(fc.record({ target: fc.constantFrom(...people), since: fc.integer({ min: 1, max: 4 }) }), {
  minLength: 1,
  maxLength: 7,
});

const wanted = fc
  .tuple(fc.array(fc.subarray(people, { minLength: 1 }), { minLength: 1, maxLength: 3 }), fc.boolean(), fc.boolean())
  .map(([[extensions = [], ...further], newest, isMany]): Wanted & { extensions: readonly Extension[] } => {
    // More than are looked at one by one.
    const strangers = isMany ? Array.from({ length: 70 }, (_, index) => number(`${5_000 + index}`)) : [];
    return { extensions: [...extensions, ...strangers], ...(further.length > 0 && { further }), newest };
  });

t.test('the store chooses as the domain does, in whatever situation', async () => {
  await fc.assert(
    fc.asyncProperty(situation, wanted, async (calls, asked) => {
      const store = await emptyStore();
      const there = calls.map(({ target, since }, index) => ({
        id: `c${index}`,
        target,
        startedAt: 0,
        ringingAt: since,
      }));
      for (const { id, target, ringingAt } of there) await ring(store, callOf(id, { target, caller: '' }), ringingAt);
      const order: string[] = [];
      for (let claim = 0; claim <= there.length; claim += 1)
        order.push(said(await store.claim(askOf(`${claim}`, asked))));
      const expected: string[] = bestFirst(there, asked).map(({ id }) => id);
      const end = expected.length > 0 ? 'lost-race' : 'no-call';
      while (expected.length <= there.length) expected.push(end);
      if (order.join() !== expected.join()) throw new Error(`${order}, not ${expected}`);
    }),
    { numRuns: 60 },
  );
});
