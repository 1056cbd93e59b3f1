import t, { type Test } from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { redisDialogDirectory } from '../../../src/adapters/redis/dialog-directory.js';
import { readDialog, readDialogMessage } from '../../../src/adapters/redis/dialog-message.js';
import { channels, keys } from '../../../src/adapters/redis/keys.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import type { Dialog, DialogChange } from '../../../src/domain/dialog.js';
import type { Extension } from '../../../src/domain/names.js';
import type { CallRecord, CallStore } from '../../../src/flows/ports.js';
import { acme, alice, bob, carol } from '../../domain/acme.js';
import {
  allKeys,
  askOf,
  byCarol,
  callOf,
  dialogOf,
  emptyStore,
  hearing,
  heldOf,
  names,
  overOf,
  placeOf,
  redis,
  ring,
} from './office.js';

const directory = redisDialogDirectory(redis);
const other = names('other', '101').tenant;
const minute = 60_000;

const subscriptions = hearing();

/** Everything that is told on the channel of dialogs until the test is over. */
const listen = async (t: Test): Promise<string[]> => {
  const heard: string[] = [];
  t.teardown(subscriptions.listen(channels.dialogs(acme.id), (message) => void heard.push(message)));
  await subscriptions.ready(channels.dialogs(acme.id));
  return heard;
};

const until = async (heard: readonly unknown[], count: number): Promise<void> => {
  while (heard.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
};

const openAt = async (extension = bob): Promise<Dialog[]> => {
  const own = [keys.dialogs(acme.id, extension), keys.dialogNumber(acme.id)];
  const [, ...dialogs] = await redis.cpDialogs(2, ...own, keys.prefix(acme.id));
  return dialogs.map(readDialog);
};

const confirmed = (call: CallRecord) => dialogOf(call, undefined, { state: 'confirmed' });
const callerOf = (call: CallRecord, state: Dialog['state']) =>
  dialogOf(call, `${call.id}-caller`, { extension: alice, direction: 'initiator', sipCallId: 'alice@phone', state });
const pickerOf = (call: CallRecord) => dialogOf(call, `${call.id}-picker`, { extension: carol, state: 'confirmed' });

/** How the store is told of dialogs, each when the call is as it must be for that. */
const ways: Record<string, (store: CallStore, call: CallRecord, dialogs: DialogChange[]) => Promise<unknown>> = {
  begin: (store, call, dialogs) => store.begin(call, dialogs),
  ring: (store, call, dialogs) => store.ring(call, 1_000, dialogs),
  note: (store, call, dialogs) => store.note(call, dialogs),
  confirm: async (store, call, dialogs) => {
    await store.claim(askOf('t', { tenant: call.tenant, call: call.id }));
    await store.confirm(call, byCarol('t'), dialogs);
  },
  stolen: (store, call, dialogs) => store.stolen(call, byCarol('t'), dialogs),
};

t.test('what becomes of dialogs is noted and told in the same step, under numbers without a gap', async (t) => {
  const store = await emptyStore();
  const heard = await listen(t);
  const call = callOf('c1');
  for (const [way, tell] of Object.entries(ways)) {
    const changes = [dialogOf(call, `by-${way}`), dialogOf(call, `beside-${way}`, { extension: carol })];
    await tell(store, call, changes);
    await until(heard, 1);
    const message = readDialogMessage(heard.shift() ?? '');
    t.equal(message.number, Object.keys(ways).indexOf(way) + 1, way);
    t.same(
      message.changes.map(([extension, dialog]) => ({ extension, dialog: readDialog(dialog) })),
      changes,
    );
  }
  const made = Object.keys(ways).map((way) => `by-${way}`);
  t.same((await openAt()).map(({ id }) => id).sort(), made.sort());
  t.equal((await openAt(carol)).length, made.length);

  await store.end(
    call,
    'answered',
    made.map((leg) => overOf(call, leg)),
  );
  await until(heard, 1);
  t.equal(readDialogMessage(heard[0] ?? '').number, made.length + 1);
  t.same(await openAt(), []);
  await store.note(call, []);
  await store.end(callOf('nothing-to-tell'), 'answered', []);
  await ring(store, callOf('c2'));
  await until(heard, 2);
  t.equal(readDialogMessage(heard[1] ?? '').number, made.length + 2, 'where nothing became of any, nothing is told');
});

t.test('a call that is gone is told of no more, but for its end', async (t) => {
  const store = await emptyStore();
  const heard = await listen(t);
  const call = await ring(store, callOf('c1'));
  await store.end(call, 'cancelled', [overOf(call)]);
  const { begin: _, ...late } = ways;
  for (const tell of Object.values(late)) await tell(store, call, [confirmed(call)]);
  t.same(await openAt(), []);
  t.same(await directory.find(acme.id, 'leg-c1@here'), { kind: 'ended' });
  t.same(await allKeys(), []);

  const lapsed = callOf('lapsed');
  await store.end(lapsed, 'error', [overOf(lapsed)]);
  await until(heard, 3);
  t.equal(heard.length, 3, 'ring, end and end');
  t.same(await directory.find(acme.id, 'leg-lapsed@here'), { kind: 'ended' });
});

t.test('a phone that rings when its call is connected already is not noted', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await store.answer(call);
  await store.ring(call, 2_000, [dialogOf(call, 'late')]);
  t.same(
    (await openAt()).map(({ id }) => id),
    ['leg-c1'],
  );
  await store.note(call, [confirmed(call)]);
  t.match(await openAt(), [{ id: 'leg-c1', state: 'confirmed' }]);
});

