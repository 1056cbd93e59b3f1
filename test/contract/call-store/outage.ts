import t, { type Test } from 'tap';
import { redisCallDirectory } from '../../../src/adapters/redis/call-directory.js';
import { defaultHolds, redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { connectRedis, type RedisClient } from '../../../src/adapters/redis/client.js';
import { redisDialogDirectory } from '../../../src/adapters/redis/dialog-directory.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { redisNews } from '../../../src/adapters/redis/news-stream.js';
import { redisOrders } from '../../../src/adapters/redis/orders.js';
import { redisRegistrar } from '../../../src/adapters/redis/registrar.js';
import type { CallId } from '../../../src/domain/names.js';
import type { CallStore, Log, StoredBinding } from '../../../src/flows/ports.js';
import { acme, bob, dave } from '../../domain/acme.js';
import { startRedis } from '../../support/redis.js';
import {
  askOf,
  byCarol,
  callOf,
  connect,
  deaf,
  dialogOf,
  heldOf,
  orderOf,
  overOf,
  ring,
  silent,
  token,
  uuid,
} from './office.js';

/** Everything that asks Redis something, over one connection. */
const questions = (client: RedisClient, holds = defaultHolds): Record<string, () => Promise<unknown>> => {
  const store = redisCallStore(client, makeKnownPhones(), holds);
  const registrar = redisRegistrar(client);
  return {
    ...ofCalls(store),
    ...beside(client),
    ...{
      register: () => registrar.register({ tenant: acme.id, extension: bob, callId: 'r', cseq: 1, change: [] }),
      phones: () => registrar.phones(acme.id, bob),
    },
  };
};

const beside = (client: RedisClient): Record<string, () => Promise<unknown>> => {
  const [directory, orders] = [redisCallDirectory(client), redisOrders(client, callOf('c1').owner, deaf)];
  const key = { name: 'key', fingerprint: 'request' };
  return {
    list: () => directory.list(acme.id),
    'find a call': () => directory.find(acme.id, uuid(1) as CallId),
    'find a dialog': () => redisDialogDirectory(client).find(acme.id, `${uuid(1)}@here`),
    since: () => redisNews(client, deaf).since(acme.id, '0'),
    place: () => orders.place(orderOf(1), callOf('c1').owner),
    'place under a key': () => orders.place(orderOf(2), callOf('c1').owner, key),
    known: () => orders.known(acme.id, key),
    note: () => orders.note(orderOf(1), { state: 'ringing' }),
    'find an order': () => orders.find(acme.id, uuid(1)),
  };
};

const ofCalls = (store: CallStore): Record<string, () => Promise<unknown>> => {
  const call = callOf('c1');
  return {
    begin: () => store.begin(call, []),
    ring: () => store.ring(call, 1_000, [dialogOf(call)]),
    waits: () => store.waits(call, { group: 'desk', seconds: 5 }),
    'note dialogs': () => store.note(call, [overOf(call)]),
    claim: () => store.claim(askOf('t')),
    withdraw: () => store.withdraw(askOf('t')),
    answer: () => store.answer(call),
    stolen: () => store.stolen(call, byCarol('t'), [dialogOf(call)]),
    confirm: () => store.confirm(call, byCarol('t'), []),
    release: () => store.release(acme.id, call.id, token('t')),
    end: () => store.end(call, 'cancelled', [overOf(call)]),
    renew: () => store.renew([heldOf(call)]),
  };
};

const rejectAll = async (t: Test, asks: ReturnType<typeof questions>, when: string) => {
  await Promise.all(Object.entries(asks).map(([name, ask]) => t.rejects(ask(), `${name} ${when}`)));
};

/** Waits for one event; the errors of every try to connect meanwhile are no failure of the test. */
const heard = (client: RedisClient, event: 'close' | 'ready'): Promise<void> =>
  new Promise((resolve) => {
    client.once(event, () => resolve());
  });

t.test('Redis dies: every question is refused and none is kept; it is back: all is well', async (t) => {
  const server = await startRedis();
  t.teardown(() => server.stop());
  const said: string[] = [];
  const log: Log = { ...silent, warn: (_, event) => void said.push(event), info: (_, event) => void said.push(event) };
  const client = connectRedis({ unixSocket: server.unixSocket }, log);
  t.teardown(() => client.disconnect());
  await client.connect();
  const asks = questions(client);
  await ring(redisCallStore(client, makeKnownPhones()), callOf('c1'));

  const closed = heard(client, 'close');
  await server.kill();
  await closed;
  await rejectAll(t, asks, 'while it is dead');
  await rejectAll(t, asks, 'and again');

  const back = heard(client, 'ready');
  await server.restart();
  await back;
  t.same(await client.dbsize(), 0, 'nothing that was asked while it was away is done later');
  for (const [name, ask] of Object.entries(asks)) await t.resolves(ask(), `${name} afterwards`);
  t.same(said, ['redis lost', 'redis back'], 'the log says it once, not once a try');
});

t.test('Redis stands still: every question is given up, and a claim that wins too late lapses', async (t) => {
  const server = await startRedis();
  t.teardown(() => server.stop());
  const holds = { lease: 60_000, claim: 300 };
  const client = await connect({ unixSocket: server.unixSocket });
  const store = redisCallStore(client, makeKnownPhones(), holds);
  await ring(store, callOf('c1'));

  server.freeze();
  await t.rejects(store.claim(askOf('late')), 'the phone does not wait');
  await rejectAll(t, questions(client, holds), 'while it stands still');
  server.thaw();

  const other = redisCallStore(await connect({ unixSocket: server.unixSocket }), makeKnownPhones(), holds);
  const call = await ring(other, callOf('c2'));
  let result = await other.claim(askOf('next', { picker: dave }));
  while (!result.ok) result = await other.claim(askOf('next', { picker: dave }));
  t.equal(result.claim.call, call.id, 'another picker gets the call that rings');
});

t.test('phones last seen are remembered while Redis is away, until they would have expired', async (t) => {
  const known = makeKnownPhones();
  const phone = (id: string, expiresAt: number): StoredBinding => {
    return { id, contact: `sip:${id}@192.0.2.1`, path: [], callId: 'r', cseq: 1, expiresAt };
  };
  known.saw(acme.id, bob, [phone('a', Date.now() + 60_000), phone('gone', Date.now() - 1)]);
  t.same(
    known.of(acme.id, bob).map(({ id }) => id),
    ['a'],
  );
  t.same(known.of('other' as typeof acme.id, bob), [], "another tenant's phone is not rung");
  known.saw(acme.id, bob, []);
  t.same(known.of(acme.id, bob), [], 'the last word counts');
});
