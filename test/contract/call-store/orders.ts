import t from 'tap';
import { channels } from '../../../src/adapters/redis/keys.js';
import { redisOrders } from '../../../src/adapters/redis/orders.js';
import type { InstanceId } from '../../../src/domain/names.js';
import type { Order, OrderKey, OrderState } from '../../../src/flows/orders.js';
import { acme, bob, carol } from '../../domain/acme.js';
import { connectAgain, deaf, hearing, listeners, names, orderOf, redis, untouchable, uuid } from './office.js';

const here = 'here' as InstanceId;
const there = 'there' as InstanceId;
const other = names('other', '101').tenant;
const orders = redisOrders(redis, there, deaf);

/** The instance that holds the calls, and what it hears. */
const heard: Order[] = [];
redisOrders(redis, here, hearing()).onOrder((order) => void heard.push(order));

/** An empty Redis, and the owner listens. */
const begin = async (): Promise<void> => {
  await redis.flushall();
  await listeners(channels.orders(here), 1);
  heard.length = 0;
};

/** Waits until so many orders have come. */
const until = async (count: number): Promise<void> => {
  while (heard.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
};

const keyOf = (name: string, fingerprint = 'request'): OrderKey => ({ name, fingerprint });

t.test('an order is noted and heard by the instance that holds the call', async (t) => {
  await begin();
  const shown = { name: 'Reception "1"', number: '900', domain: 'acme.example', private: false };
  const order = orderOf(1, { shown });
  t.same(await orders.place(order, here), { kind: 'placed' });
  await until(1);
  t.same(heard, [order], 'as it was placed');
  const record = { id: order.id, call: order.call, target: bob, sendTo: carol };
  t.same(await orders.find(acme.id, order.id), { ...record, state: 'pending' });
  for (const state of ['ringing', 'answered'] as const) {
    await orders.note(order, { state });
    t.same(await orders.find(acme.id, order.id), { ...record, state });
  }
  const failed = orderOf(2);
  await orders.place(failed, here);
  await orders.note(failed, { state: 'failed', refusal: 'lost-race' });
  t.same(await orders.find(acme.id, failed.id), { ...record, id: failed.id, state: 'failed', refusal: 'lost-race' });
  t.equal(await orders.find(other, order.id), undefined, 'another company finds nothing');
  t.equal(await orders.find(acme.id, uuid(99)), undefined);
  const left = await redis.pttl(`cp:{acme}:order:${order.id}`);
  t.ok(left > 600_000 && left <= 625_000, 'kept for its time and ten minutes, whatever is said of it');
  await redis.del(`cp:{acme}:order:${order.id}`);
  await orders.note(order, { state: 'answered' });
  t.ok((await redis.pttl(`cp:{acme}:order:${order.id}`)) > 0, 'a word that comes too late does not stay for ever');
  t.equal(await orders.find(acme.id, order.id), undefined);
});

t.test('nobody holds the call', async (t) => {
  await begin();
  t.same(await orders.place(orderOf(1), 'nobody' as InstanceId), { kind: 'unheard' });
  t.same(await orders.place(orderOf(2), here), { kind: 'placed' });
  await until(1);
  t.same(
    heard.map(({ id }) => id),
    [uuid(2)],
    'an order goes to the owner alone',
  );
});

t.test('the same key: the same order; another request under it is refused', async (t) => {
  await begin();
  const key = keyOf('key');
  t.equal(await orders.known(acme.id, key), undefined);
  t.same(await orders.place(orderOf(1), here, key), { kind: 'placed' });
  t.same(await orders.known(acme.id, key), { kind: 'known', order: uuid(1) });
  t.same(await orders.place(orderOf(2), here, key), { kind: 'known', order: uuid(1) });
  t.same(await orders.known(acme.id, keyOf('key', 'another')), { kind: 'reused' });
  t.same(await orders.place(orderOf(3), here, keyOf('key', 'another')), { kind: 'reused' });
  t.equal(await orders.known(other, key), undefined, 'a key is one company’s');
  t.same(await orders.place(orderOf(4, { tenant: other }), here, key), { kind: 'placed' });
  t.same(await orders.place(orderOf(5), here, keyOf('KEY')), { kind: 'placed' });
  t.same(await orders.place(orderOf(6), here), { kind: 'placed' });
  await until(4);
  t.same(heard.map(({ id }) => id).sort(), [1, 4, 5, 6].map(uuid), 'what was repeated was not done again');
  t.equal(await orders.find(acme.id, uuid(2)), undefined);
  const [name = ''] = await redis.keys('cp:{other}:order-key:*');
  t.ok((await redis.pttl(name)) > 86_000_000, 'a key is remembered for a day');
  await orders.note(orderOf(1), { state: 'answered' });
  t.ok((await redis.pttl(`cp:{acme}:order:${uuid(1)}`)) > 86_000_000, 'and as long what was ordered under it');
});

t.test('of twenty at once under one key, over two connections, one is done', async (t) => {
  await begin();
  const more = redisOrders(await connectAgain(), there, deaf);
  const placed = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 ? more : orders).place(orderOf(i), here, keyOf('key'))),
  );
  t.equal(placed.filter(({ kind }) => kind === 'placed').length, 1);
  t.equal(placed.filter(({ kind }) => kind === 'known').length, 19);
  await until(1);
  for (const each of placed) if (each.kind === 'known') t.equal(each.order, heard[0]?.id);
});