t.test('every dialog is found by its SIP Call-ID, with its call, whoever chose the Call-ID', async (t) => {
  const store = await emptyStore();
  const call = callOf('c1');
  await store.begin(call, [callerOf(call, 'trying')]);
  const base = { kind: 'dialog', target: bob, owner: 'here' };
  const caller = { ...base, extension: alice, dialog: callerOf(call, 'trying').dialog, state: 'trying' };
  t.same(await directory.find(acme.id, 'alice@phone'), caller);
  await store.ring(call, 1_000, [dialogOf(call), callerOf(call, 'early')]);
  const callee = { ...base, extension: bob, dialog: dialogOf(call).dialog, state: 'ringing' };
  t.same(await directory.find(acme.id, 'leg-c1@here'), callee);
  await store.claim(askOf('t'));
  t.match(await directory.find(acme.id, 'leg-c1@here'), { state: 'claimed' });
  await store.confirm(call, byCarol('t'), [overOf(call), pickerOf(call), callerOf(call, 'confirmed')]);
  t.same(await directory.find(acme.id, 'leg-c1@here'), { kind: 'ended' }, 'RFC 3891 section 3: there was one');
  t.match(await directory.find(acme.id, 'c1-picker@here'), { extension: carol, target: bob, state: 'connected' });
  t.match(await directory.find(acme.id, 'alice@phone'), { dialog: { state: 'confirmed' } });

  for (const unknown of [
    '',
    'leg-c1',
    'LEG-C1@here',
    'leg-c1@here ',
    'alice@phone\r\n',
    '*',
    '{acme}',
    'x'.repeat(5_000),
  ])
    t.equal(await directory.find(acme.id, unknown), undefined, JSON.stringify(unknown.slice(0, 20)));
  t.equal(await directory.find(other, 'alice@phone'), undefined, 'not by another company');
  await redis.del('cp:{acme}:call:c1');
  t.equal(await directory.find(acme.id, 'alice@phone'), undefined, 'its owner died');
});

t.test('Call-IDs of phones are compared whole, and never become part of a key', async (t) => {
  const store = await emptyStore();
  const hostile = [
    'a(b)c{d}?"x"/y@h[1]',
    '\r\nDEL x',
    '*@*',
    '}:call:{acme}',
    '101 c1 leg',
    '\u0000',
    '👩‍👩‍👧',
    '-1',
    '%s',
    ' ',
  ];
  for (const [index, sipCallId] of hostile.entries()) {
    const call = callOf(`c${index}`);
    await store.begin(call, [dialogOf(call, undefined, { sipCallId })]);
  }
  for (const [index, sipCallId] of hostile.entries()) {
    const found = await directory.find(acme.id, sipCallId);
    t.match(found, { dialog: { call: `c${index}`, sipCallId } }, JSON.stringify(sipCallId));
  }
  for (const key of await allKeys()) t.match(key, /^cp:\{acme\}:(calls|call:c\d|dialogs:101|dialog:[0-9a-f]{32})$/);
});

