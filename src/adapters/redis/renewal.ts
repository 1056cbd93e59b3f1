import type { ChainableCommander } from 'ioredis';
import type { DialogChange } from '../../domain/dialog.js';
import type { TenantId } from '../../domain/names.js';
import { placeOf } from '../../domain/ring-place.js';
import type { HeldCall } from '../../flows/ports.js';
import { keysOf } from './call-keys.js';
import type { RedisClient } from './client.js';
import { hashOf, noting } from './dialog-changes.js';
import { keys } from './keys.js';
import type { UnsaidDialogs } from './unsaid-dialogs.js';

/** What renewing needs. */
export interface Renewing {
  readonly redis: RedisClient;
  /** Milliseconds. */
  readonly lease: number;
  readonly unsaid: UnsaidDialogs;
}

/** Keeps calls from lapsing, and says what could not be said of their dialogs. Rejects if something of it failed. */
export const renewCalls = async (renewing: Renewing, calls: readonly HeldCall[]): Promise<void> => {
  renewing.unsaid.keepOnly(calls);
  // A pipeline reaches one node of a cluster, so each tenant has its own.
  const tenants = new Set(calls.map(({ tenant }) => tenant));
  const ofTenant = (wanted: TenantId) => calls.filter(({ tenant }) => tenant === wanted);
  await Promise.all([...tenants].map((tenant) => renewTenant(renewing, tenant, ofTenant(tenant))));
};

const renewTenant = async (
  { redis, lease, unsaid }: Renewing,
  tenant: TenantId,
  calls: readonly HeldCall[],
): Promise<void> => {
  const pipeline = redis.pipeline().pexpire(keys.supervisions(tenant), lease);
  const late = calls.flatMap((call) => {
    const changes = unsaid.take(call);
    return changes.length > 0 ? [{ call, changes }] : [];
  });
  for (const call of calls) {
    const { record, ringing, calls: index } = keysOf(call);
    const places = [...(call.ringsAt ?? []), ...(call.groups ?? []).map(placeOf)];
    const atPlaces = places.map((place) => keys.ringing(tenant, place));
    for (const key of [record, ringing, index, ...atPlaces, ...call.dialogs.flatMap(dialogKeys(call.tenant))])
      pipeline.pexpire(key, lease);
  }
  for (const { call, changes } of late) pipeline.cpNote(1, keysOf(call).record, ...noting(call.tenant, changes, lease));
  const renewed = all(pipeline);
  await Promise.all([renewed, ...late.map(({ call, changes }) => unsaid.told(renewed, call, changes))]);
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
