import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { hashOf } from '../../../src/adapters/redis/dialog-changes.js';
import { keys } from '../../../src/adapters/redis/keys.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { after, type CallEvent, type CallState, callStates } from '../../../src/domain/call.js';
import type { CallRecord, CallStore } from '../../../src/flows/ports.js';
import { acme, bob } from '../../domain/acme.js';
import {
  allKeys,
  askOf,
  byCarol,
  callOf,
  dialogOf,
  emptyStore,
  heldOf,
  overOf,
  placeOf,
  redis,
  ring,
  stateOf,
  token,
} from './office.js';

/** How a call comes to each state. */
const arrive: Record<CallState, (store: CallStore, call: CallRecord) => Promise<unknown>> = {
  trying: (store, call) => store.begin(call, []),
  ringing: (store, call) => ring(store, call),
  claimed: async (store, call) => {
    await ring(store, call);
    await store.claim(askOf('first'));
  },
  connected: async (store, call) => {
    await ring(store, call);
    await store.answer(call);
  },
  ended: async (store, call) => {
    await ring(store, call);
    await store.end(call, 'cancelled', [overOf(call)]);
  },
};

/** How each event reaches the store. */
const happen: Record<CallEvent, (store: CallStore, call: CallRecord) => Promise<unknown>> = {
  rang: (store, call) => store.ring(call, 1_000, [dialogOf(call, 'second-leg')]),
  claimed: (store) => store.claim(askOf('second')),
  released: (store, call) => store.release(call.tenant, call.id, token('first')),
  picked: (store, call) => store.confirm(call, byCarol('first'), []),
  answered: (store, call) => store.answer(call),
  ended: (store, call) => store.end(call, 'cancelled', [overOf(call)]),
};

t.test('the scripts and the table of the domain agree, for every state and every event', async (t) => {
  for (const state of callStates) {
    for (const [event, tell] of Object.entries(happen) as [CallEvent, (typeof happen)[CallEvent]][]) {
      const store = await emptyStore();
      const call = callOf('c1');
      await arrive[state](store, call);
      t.equal(await stateOf(call), state);
      await tell(store, call);
      t.equal(await stateOf(call), after(state, event) ?? state, `${event} while ${state}`);
      if (state === 'ended') t.same(await allKeys(), [], `${event} does not raise the dead`);
    }
  }
});

t.test('a call connected by its picker is as connected as one that was answered', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await store.claim(askOf('first'));
  await store.confirm(call, byCarol('first'), []);
  for (const event of ['rang', 'claimed', 'released', 'picked', 'answered'] as const) {
    await happen[event](store, call);
    t.equal(await stateOf(call), 'connected', event);
  }
  const known = await redis.hkeys(keys.dialogs(acme.id, bob));
  t.same(known, ['c1 leg-c1'], 'a leg that rings too late is not kept');
});

t.test('what is known of a ringing call', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'), 5_000);
  await store.ring(call, 9_000, [dialogOf(call, 'second-leg', { since: 9_000 })]);
  const { dialog } = dialogOf(call, 'leg-c1', { since: 5_000 });
  const known = await redis.hgetall(keys.dialogs(acme.id, bob));
  t.same(JSON.parse(known['c1 leg-c1'] ?? ''), dialog);
  t.equal(await redis.get(placeOf('leg-c1@here')), '101 c1 leg-c1');
  t.equal(await redis.zscore('cp:{acme}:ringing:101', 'c1'), '5000', 'since its first phone rang');
  t.match(await redis.hgetall('cp:{acme}:call:c1'), { owner: 'here', caller: '100', target: '101', ringingAt: '5000' });
  await store.note(call, [overOf(call)]);
  t.same(await redis.hkeys(keys.dialogs(acme.id, bob)), ['c1 second-leg'], 'the other leg is left');
  t.equal(await redis.get(placeOf('leg-c1@here')), 'ended');
  t.equal(await stateOf(call), 'ringing');
});

t.test('the end leaves nothing, in whatever state it comes', async (t) => {
  for (const state of callStates) {
    const store = await emptyStore();
    const call = callOf('c1');
    await arrive[state](store, call);
    await store.end(call, 'cancelled', [overOf(call)]);
    t.same(await allKeys(), [], state);
  }
  const store = await emptyStore();
  const [call, neighbour] = [await ring(store, callOf('c1')), await ring(store, callOf('c2'))];
  const theirs = (await allKeys()).filter((key) => !key.includes('c1') && key !== placeOf('leg-c1@here'));
  await store.end(call, 'cancelled', [overOf(call)]);
  t.same(await allKeys(), theirs, 'what belongs to the next call at the same phone stays');
  t.match(await store.claim(askOf('t')), { claim: { call: neighbour.id } });
});

t.test('every key of a call lapses when its owner does not renew it', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  for (const key of await allKeys()) t.ok((await redis.pttl(key)) > 0, key);

  await redis.del('cp:{acme}:call:c1');
  t.match(await store.claim(askOf('t')), { refusal: 'no-call' }, 'the call of a dead owner is no candidate');
  t.equal(await redis.exists('cp:{acme}:ringing:101'), 0, 'and is not met again');
  await store.end(call, 'cancelled', [overOf(call)]);
  t.same(await allKeys(), []);
});

t.test('renewal keeps the calls it names and raises none', async (t) => {
  const brief = { lease: 5_000, claim: 5_000 };
  const store = await emptyStore(brief);
  const calls = [
    await ring(store, callOf('c1')),
    await ring(store, callOf('c2', { tenant: 'other' as typeof acme.id })),
  ];
  const renewing = redisCallStore(redis, makeKnownPhones(), { ...brief, lease: 600_000 });
  await renewing.renew([...calls, callOf('ended')].map(heldOf));
  for (const { tenant, id } of calls) {
    for (const key of [`call:${id}`, `ringing:${bob}`, `dialogs:${bob}`, `dialog:${hashOf(`leg-${id}@here`)}`]) {
      t.ok((await redis.pttl(`cp:{${tenant}}:${key}`)) > brief.lease, `${tenant} ${key}`);
    }
  }
  t.equal(await redis.exists('cp:{acme}:call:ended'), 0);
  await renewing.renew([]);
});
