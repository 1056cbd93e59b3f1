import t, { type Test } from 'tap';
import type { CallId, InstanceId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import { makeSendCall, type SendCallRequest } from '../../src/flows/send-call.js';
import { acme, alice, bob, carol, dave, number, tenant } from '../domain/acme.js';
import { memoryDirectory, memoryOrders } from './memory-orders.js';
import { fakeCaller, quiet } from './parties.js';
import { noting, stage } from './stage.js';

/** Alice's call rings at Bob, and a program may order it; whoever holds the call listens unless it is said otherwise. */
const sending = async (t: Test, { listens = true, ...changes }: { listens?: boolean; isPrivate?: boolean } = {}) => {
  const s = stage(t);
  const orders = memoryOrders();
  if (listens) orders.onOrder(() => undefined);
  let serial = 0;
  const counted: string[] = [];
  const sendCall = makeSendCall({
    orders,
    directory: memoryDirectory(s.store),
    meter: { pickupEnded: (kind, outcome) => void counted.push(`${kind} ${outcome}`) },
    log: noting(s.said),
    newOrderId: () => `order-${++serial}`,
  });
  const { caller } = await s.calls(fakeCaller('alice'), changes);
  s.phone().rings();
  await quiet();
  const ask = (own: Partial<SendCallRequest> = {}): SendCallRequest => ({
    ...{ tenant: acme, call: 'call-1' as CallId, target: bob, sendTo: dave, waitSeconds: 25 },
    ...own,
  });
  const order = (own?: Partial<SendCallRequest>) => sendCall.order(ask(own));
  const refusal = async (own?: Partial<SendCallRequest>) => {
    const ordered = await order(own);
    return ordered.ok ? 'ordered' : ordered.refusal;
  };
  const ends = async () => {
    caller.cancels();
    await s.nothingLeft('cancelled');
  };
  return { ...s, caller, orders, sendCall, counted, ask, order, refusal, ends };
};

const [record] = [{ id: 'order-1', call: 'call-1', target: bob, sendTo: dave, state: 'pending' }];

t.test('an order goes to the instance that holds the call', async (t) => {
  const s = await sending(t);
  const shown = { name: 'Hotline', number: '900', domain: 'acme.example', private: false };
  t.same(await s.order({ shown, waitSeconds: 7 }), { ok: true, order: record, repeated: false });
  t.match(s.orders.placed, [{ id: 'order-1', tenant: 'acme', call: 'call-1', waitSeconds: 7, shown, sendTo: dave }]);
  t.ok(Math.abs((s.orders.placed[0]?.placedAt ?? 0) - Date.now()) < 60_000);
  t.same(await s.sendCall.find(acme, 'order-1'), record);
  t.equal(await s.sendCall.find(tenant('other'), 'order-1'), undefined, 'another company finds nothing');
  t.equal(await s.sendCall.find(acme, 'order-9'), undefined);
  t.ok(s.said.includes('pickup ordered'));
  t.equal((await s.order()).ok, true);
  t.notOk('shown' in (s.orders.placed[1] ?? {}), 'shows the caller where nothing else is said');
  t.equal(await s.refusal({ sendTo: bob }), 'ordered', 'Bob himself, at another phone of his');
  await s.ends();
});

/** A company in which something is forbidden. */
const forbidding = (changes: object, who = bob): Tenant => {
  const entry = acme.extensions.get(who);
  if (!entry) throw new Error('nobody has that number');
  return tenant('acme', { extensions: new Map([...acme.extensions, [who, { ...entry, ...changes }]]) });
};

t.test('why a call cannot be ordered', async (t) => {
  const s = await sending(t);
  t.equal(await s.refusal({ call: 'call-9' as CallId }), 'no-call');
  t.equal(await s.refusal({ target: carol }), 'no-call', 'it does not ring there');
  t.same(s.counted, ['api no_call', 'api no_call'], 'counted as any pickup');
  t.equal(await s.refusal({ target: number('999') }), 'unknown-extension');
  t.equal(await s.refusal({ sendTo: number('999') }), 'unknown-extension');
  t.equal(await s.refusal({ sendTo: alice }), 'own-call');
  t.equal(await s.refusal({ tenant: forbidding({ refusesPickup: true }) }), 'opted-out');
  t.equal(await s.refusal({ tenant: forbidding({ isPrivate: true }) }), 'private-call');
  const control = {
    allowAll: false,
    pickupAll: false,
    groups: new Map(),
    pickupShareGroups: [],
    phoneReplaceGroups: [],
  };
  const none = { ...control, eavesdrop: new Map(), whisper: new Map(), barge: new Map() };
  t.equal(await s.refusal({ tenant: tenant('acme', { callControl: none }) }), 'not-allowed');
  const stranger = tenant('other', { callControl: none });
  t.equal(
    await s.refusal({ tenant: stranger, call: 'call-9' as CallId }),
    'not-allowed',
    'who may not learns nothing of calls',
  );
  t.equal(await s.refusal({ tenant: tenant('other') }), 'no-call', 'another company’s program does not find it');
  t.same(s.orders.placed, [], 'nothing of it was handed on');
  await s.ends();
});

t.test('a call that is not there to be picked up', async (t) => {
  const s = await sending(t);
  const [kept] = s.store.calls.values();
  if (!kept) throw new Error('no call');
  for (const [state, refusal] of [
    ['trying', 'no-call'],
    ['claimed', 'lost-race'],
    ['connected', 'lost-race'],
    ['ringing', 'ordered'],
  ] as const) {
    kept.state = state;
    t.equal(await s.refusal(), refusal, state);
  }
  await s.ends();

  const secret = await sending(t, { isPrivate: true });
  t.equal(await secret.refusal(), 'private-call');
  t.equal(await secret.refusal({ sendTo: bob }), 'ordered', 'Bob may take his own private call at another phone');
  t.equal(await secret.refusal({ sendTo: alice }), 'own-call');
  await secret.ends();
});

t.test('nobody holds the call any more', async (t) => {
  const s = await sending(t, { listens: false });
  const key = { name: 'key', fingerprint: 'request' };
  t.equal(await s.refusal({ key }), 'owner-unreachable');
  t.same(s.orders.told({ id: 'order-1' }), ['pending', 'failed owner-unreachable'], 'and so says the order');
  s.orders.onOrder(() => undefined);
  t.equal(await s.refusal({ key }), 'ordered', 'the program may try again under the same key');
  for (const kept of s.store.calls.values()) kept.record = { ...kept.record, owner: 'gone' as InstanceId };
  t.equal(await s.refusal(), 'owner-unreachable');
  await s.ends();
});

t.test('the same key: done once, and answered as the first time', async (t) => {
  const s = await sending(t);
  const key = { name: 'key', fingerprint: 'request' };
  t.equal(await s.sendCall.repeated(acme, key), undefined);
  t.same(await s.order({ key }), { ok: true, order: record, repeated: false });
  const again = { ok: true, order: record, repeated: true };
  t.same(await s.order({ key }), again);
  t.same(await s.sendCall.repeated(acme, key), again);
  t.equal(s.orders.placed.length, 1, 'nothing was done again');

  t.equal(await s.refusal({ key: { ...key, fingerprint: 'another' } }), 'key-reused');
  t.same(s.counted, [], 'that is no pickup');
  t.match(await s.sendCall.repeated(acme, { ...key, fingerprint: 'another' }), { ok: false, refusal: 'key-reused' });
  t.equal(await s.sendCall.repeated(tenant('other'), key), undefined, 'a key is one company’s');
  t.equal(await s.refusal({ key: { ...key, name: 'second' } }), 'ordered');

  await s.orders.note(s.orders.placed[0] as never, { state: 'failed', refusal: 'declined' });
  s.caller.cancels();
  await quiet();
  const failed = { ok: true, order: { state: 'failed', refusal: 'declined' }, repeated: true };
  t.match(await s.order({ key }), failed, 'whatever became of the call since');
  t.match(await s.order({ key, tenant: forbidding({ refusesPickup: true }) }), failed, 'and of the rules');
  t.equal(await s.refusal(), 'no-call', 'a new request hears that there is none');
  await s.nothingLeft('cancelled');
});

t.test('the same key twice at once: one order', async (t) => {
  const s = await sending(t);
  const key = { name: 'key', fingerprint: 'request' };
  const both = await Promise.all([s.order({ key }), s.order({ key })]);
  t.same(
    both.map((each) => each.ok && [each.order.id, each.repeated]),
    [
      ['order-1', false],
      ['order-1', true],
    ],
  );
  t.equal(s.orders.placed.length, 1);
  await s.ends();
});

t.test('the store is away', async (t) => {
  const s = await sending(t);
  s.store.away = true;
  t.equal(await s.refusal(), 'store-unreachable', 'the calls cannot be read');
  s.store.away = false;
  s.orders.away = true;
  t.equal(await s.refusal(), 'store-unreachable', 'the order cannot be noted');
  t.equal(await s.refusal({ key: { name: 'key', fingerprint: 'x' } }), 'store-unreachable');
  await t.rejects(s.sendCall.find(acme, 'order-1'));
  await t.rejects(s.sendCall.repeated(acme, { name: 'key', fingerprint: 'x' }));
  s.orders.away = false;
  t.equal(s.said.filter((event) => event === 'store away, no pickup by program').length, 3);
  t.same(s.orders.placed, []);
  await s.ends();
});
