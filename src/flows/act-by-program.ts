import type { CallId, Extension } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { findMeantCall, type MeantCallDeps } from './act-by-call.js';
import { refusalOfAct, type WantedAct } from './act-by-rules.js';
import { type TellDeps, tellRefusedAct } from './act-by-tell.js';
import { answerOf } from './order-answer.js';
import type { Order, OrderKey, OrderRecord, Orders, SupervisionChange } from './orders.js';
import { type Ordered, orderedBefore } from './send-call.js';

/** An act on an answered call, to be done with a phone that is called for it. */
export interface ActRequest extends WantedAct {
  /** Only this call will do; of several the one answered last. */
  readonly call?: CallId | undefined;
  /** Seconds that the phone may ring. */
  readonly waitSeconds: number;
  /** A program that repeats a request under the same key has it done once. */
  readonly key?: OrderKey | undefined;
}

/** What is to become of a supervision that runs, or whose phone still rings. */
export interface ChangeRequest {
  readonly tenant: Tenant;
  readonly call: CallId;
  readonly supervisor: Extension;
  readonly colleague: Extension;
  readonly change: SupervisionChange;
}

/** Steals and supervisions by program. */
export interface Acts {
  /**
   * Asks the policy and has the call's owner ring the phones of who wants it. The id of the order is the one of the
   * supervision that comes of it. Never rejects.
   */
  order(request: ActRequest): Promise<Ordered>;
  /**
   * Has the call's owner switch or end a supervision; undefined if it is done. Refusals: those of the policy, `no-call` (it
   * is over), `media-unavailable`, `owner-unreachable` (within seconds), `store-unreachable`. Never rejects.
   */
  change(request: ChangeRequest): Promise<Refusal | undefined>;
  /** Only acts on answered calls. Rejects if the store cannot be reached. */
  find(tenant: Tenant, id: string): Promise<OrderRecord | undefined>;
}

/** What acts by program need. */
export interface ActsDeps extends TellDeps, MeantCallDeps {
  readonly orders: Orders;
  readonly newOrderId: () => string;
}

/** Takes acts by program, at whatever instance they come in. */
export const makeActs = (deps: ActsDeps): Acts => ({
  order: async (request) => {
    const began = performance.now();
    const placed = await place(deps, request).catch((error): Placed => {
      deps.log.warn({ error: String(error) }, 'store away, no act by program');
      return no('store-unreachable');
    });
    if (placed.ok) return placed;
    const { refusal, ...found } = placed;
    const { act, tenant, by: sendTo, extension: target } = request;
    // The call that was asked for may be another company's: only one that was found is told of.
    if (refusal !== 'key-reused')
      tellRefusedAct(deps, { ...found, act, tenant: tenant.id, sendTo, target, refusal, began });
    return { ok: false, refusal };
  },
  change: (request) =>
    change(deps, request).catch((error): Refusal => {
      deps.log.warn({ error: String(error) }, 'store away, supervision not changed');
      return 'store-unreachable';
    }),
  find: async ({ id: tenant }, id) => {
    const order = await deps.orders.find(tenant, id);
    return order?.act ? order : undefined;
  },
});

type Placed = Ordered & { readonly call?: CallId };

const no = (refusal: Refusal): Placed => ({ ok: false, refusal });

/** The rules come before the calls: who may not do it does not learn whether there is one. */
const place = async (deps: ActsDeps, request: ActRequest): Promise<Placed> => {
  const { tenant, act, by: sendTo, extension: target, waitSeconds, key } = request;
  const refusal = refusalOfAct(request);
  if (refusal) return no(refusal);
  const meant = await findMeantCall(deps, request, request.call);
  if (!meant.ok) return meant;
  const { id: call, owner } = meant.call;
  const record = { id: deps.newOrderId(), call, target, sendTo, act };
  const order: Order = { ...record, tenant: tenant.id, waitSeconds, placedAt: Date.now() };
  const placed = await deps.orders.place(order, owner, key);
  if (placed.kind === 'unheard') {
    await deps.orders.note(order, { state: 'failed', refusal: 'owner-unreachable' });
    return { ok: false, refusal: 'owner-unreachable', call };
  }
  if (placed.kind !== 'placed') return orderedBefore(deps.orders, tenant, placed);
  deps.log.info({ callId: call, tenant: tenant.id, order: order.id, act, by: sendTo, target }, 'act ordered');
  return { ok: true, order: { ...record, state: 'pending' }, repeated: false };
};

const change = async (deps: ActsDeps, request: ChangeRequest): Promise<Refusal | undefined> => {
  const { tenant, call: id, supervisor: sendTo, colleague: target } = request;
  const call = await deps.directory.find(tenant.id, id);
  if (!call) return 'no-call';
  const ids = { id: deps.newOrderId(), tenant: tenant.id, call: id, target, sendTo };
  const order: Order = { ...ids, change: request.change, waitSeconds: 0, placedAt: Date.now() };
  const placed = await deps.orders.place(order, call.owner);
  return placed.kind === 'placed' ? answerOf(deps.orders, order) : 'owner-unreachable';
};
