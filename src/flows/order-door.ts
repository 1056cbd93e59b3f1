import type { Order, OrderedAct, SupervisionChange } from './orders.js';

/** Who carries out what a program wants; none of them ever rejects. */
export interface OrderDoorDeps {
  readonly pickUp: (order: Order) => Promise<void>;
  readonly act: (order: Order, act: OrderedAct) => Promise<void>;
  readonly change: (order: Order, change: SupervisionChange) => Promise<void>;
}

/** The door for orders to the instance that holds the call. */
export const makeOrderDoor =
  ({ pickUp, act, change }: OrderDoorDeps) =>
  (order: Order): Promise<void> => {
    if (order.change) return change(order, order.change);
    return order.act ? act(order, order.act) : pickUp(order);
  };
