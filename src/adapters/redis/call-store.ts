import type { ChainableCommander } from 'ioredis';
import type { TenantId } from '../../domain/names.js';
import type { CallRecord, CallStore, HeldCall } from '../../flows/ports.js';
import { liveBindings } from './binding.js';
import { keysOf, tellingOf } from './call-keys.js';
import { redisClaims } from './claims.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';
import type { KnownPhones } from './known-phones.js';

/** How long things are kept, in milliseconds. */
export interface Holds {
  /** A call whose owner does not renew it lapses after this. */
  readonly lease: number;
  /** A claim that is neither confirmed nor released lapses after this. */
  readonly claim: number;
}

/** Twice the interval of renewal and some; five seconds are ample for a pickup of five milliseconds. */
export const defaultHolds: Holds = { lease: 60_000, claim: 5_000 };

/** The calls of all instances in Redis: one script a change, each atomic. */
export const redisCallStore = (redis: RedisClient, known: KnownPhones, holds: Holds = defaultHolds): CallStore => ({
  async begin(call) {
    const { record, calls } = keysOf(call);
    const own = [record, keys.bindings(call.tenant, call.target), calls];
    const bindings = await redis.cpBegin(3, ...own, call.id, holds.lease, ...fieldsOf(call));
    const phones = liveBindings(bindings);
    known.saw(call.tenant, call.target, phones);
    return phones;
  },

  async ring(call, dialog) {
    const { record, ringing, legs, calls, news } = keysOf(call);
    const own = [record, ringing, legs, calls, news, keys.dialog(call.tenant, dialog.sipCallId)];
    const place = `${call.target} ${call.id} ${dialog.leg}`;
    const told = tellingOf(call, { event: 'ringing' });
    await redis.cpRing(
      6,
      ...own,
      call.id,
      dialog.leg,
      JSON.stringify(dialog),
      place,
      dialog.since,
      holds.lease,
      ...told,
    );
  },

  async legEnded(call, { leg, sipCallId }) {
    await all(redis.pipeline().hdel(keysOf(call).legs, leg).del(keys.dialog(call.tenant, sipCallId)));
  },

  ...redisClaims(redis, holds.claim),

  async end(call, ended, result) {
    const { record, ringing, legs, calls, news } = keysOf(call);
    const dialogs = ended.map(({ sipCallId }) => keys.dialog(call.tenant, sipCallId));
    const own = [record, ringing, legs, calls, news, ...dialogs];
    const told = tellingOf(call, { event: 'ended', result });
    await redis.cpEnd(own.length, ...own, call.id, ...told, ...ended.map(({ leg }) => leg));
  },

  async renew(calls) {
    // A pipeline reaches one node of a cluster, so each tenant has its own.
    const tenants = new Set(calls.map(({ tenant }) => tenant));
    const ofTenant = (wanted: TenantId) => calls.filter(({ tenant }) => tenant === wanted);
    await Promise.all([...tenants].map((tenant) => renewOf(redis, ofTenant(tenant), holds.lease)));
  },
});

/** The call hash's fields that stay as they are. */
const fieldsOf = (call: CallRecord): string[] => [
  ...['owner', call.owner, 'caller', call.caller, 'target', call.target],
  ...['callerName', call.callerName, 'callerNumber', call.callerNumber],
  ...['anonymous', call.isAnonymous ? '1' : '', 'private', call.isPrivate ? '1' : ''],
];

const renewOf = (redis: RedisClient, calls: readonly HeldCall[], lease: number): Promise<void> => {
  const pipeline = redis.pipeline();
  for (const call of calls) {
    const dialogs = call.dialogs.map((sipCallId) => keys.dialog(call.tenant, sipCallId));
    const { record, ringing, legs, calls: index } = keysOf(call);
    for (const key of [record, ringing, legs, index, ...dialogs]) pipeline.pexpire(key, lease);
  }
  return all(pipeline);
};

/** Sends a pipeline; rejects if one of its commands failed, which `exec` by itself does not. */
const all = async (pipeline: ChainableCommander): Promise<void> => {
  const results = (await pipeline.exec()) ?? [];
  for (const [error] of results) if (error) throw error;
};