t.test('a phone that begins anew under the same Call-ID is found, and its end is remembered', async (t) => {
  const store = await emptyStore();
  const [one, two] = [callOf('c1'), callOf('c2')];
  await store.begin(one, [callerOf(one, 'trying')]);
  await store.end(one, 'rejected', [callerOf(one, 'terminated')]);
  await store.begin(two, [callerOf(two, 'trying')]);
  t.match(await directory.find(acme.id, 'alice@phone'), { dialog: { call: 'c2', state: 'trying' } });
  await store.end(two, 'rejected', [callerOf(two, 'terminated')]);
  t.same(await directory.find(acme.id, 'alice@phone'), { kind: 'ended' });
});

t.test('that there was a dialog is remembered for a minute', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await store.note(call, [overOf(call)]);
  const left = await redis.pttl(placeOf('leg-c1@here'));
  t.ok(left > minute - 5_000 && left <= minute, String(left));
  await redis.pexpire(placeOf('leg-c1@here'), 0);
  t.equal(await directory.find(acme.id, 'leg-c1@here'), undefined);
});

t.test('every key of a dialog lapses with the call, and is renewed with it', async (t) => {
  const brief = { lease: 5_000, claim: 5_000 };
  const store = await emptyStore(brief);
  const call = await ring(store, callOf('c1'));
  const own = [keys.dialogs(acme.id, bob), placeOf('leg-c1@here')];
  for (const key of own) {
    const left = await redis.pttl(key);
    t.ok(left > 0 && left <= brief.lease, key);
  }
  const long = redisCallStore(redis, makeKnownPhones(), { ...brief, lease: 600_000 });
  await long.renew([heldOf(call)]);
  for (const key of own) t.ok((await redis.pttl(key)) > brief.lease, key);

  await ring(store, callOf('c2'));
  await redis.del('cp:{acme}:call:c1');
  t.match(await openAt(), [{ call: 'c2' }], 'the dialogs of a dead owner are not shown');
  t.same(await redis.hkeys(keys.dialogs(acme.id, bob)), ['c2 leg-c2'], 'and not met again');
});

t.test('a call that was stolen is its thief’s, and only a connected one can be', async (t) => {
  const store = await emptyStore();
  const call = await ring(store, callOf('c1'));
  await store.stolen(call, byCarol('t'), [pickerOf(call)]);
  t.equal(await redis.hexists('cp:{acme}:call:c1', 'picker'), 0, 'it rings');
  t.same(await openAt(carol), []);
  await store.answer(call);
  await store.stolen(call, byCarol('t'), [
    dialogOf(call, undefined, { state: 'terminated', event: 'replaced' }),
    pickerOf(call),
  ]);
  t.match(await redis.hgetall('cp:{acme}:call:c1'), { state: 'connected', picker: carol });
  t.match(await openAt(carol), [{ id: 'c1-picker', state: 'confirmed' }]);
  t.same(await openAt(), []);
  const [news] = (await redis.xrevrange('cp:{acme}:news', '+', '-', 'COUNT', 1)).map(([, fields]) => fields[1] ?? '');
  t.match(JSON.parse(news ?? '{}'), { event: 'picked-up', picker: carol, call: 'c1' });

  const dave = '103' as Extension;
  const now = { ...call, caller: dave, callerName: 'Dave', callerNumber: dave };
  await store.stolen(now, { picker: dave, method: 'steal', from: call.caller as Extension, isCaller: true }, []);
  const named = { picker: carol, caller: dave, callerName: 'Dave', callerNumber: dave, anonymous: '' };
  t.match(await redis.hgetall('cp:{acme}:call:c1'), named, 'who took the caller’s place is the caller');
});
