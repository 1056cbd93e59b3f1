import type { ChainableCommander } from 'ioredis';
import type { DialogChange } from '../../domain/dialog.js';
import type { TenantId } from '../../domain/names.js';
import type { CallRecord, CallStore, HeldCall } from '../../flows/ports.js';
import { liveBindings } from './binding.js';
import { keysOf, tellingOf } from './call-keys.js';
import { type Holds, redisClaims } from './claims.js';
import type { RedisClient } from './client.js';
import { hashOf, noting } from './dialog-changes.js';
import { keys } from './keys.js';
import type { KnownPhones } from './known-phones.js';

/** Twice the interval of renewal and some; five seconds are ample for a pickup of five milliseconds. */
export const defaultHolds: Holds = { lease: 60_000, claim: 5_000 };

/** The calls of all instances in Redis: one script a change, each atomic. */
export const redisCallStore = (redis: RedisClient, known: KnownPhones, holds: Holds = defaultHolds): CallStore => ({
  async begin(call, dialogs) {
    const { record, calls } = keysOf(call);
    const noted = noting(call.tenant, dialogs, holds.lease);
    const own = [record, keys.bindings(call.tenant, call.target), calls];
    const bindings = await redis.cpBegin(3, ...own, ...noted, call.id, ...fieldsOf(call));
    const phones = liveBindings(bindings);
    known.saw(call.tenant, call.target, phones);
    return phones;
  },

  async ring(call, since, dialogs) {
    const { record, ringing, calls, news } = keysOf(call);
    const told = tellingOf(call, { event: 'ringing' });
    const noted = noting(call.tenant, dialogs, holds.lease);
    await redis.cpRing(4, record, ringing, calls, news, ...noted, call.id, since, ...told);
  },

  async note(call, dialogs) {
    if (dialogs.length > 0) await redis.cpNote(1, keysOf(call).record, ...noting(call.tenant, dialogs, holds.lease));
  },

  ...redisClaims(redis, holds),

  async end(call, result, dialogs) {
    const { record, ringing, calls, news } = keysOf(call);
    const told = tellingOf(call, { event: 'ended', result });
    const noted = noting(call.tenant, dialogs, holds.lease);
    await redis.cpEnd(4, record, ringing, calls, news, ...noted, call.id, ...told);
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
    const { record, ringing, calls: index } = keysOf(call);
    for (const key of [record, ringing, index, ...call.dialogs.flatMap(dialogKeys(call.tenant))])
      pipeline.pexpire(key, lease);
  }
  return all(pipeline);
};

const dialogKeys =
  (tenant: TenantId) =>
  ({ extension, dialog }: DialogChange): string[] => [
    keys.dialogs(tenant, extension),
    keys.dialog(tenant, hashOf(dialog.sipCallId)),
  ];

/** Sends a pipeline; rejects if one of its commands failed, which `exec` by itself does not. */
const all = async (pipeline: ChainableCommander): Promise<void> => {
  const results = (await pipeline.exec()) ?? [];
  for (const [error] of results) if (error) throw error;
};
