import type { TenantId } from '../domain/names.js';
import type { Refusal } from '../domain/outcome.js';
import type { Order } from './orders.js';

/** An order on its way. */
export interface WaitingOrder {
  /** Settles if nobody wants it any more. */
  readonly over: Promise<Refusal>;
  readonly isOver: boolean;
  /** It has come to its end. */
  done(): void;
}

/** The orders whose phones this instance calls. */
export interface Waiting {
  add(order: Order): WaitingOrder;
  /** Nobody wants it any more; false if there is no such order of this company. */
  cancel(tenant: TenantId, id: string): boolean;
}

/** None yet. */
export const makeWaiting = (): Waiting => {
  const all = new Map<string, { tenant: TenantId; cancel: () => void }>();
  return {
    add: ({ id, tenant }) => {
      let isOver = false;
      const over = new Promise<Refusal>((resolve) => {
        const cancel = () => {
          isOver = true;
          resolve('picker-gone');
        };
        all.set(id, { tenant, cancel });
      });
      return {
        over,
        get isOver() {
          return isOver;
        },
        done: () => void all.delete(id),
      };
    },
    cancel: (tenant, id) => {
      const found = all.get(id);
      if (found?.tenant !== tenant) return false;
      found.cancel();
      return true;
    },
  };
};