t.test('a key under which nothing could be ordered may be tried again', async (t) => {
  await begin();
  t.same(await orders.place(orderOf(1), 'nobody' as InstanceId, keyOf('key')), { kind: 'unheard' });
  t.equal(await orders.known(acme.id, keyOf('key')), undefined);
  t.same(await orders.place(orderOf(2), here, keyOf('key')), { kind: 'placed' });
});

t.test('a program’s key is any text, and never part of a key as it is', async (t) => {
  await begin();
  const texts = ['', ' ', 'a b', '*', '}:{', '\r\nFLUSHALL\r\n', '\u0000', '👩‍👩‍👧', 'x'.repeat(65_536), '__proto__'];
  for (const [index, text] of texts.entries()) {
    for (const key of [keyOf(text, 'request'), keyOf(`name ${index}`, text)]) {
      t.same((await orders.place(orderOf(index), here, key)).kind, 'placed');
      t.same(await orders.known(acme.id, key), { kind: 'known', order: uuid(index) });
      t.same(await orders.known(acme.id, { ...key, fingerprint: `${key.fingerprint}x` }), { kind: 'reused' });
    }
  }
  for (const made of await redis.keys('*')) t.match(made, /^cp:\{acme\}:order(-key:[A-Za-z0-9_-]{43}|:[0-9a-f-]{36})$/);
});

t.test('what is no order id of ours does not reach Redis', async (t) => {
  const blind = redisOrders(untouchable, here, deaf);
  for (const id of ['', '*', 'x', `${uuid(1)}\n`, ` ${uuid(1)}`, '../x', '}:call:x', '__proto__', 'x'.repeat(36)]) {
    t.equal(await blind.find(acme.id, id), undefined, JSON.stringify(id));
  }
  await t.rejects(blind.find(acme.id, uuid(1)), 'one of ours does');
});

t.test('an order of which nobody tells any more has failed', async (t) => {
  await begin();
  const stateOf = async (serial: number, state: OrderState, age: number) => {
    const order = orderOf(serial, { placedAt: Date.now() - age });
    await orders.place(order, here);
    await orders.note(order, state);
    return orders.find(acme.id, order.id);
  };
  const forgotten = { state: 'failed', refusal: 'owner-unreachable' };
  t.match(await stateOf(1, { state: 'ringing' }, 30_000), { state: 'ringing' }, 'its time, and some to tell');
  t.match(await stateOf(2, { state: 'ringing' }, 36_000), forgotten);
  t.match(await stateOf(3, { state: 'pending' }, 36_000), forgotten);
  t.match(await stateOf(4, { state: 'answered' }, 36_000), { state: 'answered' }, 'what came true stays so');
  t.match(await stateOf(5, { state: 'failed', refusal: 'declined' }, 36_000), { refusal: 'declined' });
});
