import type { ChainableCommander } from 'ioredis';
import type { CallId, Extension, InstanceId, TenantId } from '../../domain/names.js';
import type { Refusal } from '../../domain/outcome.js';
import type { CallRecord, CallStore, ClaimAsk, ClaimResult, HeldCall } from '../../flows/ports.js';
import { liveBindings } from './binding.js';
import type { ClaimReply, RedisClient } from './client.js';
import { channels, keys } from './keys.js';
import type { KnownPhones } from './known-phones.js';
import { type NewsOf, newsText } from './news-text.js';

/** How long things are kept, in milliseconds. */
export interface Holds {
  /** A call whose owner does not renew it lapses after this. */
  readonly lease: number;
  /** A claim that is neither confirmed nor released lapses after this. */
  readonly claim: number;
}

/** Twice the interval of renewal and some; five seconds are ample for a pickup of five milliseconds. */
export const defaultHolds: Holds = { lease: 60_000, claim: 5_000 };

/** More extensions than these are not looked at one by one: the script goes through the tenant's calls instead. */
const mostSets = 64;

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

  async claim(ask) {
    const sets = setsOf(ask);
    const args = [keys.prefix(ask.tenant), ask.token, ask.picker, holds.claim, ask.call ?? '', ...allowedBy(ask)];
    return claimResult(await redis.cpClaim(sets.length, ...sets, ...args), ask);
  },

  async withdraw(ask) {
    const sets = setsOf(ask);
    await redis.cpWithdraw(sets.length, ...sets, keys.prefix(ask.tenant), ask.token);
  },

  async answer(call) {
    const { record, ringing, news } = keysOf(call);
    const told = tellingOf(call, { event: 'answered' });
    return (await redis.cpAnswer(3, record, ringing, news, call.id, ...told)) !== 'taken';
  },

  async confirm(call, token, { picker, method }) {
    const { record, ringing, news } = keysOf(call);
    const told = tellingOf(call, { event: 'picked-up', picker, method });
    await redis.cpConfirm(3, record, ringing, news, call.id, token, ...told);
  },

  async release(tenant, call, token) {
    await redis.cpRelease(1, keys.call(tenant, call), token);
  },

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

/** Where the script looks for calls: at each extension; or, for one call and for very many extensions, at all of the tenant's. */
const setsOf = (ask: ClaimAsk): string[] =>
  looksAtAll(ask) ? [keys.calls(ask.tenant)] : ask.extensions.map((extension) => keys.ringing(ask.tenant, extension));

const allowedBy = (ask: ClaimAsk): readonly Extension[] => (looksAtAll(ask) ? ask.extensions : []);

const looksAtAll = ({ call, extensions }: ClaimAsk): boolean => call !== undefined || extensions.length > mostSets;

/** The call hash's fields that stay as they are. */
const fieldsOf = (call: CallRecord): string[] => [
  ...['owner', call.owner, 'caller', call.caller, 'target', call.target],
  ...['callerName', call.callerName, 'callerNumber', call.callerNumber],
  ...['anonymous', call.isAnonymous ? '1' : '', 'private', call.isPrivate ? '1' : ''],
];

/** The channel of the tenant's news, and the news. */
const tellingOf = (call: CallRecord, what: NewsOf): [channel: string, news: string] => [
  channels.news(call.tenant),
  newsText(call, what),
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

const keysOf = (call: CallRecord) => ({
  record: keys.call(call.tenant, call.id),
  ringing: keys.ringing(call.tenant, call.target),
  legs: keys.legs(call.tenant, call.target),
  calls: keys.calls(call.tenant),
  news: keys.news(call.tenant),
});

const refusalOf: Record<'taken' | 'private' | 'own' | 'none', Refusal> = {
  taken: 'lost-race',
  private: 'private-call',
  own: 'own-call',
  none: 'no-call',
};

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
