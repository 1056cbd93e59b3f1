import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { connectRedis, type RedisClient, type RedisPlace } from '../../../src/adapters/redis/client.js';
import { hashOf } from '../../../src/adapters/redis/dialog-changes.js';
import { keys } from '../../../src/adapters/redis/keys.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import { makeSubscriptions, type Subscriptions } from '../../../src/adapters/redis/subscriptions.js';
import type { Dialog, DialogChange } from '../../../src/domain/dialog.js';
import type { CallId, ClaimToken, Extension, InstanceId, TenantId } from '../../../src/domain/names.js';
import type { Order } from '../../../src/flows/orders.js';
import type { CallRecord, CallStore, ClaimAsk, Confirmed, HeldCall, Log } from '../../../src/flows/ports.js';
import { acme, alice, bob, carol } from '../../domain/acme.js';
import { startRedis } from '../../support/redis.js';

/** A log that nobody reads. */
export const silent: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** Connects, and leaves with the test run. */
export const connect = async (place: RedisPlace): Promise<RedisClient> => {
  const client = connectRedis(place, silent);
  t.teardown(() => client.disconnect());
  await client.connect();
  return client;
};

const server = await startRedis();
t.teardown(() => server.stop());

/** Another connection to it, as another instance has one; a busy machine may be late (outage.ts shows what comes of that). */
export const connectAgain = async (): Promise<RedisClient> => {
  const client = await connect({ unixSocket: server.unixSocket });
  Object.assign(client.options, { commandTimeout: 5_000 });
  return client;
};

/** The Redis of this run. */
export const redis = await connectAgain();

/** Long enough for any test. */
export const long = { lease: 60_000, claim: 60_000 };

/** A store in an empty Redis. */
export const emptyStore = async (holds = long): Promise<CallStore> => {
  await redis.flushall();
  return redisCallStore(redis, makeKnownPhones(), holds);
};

/** Text as a token. */
export const token = (text: string): ClaimToken => text as ClaimToken;

/** A call of Alice's to Bob, with some of it said otherwise. */
export const callOf = (id: string, changes: Partial<CallRecord> = {}): CallRecord => ({
  id: id as CallId,
  tenant: acme.id,
  caller: alice,
  callerName: 'Alice Adams',
  callerNumber: alice,
  isAnonymous: false,
  isPrivate: false,
  target: bob,
  owner: 'here' as InstanceId,
  ...changes,
});

/** Carol has the call in the end, by the claim with this token. */
export const byCarol = (name: string): Confirmed => ({ picker: carol, method: 'directed', token: token(name) });

/** A phone of the call's target that rings, with some of it said otherwise. */
export const dialogOf = (
  call: CallRecord,
  leg = `leg-${call.id}`,
  { extension = call.target, ...changes }: Partial<Dialog> & { extension?: Extension } = {},
): DialogChange => ({
  extension,
  dialog: {
    id: leg,
    call: call.id,
    sipCallId: `${leg}@here`,
    localTag: 'phone',
    remoteTag: 'ours',
    direction: 'recipient',
    state: 'early',
    remote: { name: 'Alice Adams', number: alice, domain: 'acme.example', isAnonymous: false },
    isHeld: false,
    isPrivate: call.isPrivate,
    since: 1_000,
    ...changes,
  },
});

/** The same phone, which does not ring any more. */
export const overOf = (call: CallRecord, leg?: string): DialogChange =>
  dialogOf(call, leg, { state: 'terminated', event: 'cancelled' });

/** A call as its owner holds it, with the dialog of its phone. */
export const heldOf = (call: CallRecord): HeldCall => ({ ...call, dialogs: [dialogOf(call)] });

/** Begins a call and lets one phone ring. */
export const ring = async (store: CallStore, call: CallRecord, since = 1_000): Promise<CallRecord> => {
  await store.begin(call, []);
  await store.ring(call, since, [dialogOf(call, undefined, { since })]);
  return call;
};

/** Where a dialog is found by its SIP Call-ID. */
export const placeOf = (sipCallId: string, { tenant }: Pick<CallRecord, 'tenant'> = { tenant: acme.id }): string =>
  keys.dialog(tenant, hashOf(sipCallId));

/** Carol's question for Bob's call, with some of it said otherwise. */
export const askOf = (name: string, changes: Partial<ClaimAsk> = {}): ClaimAsk => ({
  tenant: acme.id,
  picker: carol,
  extensions: [bob],
  token: token(name),
  ...changes,
});

/** The state in the store; `ended` is where there is nothing. */
export const stateOf = async (call: CallRecord): Promise<string> =>
  (await redis.hget(`cp:{${call.tenant}}:call:${call.id}`, 'state')) ?? 'ended';

/** An order of Carol's for Bob's call. */
export const orderOf = (serial: number, changes: Partial<Order> = {}): Order => ({
  id: uuid(serial),
  tenant: acme.id,
  call: uuid(0) as CallId,
  target: bob,
  sendTo: carol,
  waitSeconds: 25,
  placedAt: Date.now(),
  ...changes,
});

/** Subscriptions of somebody who hears nothing. */
export const deaf: Subscriptions = {
  listen: () => () => undefined,
  ready: async () => undefined,
  onResumed: () => undefined,
  stop: () => undefined,
};

/** Subscriptions over a connection of their own, closed when the run is over. */
export const hearing = (client: RedisClient = redis): Subscriptions => {
  const subscriptions = makeSubscriptions(client, silent);
  t.teardown(() => subscriptions.stop());
  return subscriptions;
};

/** Waits until so many connections listen on a channel. */
export const listeners = async (channel: string, count: number): Promise<void> => {
  while ((await redis.pubsub('NUMSUB', channel))[1] !== count) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** A client that may not be asked anything. */
export const untouchable = new Proxy({} as RedisClient, {
  get: (_, name) => () => {
    throw new Error(`Redis was asked: ${String(name)}`);
  },
});

/**
 * Everything there is but what is meant to be left behind: the news, which end by themselves an hour after the last; the
 * number of the last message on the channel of dialogs; and for a minute which dialogs there were.
 */
export const allKeys = async (client: Pick<RedisClient, 'keys' | 'get'> = redis): Promise<string[]> => {
  const kept = await client.keys('*');
  const isLeft = await Promise.all(
    kept.map(async (key) => !/^cp:\{[^}]*\}:(news|dialog-number)$/.test(key) && !(await isTombstone(client, key))),
  );
  return kept.filter((_, index) => isLeft[index]).sort();
};

const isTombstone = async (client: Pick<RedisClient, 'get'>, key: string): Promise<boolean> =>
  /^cp:\{[^}]*\}:dialog:/.test(key) && (await client.get(key)) === 'ended';

/** A call id, or an order's, as the service makes them. */
export const uuid = (serial: number): string => `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`;

/** Waits until Redis's own clock has passed the end of a claim. */
export const untilLapsed = async (call: CallRecord): Promise<void> => {
  const heldUntil = Number(await redis.hget(`cp:{${call.tenant}}:call:${call.id}`, 'claimedUntil'));
  for (;;) {
    const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
    if (seconds * 1000 + Math.floor(micros / 1000) >= heldUntil) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Text as names that the service itself would have checked. */
export const names = (tenant: string, extension: string) => ({
  tenant: tenant as TenantId,
  extension: extension as Extension,
});
