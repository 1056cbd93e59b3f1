import { placeOf } from '../../domain/ring-place.js';
import type { CallRecord, CallStore } from '../../flows/ports.js';
import { liveBindings } from './binding.js';
import { keysOf, tellingOf } from './call-keys.js';
import { callerFields } from './caller-fields.js';
import { type Holds, redisClaims } from './claims.js';
import type { RedisClient } from './client.js';
import { noting } from './dialog-changes.js';
import { keys } from './keys.js';
import type { KnownPhones } from './known-phones.js';
import { renewCalls } from './renewal.js';
import { unsaidDialogs } from './unsaid-dialogs.js';

/** Twice the interval of renewal and some; five seconds are ample for a pickup of five milliseconds. */
export const defaultHolds: Holds = { lease: 60_000, claim: 5_000 };

/**
 * The calls of all instances in Redis: one script a change, each atomic. What becomes of dialogs while Redis cannot be told
 * is told with the next renewal, so that whoever watches is not left with what was before.
 */
export const redisCallStore = (redis: RedisClient, known: KnownPhones, holds: Holds = defaultHolds): CallStore => {
  const unsaid = unsaidDialogs();
  return {
    async begin(call, dialogs, number = call.target) {
      const { record, calls } = keysOf(call);
      const noted = noting(call.tenant, dialogs, holds.lease);
      const own = [record, keys.bindings(call.tenant, number), calls];
      const begun = redis.cpBegin(3, ...own, ...noted, call.id, ...fieldsOf(call));
      const phones = liveBindings(await unsaid.told(begun, call, dialogs));
      known.saw(call.tenant, number, phones);
      return phones;
    },

    async ring(call, since, dialogs) {
      const { record, ringing, calls, news } = keysOf(call);
      const told = tellingOf(call, { event: 'ringing' });
      const noted = noting(call.tenant, dialogs, holds.lease);
      const ringsAt = (call.ringsAt ?? []).join(' ');
      const groups = (call.groups ?? []).map(placeOf).join(' ');
      const rung = redis.cpRing(4, record, ringing, calls, news, ...noted, call.id, since, ...told, ringsAt, groups);
      await unsaid.told(rung, call, dialogs);
    },

    async left({ tenant, id }, places) {
      const pipeline = redis.pipeline();
      for (const place of places) pipeline.zrem(keys.ringing(tenant, place), id);
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    },

    async note(call, dialogs) {
      if (dialogs.length === 0) return;
      const noted = redis.cpNote(1, keysOf(call).record, ...noting(call.tenant, dialogs, holds.lease));
      await unsaid.told(noted, call, dialogs);
    },

    ...redisClaims(redis, holds, unsaid),

    async waits(call, notice) {
      const { record, news } = keysOf(call);
      const told = tellingOf(call, { event: 'waiting', ...notice });
      return (await redis.cpWaits(2, record, news, ...told)) === 'told';
    },

    async end(call, result, dialogs) {
      const { record, ringing, calls, news } = keysOf(call);
      const told = tellingOf(call, { event: 'ended', result, ...(call.history && { history: call.history }) });
      const noted = noting(call.tenant, dialogs, holds.lease);
      await redis.cpEnd(4, record, ringing, calls, news, ...noted, call.id, ...told);
    },

    renew: (calls) => renewCalls({ redis, lease: holds.lease, unsaid }, calls),
  };
};

/** The call hash's fields that stay as they are, unless the caller is replaced. */
const fieldsOf = (call: CallRecord): string[] => [
  ...['owner', call.owner, 'target', call.target, 'private', call.isPrivate ? '1' : ''],
  ...(call.group === undefined ? [] : ['group', call.group]),
  ...callerFields(call),
];
