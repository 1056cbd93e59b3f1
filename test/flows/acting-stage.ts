import type { Test } from 'tap';
import type { CallId, InstanceId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import { makeActByOrder } from '../../src/flows/act-by-order.js';
import { type ActRequest, makeActs } from '../../src/flows/act-by-program.js';
import type { KnownCall } from '../../src/flows/call-directory.js';
import { makeChangeByOrder } from '../../src/flows/change-by-order.js';
import type { ListenMode } from '../../src/flows/media.js';
import { makeOrderDoor } from '../../src/flows/order-door.js';
import type { Binding } from '../../src/flows/ports.js';
import type { StealFrom } from '../../src/flows/supervise/steal-from.js';
import type { Supervising } from '../../src/flows/supervise.js';
import type { Taken } from '../../src/flows/take-call.js';
import { makeWaiting } from '../../src/flows/waiting-orders.js';
import { alice, bob, carol } from '../domain/acme.js';
import { memoryOrders } from './memory-orders.js';
import { type FakePhone, fakePhone, type Gate, quiet } from './parties.js';
import { company, supervising } from './supervise-stage.js';

/** How the story begins. */
export interface Acting {
  /** The phones of Carol. */
  readonly phones?: readonly string[];
  /** Whoever holds the call hears orders. */
  readonly listens?: boolean;
  readonly owner?: string;
}

/** Alice and Bob talk; what a program has Carol's phones do about it. */
export const acting = (t: Test, { phones = ['desk', 'mobile'], listens = true, owner = 'here' }: Acting = {}) => {
  const s = supervising();
  const now: { tenant: Tenant | undefined; isAway?: true; taken: Taken | Error; waitsFor?: Gate } = {
    tenant: company(),
    taken: { ok: true },
  };
  const orders = memoryOrders();
  const dialled: FakePhone[] = [];
  const asked: (Supervising | StealFrom)[] = [];
  const pickups: string[] = [];
  const call = s.talk('c1', [alice, s.alice], [bob, s.bob]);
  // Phones that still ring then ring no more.
  t.teardown(() => s.live.remove(call));
  let serial = 0;
  const take = async (request: Supervising | StealFrom): Promise<Taken> => {
    asked.push(request);
    await now.waitsFor?.passed;
    if (now.taken instanceof Error) throw now.taken;
    if (now.taken.ok)
      await request.leg.answer('answer of the service', { name: '', number: '', domain: '', private: false });
    return now.taken;
  };
  const bindings: Binding[] = phones.map((id) => ({ id, contact: `sip:${id}@phones.example`, path: [] }));
  const telling = {
    meter: { ...s.deps.meter, pickupEnded: (kind: string, outcome: string) => void pickups.push(`${kind} ${outcome}`) },
    log: s.deps.log,
  };
  const parts = {
    ...telling,
    ...{ orders, live: s.live, media: s.deps.media, supervisions: s.supervisions, waiting: makeWaiting() },
    tenant: () => now.tenant,
    supervise: take,
    stealFrom: take,
    phones: async (_tenant: unknown, extension: unknown) => {
      if (now.isAway) throw new Error('store away');
      return extension === carol ? bindings : [];
    },
    legs: {
      dial: (request: Parameters<typeof fakePhone>[1]) => {
        const phone = fakePhone(String(bindings[dialled.length % bindings.length]?.id), request);
        dialled.push(phone);
        return phone;
      },
    },
  };
  const door = makeOrderDoor({
    pickUp: async () => undefined,
    act: makeActByOrder(parts),
    change: makeChangeByOrder(parts),
  });
  if (listens) orders.onOrder((order) => void door(order));
  const known = (): KnownCall => ({
    ...call.record,
    ...{ caller: alice, state: 'connected', owner: owner as InstanceId, startedAt: 1, answeredAt: 2 },
  });
  const acts = makeActs({
    ...{ ...telling, orders, newOrderId: () => `order-${++serial}` },
    directory: { find: async (_tenant, id) => (id === call.record.id && s.live.get(id) ? known() : undefined) },
    dialogsOf: async (_tenant, extension) => {
      if (orders.away) throw new Error('store away');
      return call.dialogs.open.flatMap((each) => (each.extension === extension ? [each.dialog] : []));
    },
  });
  const ask = (changes: Partial<ActRequest> = {}): ActRequest => ({
    ...{ tenant: company(), act: 'listen', by: carol, extension: bob, waitSeconds: 3_600 },
    ...changes,
  });
  return {
    ...s,
    ...{ orders, dialled, asked, pickups, acts, now, call },
    /** Has it done, as far as it goes by itself; the id of the order, or why there is none. */
    order: async (changes: Partial<ActRequest> = {}): Promise<string> => {
      const ordered = await acts.order(ask(changes));
      await quiet();
      return ordered.ok ? ordered.order.id : ordered.refusal;
    },
    told: (id: string) => orders.told({ id }),
    change: (to: ListenMode | 'stop', supervision = 'order-1', id = 'c1') =>
      acts.change({
        ...{ tenant: company(), call: id as CallId, supervisor: carol, colleague: bob, change: { supervision, to } },
      }),
    phone: (index = 0): FakePhone => dialled[index] as FakePhone,
    /** The call of Alice and Bob ends. */
    ends: async () => {
      s.live.remove(call);
      await quiet();
    },
  };
};
