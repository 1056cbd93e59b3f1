import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { channels } from '../../../src/adapters/redis/keys.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { makeSubscriptions } from '../../../src/adapters/redis/subscriptions.js';
import { redisWatchedDialogs } from '../../../src/adapters/redis/watched-dialogs.js';
import type { Dialog } from '../../../src/domain/dialog.js';
import { acme, alice, bob, carol } from '../../domain/acme.js';
import {
  byCarol,
  callOf,
  connectAgain,
  dialogOf,
  emptyStore,
  listeners,
  names,
  overOf,
  redis,
  ring,
  silent,
} from '../call-store/office.js';
import { follow, instance, keeping, until } from './stage.js';

const other = names('other', '101').tenant;

t.test('a phone rings, answers and hangs up: each is told once, in order, at another instance too', async (t) => {
  const store = await emptyStore();
  const call = callOf('c1');
  const followers = [follow(instance(t)), follow(instance(t, { client: await connectAgain() }))];
  const nobody = follow(instance(t), { extension: alice });
  await until(() => [...followers, nobody].every(({ told }) => told.length === 1));
  await ring(store, call);
  await store.note(call, [dialogOf(call, undefined, { state: 'confirmed' })]);
  await store.note(call, [dialogOf(call, undefined, { state: 'confirmed', isHeld: true })]);
  await store.end(call, 'answered', [overOf(call)]);
  for (const { told, faults, open } of followers) {
    await until(() => told.length === 5);
    const changes = ['early', 'confirmed', 'confirmed', 'terminated'].map((state) => `changed leg-c1 ${state}`);
    t.same([told, faults, open.size], [['known', ...changes], [], 0]);
  }
  t.same(nobody.told, ['known'], 'who follows another extension hears nothing of it');
});

t.test('what is there already is known at once, the oldest first', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'), 5_000);
  await store.ring(call, 3_000, [dialogOf(call, 'z-leg', { since: 3_000 }), dialogOf(call, 'a-leg', { since: 5_000 })]);
  await store.note(call, [overOf(call, 'nobody-noted-it')]);
  const { told, open } = follow(instance(t));
  await until(() => told.length === 1);
  t.same(told, ['known z-leg early a-leg early leg-c1 early']);
  t.same(open.get('z-leg'), dialogOf(call, 'z-leg', { since: 3_000 }).dialog, 'as it was noted');
});

t.test('several changes of one step are told together', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await store.ring(call, 2_000, [dialogOf(call, 'mobile', { since: 2_000 })]);
  await store.claim({ tenant: acme.id, picker: carol, extensions: [bob], token: byCarol('t').token });
  const watched = instance(t);
  const [ofBob, ofCarol] = [follow(watched), follow(watched, { extension: carol })];
  await until(() => ofBob.told.length === 1 && ofCarol.told.length === 1);
  const replaced = ['leg-c1', 'mobile'].map((leg) => dialogOf(call, leg, { state: 'terminated', event: 'replaced' }));
  const picker = dialogOf(call, 'picker', { extension: carol, state: 'confirmed' });
  await store.confirm(call, byCarol('t'), [...replaced, picker]);
  await until(() => ofBob.told.length === 2 && ofCarol.told.length === 2);
  t.same(ofBob.told[1], 'changed leg-c1 terminated mobile terminated');
  t.same(ofCarol.told[1], 'changed picker confirmed');
});

t.test('who follows what is followed already hears it from here, without a question', async (t) => {
  const store = await emptyStore();
  await ring(store, callOf('c1'));
  let questions = 0;
  const counting = new Proxy(redis, {
    get: (client, name) => {
      if (name === 'cpDialogs') questions += 1;
      const member = Reflect.get(client, name);
      return typeof member === 'function' ? member.bind(client) : member;
    },
  });
  const subscriptions = makeSubscriptions(redis, silent);
  t.teardown(() => subscriptions.stop());
  const watched = redisWatchedDialogs(counting, subscriptions, silent);
  t.teardown(() => watched.stop());
  const first = follow(watched);
  await until(() => first.told.length === 1);
  const second = follow(watched);
  t.same(second.told, [], 'never before follow returns');
  await undefined;
  await undefined;
  t.same(second.told, ['known leg-c1 early'], 'and at once after');
  t.equal(questions, 1);
  const gone = follow(watched);
  gone.leave();
  await undefined;
  t.same([gone.told, gone.faults], [[], []]);
  first.leave();
  second.leave();
  await listeners(channels.dialogs(acme.id), 0);
  t.pass('and in the end the channel is left');
});

