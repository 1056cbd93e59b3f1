import type { InstanceId } from '../../src/domain/names.js';
import type { CallDirectory, KnownCall } from '../../src/flows/call-directory.js';
import type { Order, OrderKey, OrderState, Orders, Placed } from '../../src/flows/orders.js';
import type { Kept, MemoryStore } from './memory-store.js';

/** Orders in memory, which can be away. */
export interface MemoryOrders extends Orders {
  /** What became of an order, word by word: `ringing`, `failed declined`. */
  told(order: Pick<Order, 'id'>): string[];
  readonly placed: Order[];
  away: boolean;
}

/** Empty orders, heard by the instance `here` as soon as it listens. Their rules are those of the contract test. */
export const memoryOrders = (): MemoryOrders => {
  const kept = new Map<string, { order: Order; words: OrderState[] }>();
  const keys = new Map<string, { order: string; fingerprint: string }>();
  const placed: Order[] = [];
  let listener: ((order: Order) => void) | undefined;
  const reached = async (): Promise<void> => {
    if (orders.away) throw new Error('store away');
  };
  const before = (
    { name, fingerprint }: OrderKey,
    tenant: string,
  ): Extract<Placed, { kind: 'known' | 'reused' }> | undefined => {
    const known = keys.get(`${tenant} ${name}`);
    if (!known) return undefined;
    return known.fingerprint === fingerprint ? { kind: 'known', order: known.order } : { kind: 'reused' };
  };
  const place = (order: Order, owner: InstanceId, key?: OrderKey): Placed => {
    const known = key && before(key, order.tenant);
    if (known) return known;
    kept.set(order.id, { order, words: [{ state: 'pending' }] });
    placed.push(order);
    if (owner !== 'here' || !listener) return { kind: 'unheard' };
    if (key) keys.set(`${order.tenant} ${key.name}`, { order: order.id, fingerprint: key.fingerprint });
    listener(order);
    return { kind: 'placed' };
  };
  const orders: MemoryOrders = {
    away: false,
    placed,
    told: ({ id }) =>
      (kept.get(id)?.words ?? []).map((word) => ('refusal' in word ? `failed ${word.refusal}` : word.state)),
    place: async (...asked) => {
      await reached();
      return place(...asked);
    },
    known: async (tenant, key) => {
      await reached();
      return before(key, tenant);
    },
    note: async (order, state) => {
      await reached();
      const known = kept.get(order.id) ?? { order, words: [] };
      kept.set(order.id, known);
      known.words.push(state);
    },
    find: async (tenant, wanted) => {
      await reached();
      const known = kept.get(wanted);
      const word = known?.words.at(-1);
      if (!known || !word || known.order.tenant !== tenant) return undefined;
      const { id, call, target, sendTo, act, change } = known.order;
      return { id, call, target, sendTo, ...(act && { act }), ...(change && { change }), ...word };
    },
    onOrder: (own) => {
      listener = own;
    },
  };
  return orders;
};

/** The calls of a store in memory, as a directory. */
export const memoryDirectory = (store: MemoryStore): CallDirectory => {
  const all = async (): Promise<KnownCall[]> => {
    if (store.away) throw new Error('store away');
    return [...store.calls.values()].map(knownCall);
  };
  return {
    list: async (tenant) => (await all()).filter((call) => call.tenant === tenant),
    find: async (tenant, id) => (await all()).find((call) => call.tenant === tenant && call.id === id),
  };
};

const knownCall = ({ record: { caller, ...record }, state, since, picker }: Kept): KnownCall => ({
  ...record,
  ...(caller !== '' && { caller: caller as KnownCall['target'] }),
  ...(picker && { picker }),
  state,
  startedAt: since,
});
