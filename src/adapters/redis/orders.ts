import { createHash } from 'node:crypto';
import type { InstanceId, TenantId } from '../../domain/names.js';
import type { Order, OrderKey, OrderRecord, OrderState, Orders } from '../../flows/orders.js';
import type { RedisClient } from './client.js';
import { channels, keys } from './keys.js';
import type { Subscriptions } from './subscriptions.js';

/** How long an order is remembered after its time, and a program's key with its order, in milliseconds. */
const kept = { order: 600_000, key: 86_400_000 };

/** Our order ids; nothing else becomes part of a key. */
const orderForm = /^[0-9a-f-]{36}$/;

/** Orders over Redis: noted in a hash, handed to the owner of the call on its channel. */
export const redisOrders = (redis: RedisClient, self: InstanceId, subscriptions: Subscriptions): Orders => ({
  place: async (order, owner, key) => {
    const own = [keys.order(order.tenant, order.id), ...(key ? [keyOf(order.tenant, key)] : [])];
    const stays = key ? kept.key : kept.order + order.waitSeconds * 1000;
    const args = [order.id, JSON.stringify(order), channels.orders(owner), stays];
    const keyArgs = key ? [fingerprintOf(key), kept.key] : [];
    const [verdict, said] = await redis.cpOrder(own.length, ...own, ...args, ...keyArgs);
    if (verdict === 'known') return { kind: 'known', order: String(said) };
    if (verdict === 'reused') return { kind: 'reused' };
    // A node of a cluster counts only its own listeners.
    if (said !== 0 || redis.isCluster) return { kind: 'placed' };
    // Nothing was done under the key, so that the program may try again.
    if (key) await redis.del(keyOf(order.tenant, key));
    return { kind: 'unheard' };
  },

  known: async (tenant, key) => {
    const [order, fingerprint] = (await redis.get(keyOf(tenant, key)))?.split(' ') ?? [];
    if (order === undefined) return undefined;
    return fingerprint === fingerprintOf(key) ? { kind: 'known', order } : { kind: 'reused' };
  },

  note: async (order, state) => {
    const key = keys.order(order.tenant, order.id);
    const noting = redis.pipeline().hset(key, { ...state });
    // It has its end already, unless it has gone meanwhile.
    const results = (await noting.pexpire(key, kept.order, 'NX').exec()) ?? [];
    // `exec` by itself does not reject when one of its commands failed.
    for (const [error] of results) if (error) throw error;
  },

  find: async (tenant, id) => {
    if (!orderForm.test(id)) return undefined;
    const { order, ...state } = await redis.hgetall(keys.order(tenant, id));
    return order === undefined ? undefined : recordOf(JSON.parse(order) as Order, state as unknown as OrderState);
  },

  onOrder: (listener) => {
    subscriptions.listen(channels.orders(self), (message) => listener(JSON.parse(message) as Order));
  },
});

/** Whoever has not told of an order by so long after its time is not there any more, in milliseconds. */
const patience = 10_000;

const recordOf = ({ waitSeconds, placedAt, ...ordered }: Order, state: OrderState): OrderRecord => {
  const { id, call, target, sendTo, act, change } = ordered;
  const order = { id, call, target, sendTo, ...(act && { act }), ...(change && { change }) };
  if (state.state === 'failed') return { ...order, state: 'failed', refusal: state.refusal };
  const isForgotten = state.state !== 'answered' && Date.now() > placedAt + waitSeconds * 1000 + patience;
  return isForgotten ? { ...order, state: 'failed', refusal: 'owner-unreachable' } : { ...order, state: state.state };
};

/** A program's key is any text: in the store it is a hash. */
const keyOf = (tenant: TenantId, { name }: OrderKey): string => keys.orderKey(tenant, hashOf(name));

const fingerprintOf = ({ fingerprint }: OrderKey): string => hashOf(fingerprint);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
