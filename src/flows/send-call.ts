import type { CallId, Extension } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { type Reach, reachOf, reachOfCall } from '../domain/policy.js';
import { bestFirst } from '../domain/selection.js';
import type { CallDirectory, KnownCall } from './call-directory.js';
import type { Order, OrderKey, OrderRecord, Orders, Placed } from './orders.js';
import type { Log, Meter, Party } from './ports.js';
import { tellPickup } from './tell-pickup.js';

/** An order is told of as it is kept. */
export type { OrderRecord } from './orders.js';

/** A pickup by program: the call is to be had by a phone of this extension, as soon as it answers. */
export interface SendCallRequest {
  readonly tenant: Tenant;
  readonly call: CallId;
  /** The extension whose ringing call it is; the policy is asked about it. */
  readonly target: Extension;
  /** Who gets the call: the picker. */
  readonly sendTo: Extension;
  /** Whom the picker's phone shows while it rings; undefined shows the caller of the call. */
  readonly shown?: Party;
  /** Seconds that the picker's phone may ring. */
  readonly waitSeconds: number;
  /** A program that repeats a request under the same key has it done once. */
  readonly key?: OrderKey;
}

/** What became of the request itself. */
export type Ordered =
  | { ok: true; order: OrderRecord; repeated: boolean }
  /** `key-reused`: the same key came with another request before. */
  | { ok: false; refusal: Refusal | 'key-reused' };

/** Pickups by program. */
export interface SendCall {
  /** Asks the policy and has the call's owner ring the picker's phones. Never rejects. */
  order(request: SendCallRequest): Promise<Ordered>;
  /**
   * What was ordered under a key before: its order, `key-reused` if it was another request, undefined if nothing was.
   * A program that repeats itself after the call has ended still hears what it heard before. Rejects if the store
   * cannot be reached.
   */
  repeated(tenant: Tenant, key: OrderKey): Promise<Ordered | undefined>;
  /** Only pickups. Rejects if the store cannot be reached. */
  find(tenant: Tenant, id: string): Promise<OrderRecord | undefined>;
}

/** What a pickup by program needs. */
export interface SendCallDeps {
  readonly orders: Orders;
  readonly directory: CallDirectory;
  readonly meter: Pick<Meter, 'pickupEnded'>;
  readonly log: Log;
  readonly newOrderId: () => string;
}

/** Takes pickups by program, at whatever instance they come in. */
export const makeSendCall = (deps: SendCallDeps): SendCall => ({
  order: async (request) => {
    const began = performance.now();
    const ordered = await place(deps, request).catch((error): Ordered => {
      deps.log.warn({ error: String(error) }, 'store away, no pickup by program');
      return no('store-unreachable');
    });
    if (!ordered.ok && ordered.refusal !== 'key-reused') {
      const facts = { callId: request.call, tenant: request.tenant.id, picker: request.sendTo, target: request.target };
      tellPickup(deps, { kind: 'api', refusal: ordered.refusal, began, facts });
    }
    return ordered;
  },
  repeated: async (tenant, key) => {
    const before = await deps.orders.known(tenant.id, key);
    return before && orderedBefore(deps.orders, tenant, before);
  },
  find: async (tenant, id) => {
    const order = await deps.orders.find(tenant.id, id);
    return order?.act || order?.change ? undefined : order;
  },
});

const no = (refusal: Refusal | 'key-reused'): Ordered => ({ ok: false, refusal });

const place = async (deps: SendCallDeps, request: SendCallRequest): Promise<Ordered> => {
  const { tenant, sendTo, key } = request;
  const [before, call] = await Promise.all([
    key && deps.orders.known(tenant.id, key),
    deps.directory.find(tenant.id, request.call),
  ]);
  // A repeated request is answered as the first was, whatever became of the call since.
  if (before) return orderedBefore(deps.orders, tenant, before);

  const target = whose(request, call);
  const reach = reachFor(request, call);
  if (!reach.ok) return no(reach.refusal);
  if (!call || !(call.ringsAt ?? [call.target]).includes(target)) return no('no-call');
  const refusal = refusalOf(call, sendTo);
  if (refusal) return no(refusal);

  const { shown, waitSeconds } = request;
  const parts = { call: call.id, target, sendTo, waitSeconds, ...(shown && { shown }) };
  const order: Order = { id: deps.newOrderId(), tenant: tenant.id, ...parts, placedAt: Date.now() };
  const placed = await deps.orders.place(order, call.owner, key);
  if (placed.kind === 'unheard') {
    await deps.orders.note(order, { state: 'failed', refusal: 'owner-unreachable' });
    return no('owner-unreachable');
  }
  if (placed.kind !== 'placed') return orderedBefore(deps.orders, tenant, placed);
  deps.log.info({ callId: call.id, tenant: tenant.id, order: order.id, target, picker: sendTo }, 'pickup ordered');
  return { ok: true, order: { id: order.id, call: call.id, target, sendTo, state: 'pending' }, repeated: false };
};

/** Who names the call of a group, and no phone at which it rings, may have it by any of them. */
const isWhole = ({ target }: SendCallRequest, call: KnownCall | undefined): call is KnownCall =>
  call?.ringsAt !== undefined && target === call.target;

const reachFor = (request: SendCallRequest, call: KnownCall | undefined): Reach => {
  const { tenant, sendTo, target } = request;
  if (isWhole(request, call)) return reachOfCall(tenant, sendTo, call);
  const reach = reachOf(tenant, sendTo, { by: 'number', extension: target });
  if (!reach.ok || !reach.otherwise || (call && bestFirst([call], reach).length > 0)) return reach;
  return { ok: false, refusal: reach.otherwise };
};

/** Whose phone has the call: of a group's the first from which the picker may take it. */
const whose = (request: SendCallRequest, call: KnownCall | undefined): Extension => {
  const { tenant, sendTo, target } = request;
  if (!isWhole(request, call)) return target;
  const mayTake = (extension: Extension) => reachOf(tenant, sendTo, { by: 'number', extension }).ok;
  return call.ringsAt?.find(mayTake) ?? call.ringsAt?.[0] ?? target;
};

/** Why a call that is there cannot be had by this picker; the claim asks all of this once more. */
const refusalOf = ({ state, caller, target, isPrivate }: KnownCall, picker: Extension): Refusal | undefined => {
  if (caller === picker) return 'own-call';
  if (isPrivate && target !== picker) return 'private-call';
  if (state === 'trying') return 'no-call';
  return state === 'ringing' ? undefined : 'lost-race';
};

/** What a program is told that repeats itself: the order that it made before. Rejects if the store cannot be reached. */
export const orderedBefore = async (
  orders: Pick<Orders, 'find'>,
  tenant: Tenant,
  before: Extract<Placed, { kind: 'known' | 'reused' }>,
): Promise<Ordered> => {
  if (before.kind === 'reused') return no('key-reused');
  const order = await orders.find(tenant.id, before.order);
  return order ? { ok: true, order, repeated: true } : no('caller-gone');
};