t.test('who stops hears no more; who throws hurts nobody; who comes while others are told is told once', async (t) => {
  const store = await emptyStore();
  const said: string[] = [];
  const watched = instance(t, { log: keeping(said) });
  const heard: string[] = [];
  const leaveNext: (() => void)[] = [];
  watched.follow(acme.id, bob, {
    known: () => {
      throw new Error('known');
    },
    changed: () => {
      for (const leave of leaveNext) leave();
      watched.follow(acme.id, bob, {
        known: (dialogs) => void heard.push(`known ${dialogs.length}`),
        changed: (dialogs) => void heard.push(`changed ${dialogs.length}`),
      });
      throw new Error('changed');
    },
  });
  const [left, stays] = [follow(watched), follow(watched)];
  leaveNext.push(left.leave);
  await until(() => stays.told.length === 1);
  await ring(store, callOf('c1'));
  await until(() => stays.told.length === 2);
  t.same([left.told, left.faults], [['known'], []], 'stopped by another listener in the same breath');
  t.same(heard, ['known 1']);
  t.same(said, ['follower of dialogs failed', 'follower of dialogs failed']);
  watched.stop();
  await store.end(callOf('c1'), 'cancelled', [overOf(callOf('c1'))]);
  await listeners(channels.dialogs(acme.id), 0);
  t.equal(stays.told.length, 2, 'after the stop nothing is told');
  t.doesNotThrow(stays.leave);
  t.same(follow(watched).told, []);
});

t.test('two companies with the same numbers never hear of each other', async (t) => {
  const store = await emptyStore();
  const watched = instance(t);
  const [ours, theirs] = [follow(watched), follow(watched, { tenant: other })];
  await until(() => ours.told.length === 1 && theirs.told.length === 1);
  const twin = await ring(store, callOf('c1', { tenant: other }));
  await until(() => theirs.told.length === 2);
  await ring(store, callOf('c2'));
  await until(() => ours.told.length === 2);
  await store.end(twin, 'cancelled', [overOf(twin)]);
  await until(() => theirs.told.length === 3);
  t.same(ours.told, ['known', 'changed leg-c2 early']);
  t.same(theirs.told, ['known', 'changed leg-c1 early', 'changed leg-c1 terminated']);
});

t.test('names that look like channels, patterns or keys are nothing but names', async (t) => {
  const store = redisCallStore(redis, makeKnownPhones());
  await redis.flushall();
  const hostile = ['*', '?cme', 'acm[a-z]', 'acme\r\nPUBLISH', 'acme other', '{acme}', 'ac\\me', '__keyevent@0__:*'];
  const watched = instance(t);
  const honest = follow(watched);
  const followers = hostile.flatMap((name) => [
    { name, follower: follow(watched, { ...names(name, bob) }) },
    { name, follower: follow(watched, { ...names('acme', name) }) },
  ]);
  await until(() => [honest, ...followers.map(({ follower }) => follower)].every(({ told }) => told.length === 1));
  await ring(store, callOf('c1'));
  await until(() => honest.told.length === 2);
  await ring(store, callOf('own', { tenant: names('*', bob).tenant }));
  const own = followers[0]?.follower;
  await until(() => own?.told.length === 2);
  for (const { name, follower } of followers.slice(1)) t.same(follower.told, ['known'], JSON.stringify(name));
  t.same(own?.told, ['known', 'changed leg-own early']);
  t.equal(honest.told.length, 2);
});

t.test('dialogs come back as they were, whatever they are named', async (t) => {
  const store = await emptyStore();
  const { told, open } = follow(instance(t));
  await until(() => told.length === 1);
  const hard = [
    '"',
    '\\',
    '\n',
    ' a b ',
    '\u2028',
    '👩‍👩‍👧',
    '\u0000',
    '\ud800',
    '{"state":"early"}',
    '-- @dialogs',
    '%s',
  ];
  const noted = new Map<string, Dialog>();
  for (const [index, text] of hard.entries()) {
    const call = callOf(`c${index}`);
    const remote = { name: text, number: text, domain: text, isAnonymous: false };
    const change = dialogOf(call, undefined, { sipCallId: text, localTag: text, remote });
    noted.set(change.dialog.id, change.dialog);
    await store.begin(call, [change]);
  }
  await until(() => open.size === hard.length);
  t.same(open, noted, 'told');
  const late = follow(instance(t));
  await until(() => late.told.length === 1);
  t.same(new Map([...late.open].sort()), new Map([...noted].sort()), 'and read');
});
