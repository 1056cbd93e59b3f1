import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { connectRedis, type RedisClient, type RedisPlace } from '../../../src/adapters/redis/client.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import type { CallId, ClaimToken, Extension, InstanceId, TenantId } from '../../../src/domain/names.js';
import type { CallRecord, CallStore, ClaimAsk, EarlyDialog, HeldCall, Log } from '../../../src/flows/ports.js';
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

/** The Redis of this run. */
export const redis = await connect({ unixSocket: server.unixSocket });

/** Another connection to it, as another instance has one. */
export const connectAgain = () => connect({ unixSocket: server.unixSocket });

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
  target: bob,
  owner: 'here' as InstanceId,
  ...changes,
});

/** An early dialog of one phone that rings for a call. */
export const dialogOf = (call: CallRecord, leg = `leg-${call.id}`, since = 1_000): EarlyDialog => ({
  leg,
  sipCallId: `${leg}@here`,
  localTag: 'phone',
  remoteTag: 'ours',
  contact: 'sip:101@192.0.2.1',
  since,
  state: 'early',
});

/** A call as its owner holds it, with the dialog of its phone. */
export const heldOf = (call: CallRecord): HeldCall => ({ ...call, dialogs: [dialogOf(call).sipCallId] });

/** Begins a call and lets one phone ring. */
export const ring = async (store: CallStore, call: CallRecord, since = 1_000): Promise<CallRecord> => {
  await store.begin(call);
  await store.ring(call, dialogOf(call, undefined, since));
  return call;
};

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

/** Everything there is. */
export const allKeys = async (): Promise<string[]> => (await redis.keys('*')).sort();

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
