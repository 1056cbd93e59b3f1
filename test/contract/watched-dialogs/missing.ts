import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { channels, keys } from '../../../src/adapters/redis/keys.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import type { DialogChange } from '../../../src/domain/dialog.js';
import { acme, alice, bob } from '../../domain/acme.js';
import { callOf, dialogOf, emptyStore, heldOf, listeners, overOf, redis, ring } from '../call-store/office.js';
import { follow, instance, keeping, until } from './stage.js';

/** Notes a dialog without telling anybody, as if the message had been lost on its way. */
const noteUnheard = async ({ extension, dialog }: DialogChange): Promise<void> => {
  await redis.hset(keys.dialogs(acme.id, extension), `${dialog.call} ${dialog.id}`, JSON.stringify(dialog));
  await redis.incr(keys.dialogNumber(acme.id));
};

t.test('a message is missing: everything that is followed is read again', async (t) => {
  const store = await emptyStore();
  const call = callOf('c1');
  const watched = instance(t);
  const [ofBob, ofAlice] = [follow(watched), follow(watched, { extension: alice })];
  await until(() => ofBob.told.length === 1 && ofAlice.told.length === 1);
  await ring(store, call);
  await until(() => ofBob.told.length === 2);
  await noteUnheard(dialogOf(call, 'of-alice', { extension: alice }));
  await store.ring(call, 2_000, [dialogOf(call, 'mobile', { since: 2_000 })]);
  await until(() => ofAlice.told.length === 2);
  t.same(ofAlice.told, ['known', 'known of-alice early']);
  await until(() => ofBob.open.size === 2);
  t.same(
    ofBob.told,
    ['known', 'changed leg-c1 early', 'changed mobile early'],
    'where nothing differs, nothing is told',
  );
});

t.test('the last message is missing, and nothing follows it: found when it is looked for', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  const { told } = follow(instance(t, { between: 10 }), { extension: alice });
  await until(() => told.length === 1);
  await noteUnheard(dialogOf(call, 'of-alice', { extension: alice }));
  await until(() => told.length === 2);
  t.same(told, ['known', 'known of-alice early']);
});

t.test(
  'the subscription is lost while calls go on: afterwards all is right, and what is over stays over',
  async (t) => {
    const store = await emptyStore();
    const follower = follow(instance(t));
    await until(() => follower.told.length === 1);
    for (let round = 0; round < 50; round += 1) {
      const [call, over] = [callOf(`r${round}`), callOf(`over-${round}`)];
      await ring(store, over);
      const kill = redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await store.end(over, 'cancelled', [overOf(over)]);
      if (round % 2) await kill;
      await ring(store, call);
      await kill;
      await until(() => follower.open.has(`leg-r${round}`) && follower.open.size === 1);
      await store.end(call, 'cancelled', [overOf(call)]);
      await until(() => follower.open.size === 0);
    }
    t.same(follower.faults, []);
  },
);

t.test('the store has lost everything: what was there is over, and the numbers begin again', async (t) => {
  const store = await emptyStore();
  for (let i = 0; i < 20; i += 1) await ring(store, callOf(`c${i}`));
  const [watched, checking] = [instance(t), instance(t, { between: 10 })];
  const [told, checked] = [follow(watched), follow(checking)];
  await until(() => told.open.size === 20 && checked.open.size === 20);
  await redis.flushall();
  await until(() => checked.open.size === 0);
  t.equal(told.open.size, 20, 'nobody has said so, and it is not time to ask');
  await ring(store, callOf('first'));
  await until(() => told.open.size === 1);
  t.same([told.told.at(-1), told.faults], ['known leg-first early', []]);
  for (let i = 0; i < 30; i += 1) await ring(store, callOf(`d${i}`));
  await until(() => told.open.size === 31 && checked.open.size === 31);
  t.same([told.faults, checked.faults], [[], []]);
});

t.test('the calls of a dead instance disappear; those that are renewed stay', async (t) => {
  await emptyStore();
  const brief = redisCallStore(redis, makeKnownPhones(), { lease: 100, claim: 100 });
  const lasting = redisCallStore(redis, makeKnownPhones());
  const { told, open, faults } = follow(instance(t, { between: 20 }));
  await until(() => told.length === 1);
  await ring(brief, callOf('dead'));
  const alive = await ring(brief, callOf('alive'));
  await lasting.renew([heldOf(alive)]);
  await until(() => open.size === 2);
  await until(() => open.size === 1);
  t.same([told.at(-1), faults], ['known leg-alive early', []]);
  t.same(await redis.hkeys(keys.dialogs(acme.id, bob)), ['alive leg-alive'], 'and the store forgets them');
});

t.test('what is no message of ours changes nothing and ends nothing', async (t) => {
  const store = await emptyStore();
  const said: string[] = [];
  const { told, open } = follow(instance(t, { log: keeping(said) }));
  await until(() => told.length === 1);
  await listeners(channels.dialogs(acme.id), 1);
  const rows = [
    '',
    ' ',
    'x',
    '1',
    '1 ',
    '1 {}',
    'x []',
    '-1',
    '9 [1]',
    '1 [["101","c x","h","{",0]]',
    '1e999 []',
    ' []',
  ];
  for (const text of rows) await redis.publish(channels.dialogs(acme.id), text);
  await until(() => said.length === rows.length);
  await ring(store, callOf('c1'));
  await until(() => open.size === 1);
  t.same(told, ['known', 'changed leg-c1 early']);
  t.ok(said.every((event) => event === 'message of dialogs not understood'));
});
