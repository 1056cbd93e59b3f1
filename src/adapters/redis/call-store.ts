import type { ChainableCommander } from 'ioredis';
import type { CallId, Extension, InstanceId, TenantId } from '../../domain/names.js';
import type { Refusal } from '../../domain/outcome.js';
import type { CallRecord, CallStore, ClaimAsk, ClaimResult, HeldCall, StoredBinding } from '../../flows/ports.js';
import { readBinding } from './binding.js';
import type { ClaimReply, RedisClient } from './client.js';
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
    const own = [keys.call(call.tenant, call.id), keys.bindings(call.tenant, call.target)];
    const bindings = await redis.cpBegin(2, ...own, call.owner, call.caller, call.target, holds.lease);
    const phones = liveBindings(bindings);
    known.saw(call.tenant, call.target, phones);
    return phones;
  },

  async ring(call, dialog) {
    const own = [...indexes(call), keys.dialog(call.tenant, dialog.sipCallId)];
    const place = `${call.target} ${call.id} ${dialog.leg}`;
    await redis.cpRing(4, ...own, call.id, dialog.leg, JSON.stringify(dialog), place, dialog.since, holds.lease);
  },

  async legEnded(call, { leg, sipCallId }) {
    const [, , legs] = indexes(call);
    await all(redis.pipeline().hdel(legs, leg).del(keys.dialog(call.tenant, sipCallId)));
  },

  async claim(ask) {
    const sets = ask.extensions.map((extension) => keys.ringing(ask.tenant, extension));
    const args = [keys.prefix(ask.tenant), ask.token, ask.picker, holds.claim];
    return claimResult(await redis.cpClaim(sets.length, ...sets, ...args), ask);
  },

  async withdraw({ tenant, extensions, token }) {
    const sets = extensions.map((extension) => keys.ringing(tenant, extension));
    await redis.cpWithdraw(sets.length, ...sets, keys.prefix(tenant), token);
  },

  async answer(call) {
    const [record, ringing] = indexes(call);
    return (await redis.cpAnswer(2, record, ringing, call.id)) !== 'taken';
  },

  async confirm(call, token) {
    const [record, ringing] = indexes(call);
    await redis.cpConfirm(2, record, ringing, call.id, token);
  },

  async release(tenant, call, token) {
    await redis.cpRelease(1, keys.call(tenant, call), token);
  },

  async end(call, legs) {
    const dialogs = legs.map(({ sipCallId }) => keys.dialog(call.tenant, sipCallId));
    const own = [...indexes(call), ...dialogs];
    await redis.cpEnd(own.length, ...own, call.id, ...legs.map(({ leg }) => leg));
  },

  async renew(calls) {
    // A pipeline reaches one node of a cluster, so each tenant has its own.
    const tenants = new Set(calls.map(({ tenant }) => tenant));
    const ofTenant = (wanted: TenantId) => calls.filter(({ tenant }) => tenant === wanted);
    await Promise.all([...tenants].map((tenant) => renewOf(redis, ofTenant(tenant), holds.lease)));
  },
});

const renewOf = (redis: RedisClient, calls: readonly HeldCall[], lease: number): Promise<void> => {
  const pipeline = redis.pipeline();
  for (const call of calls) {
    const dialogs = call.dialogs.map((sipCallId) => keys.dialog(call.tenant, sipCallId));
    for (const key of [...indexes(call), ...dialogs]) pipeline.pexpire(key, lease);
  }
  return all(pipeline);
};

/** Sends a pipeline; rejects if one of its commands failed, which `exec` by itself does not. */
const all = async (pipeline: ChainableCommander): Promise<void> => {
  const results = (await pipeline.exec()) ?? [];
  for (const [error] of results) if (error) throw error;
};

const indexes = (call: CallRecord) =>
  [
    keys.call(call.tenant, call.id),
    keys.ringing(call.tenant, call.target),
    keys.legs(call.tenant, call.target),
  ] as const;

const liveBindings = (jsons: readonly string[]): StoredBinding[] => {
  const now = Date.now();
  return jsons.map(readBinding).filter(({ expiresAt }) => expiresAt > now);
};

const refusalOf: Record<'taken' | 'own' | 'none', Refusal> = { taken: 'lost-race', own: 'own-call', none: 'no-call' };

const claimResult = (reply: ClaimReply, { token }: ClaimAsk): ClaimResult => {
  if (reply[0] !== 'claimed') return { ok: false, refusal: refusalOf[reply[0]] };
  const [, call, owner, target, since] = reply;
  return {
    ok: true,
    claim: {
      call: call as CallId,
      owner: owner as InstanceId,
      target: target as Extension,
      token,
      ringingSince: Number(since),
    },
  };
};
