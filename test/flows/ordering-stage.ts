import type { Test } from 'tap';
import type { CallId, ClaimToken, Extension } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import type { Order } from '../../src/flows/orders.js';
import type { Binding } from '../../src/flows/ports.js';
import { makeRingPicker } from '../../src/flows/ring-picker.js';
import { acme, bob, dave } from '../domain/acme.js';
import { memoryOrders } from './memory-orders.js';
import { type FakeCaller, type FakePhone, fakeCaller, type Gate, gate, quiet } from './parties.js';
import { stage } from './stage.js';

/** How the story begins. */
export interface Ordering {
  readonly caller?: FakeCaller;
  /** The phones of the picker. */
  readonly pickers?: readonly string[];
}

/** Alice calls Bob, whose phone rings; orders of Dave's for it are carried out by the instance that holds the call. */
export const ordering = async (t: Test, { caller = fakeCaller('alice'), pickers = ['dave-desk'] }: Ordering = {}) => {
  const s = stage(t, { phones: ['bob-desk', ...pickers] });
  s.store.phones.set(bob, [{ id: 'bob-desk', contact: 'sip:bob-desk@phones.example', path: [] }]);
  const orders = memoryOrders();
  const now: { tenant: Tenant | undefined; registrar: 'there' | 'away'; slow?: Gate } = {
    tenant: acme,
    registrar: 'there',
  };
  let serial = 0;
  const bindings: Binding[] = pickers.map((id) => ({ id, contact: `sip:${id}@phones.example`, path: ['sip:edge;lr'] }));
  const ringPicker = makeRingPicker({
    ...s.deps,
    orders,
    tenant: () => now.tenant,
    phones: async (_tenant, extension) => {
      await now.slow?.passed;
      if (now.registrar === 'away') throw new Error('store away');
      return extension === dave ? bindings : [];
    },
    newToken: () => `order-token-${++serial}` as ClaimToken,
  });
  await s.calls(caller);
  s.phone().rings();
  await quiet();

  const orderOf = (changes: Partial<Order> = {}): Order => ({
    id: `order-${++serial}`,
    tenant: acme.id,
    call: 'call-1' as CallId,
    target: bob,
    sendTo: dave as Extension,
    waitSeconds: 3_600,
    placedAt: Date.now(),
    ...changes,
  });

  return {
    ...s,
    caller,
    orders,
    now,
    ringPicker,
    /** The phones of the picker that were dialled. */
    pickerPhones: (): FakePhone[] => s.dialled.filter(({ id }) => pickers.includes(id)),
    pickerPhone: (index = 0): FakePhone => s.dialled.filter(({ id }) => pickers.includes(id))[index] as FakePhone,
    /** Has an order carried out; settles when the picker's phones have been dialled. */
    asks: async (changes: Partial<Order> = {}) => {
      const order = orderOf(changes);
      const over = ringPicker(order);
      await quiet();
      return { order, over, told: () => orders.told(order) };
    },
    /** The state of the call in the store. */
    state: () => s.store.calls.get('call-1' as CallId)?.state,
    /** Bob rings on as if nothing had been, and Carol can still have the call. */
    ringsOn: async (what: string) => {
      t.same(s.phone().stops, [], `${what}: Bob rings on`);
      t.same(caller.heard, ['180'], `${what}: the caller hears nothing of it`);
      t.equal(s.store.calls.get('call-1' as CallId)?.state, 'ringing', `${what}: the call is nobody’s`);
      t.same(await s.picks(), { ok: true }, `${what}: the next one has it`);
      await s.joints[0]?.hangUp();
      await s.nothingLeft('picked_up');
    },
  };
};

/** The picker's phone has answered and its claim is on its way to the store. */
export const claiming = async (...args: Parameters<typeof ordering>) => {
  const s = await ordering(...args);
  const shut = gate();
  s.store.slow.claim = shut;
  const asked = await s.asks();
  s.pickerPhone().answers();
  await quiet();
  const goesOn = async () => {
    shut.open();
    await quiet();
  };
  return { ...s, ...asked, goesOn };
};
