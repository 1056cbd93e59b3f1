import type { CallId, Extension, InstanceId, TenantId } from '../domain/names.js';
import type { Refusal } from '../domain/outcome.js';
import type { Party } from './ports.js';

/** A pickup by program, on its way to the instance that holds the call. */
export interface Order {
  readonly id: string;
  readonly tenant: TenantId;
  readonly call: CallId;
  /** The extension whose call it is. */
  readonly target: Extension;
  /** The picker: whose phones are called. */
  readonly sendTo: Extension;
  /** Whom the picker's phones show; undefined shows the caller. */
  readonly shown?: Party;
  /** Seconds that the picker's phones may ring. */
  readonly waitSeconds: number;
  /** Milliseconds since 1970. */
  readonly placedAt: number;
}

/** How far an order has come, as its last word. */
export type OrderState = { state: 'pending' | 'ringing' | 'answered' } | { state: 'failed'; refusal: Refusal };

/** An order and how far it has come. */
export type OrderRecord = Pick<Order, 'id' | 'call' | 'target' | 'sendTo'> & OrderState;

/** A program's own name for a request, so that a repeated one is done once. */
export interface OrderKey {
  readonly name: string;
  readonly fingerprint: string;
}

/** What became of placing an order. */
export type Placed =
  | { kind: 'placed' }
  /** Nobody holds the call any more. */
  | { kind: 'unheard' }
  | { kind: 'known'; order: string }
  | { kind: 'reused' };

/** Orders between the instance that a program asked and the one that holds the call. */
export interface Orders {
  /** Notes the order and hands it to the owner of the call, in one step. Rejects if the store cannot be reached. */
  place(order: Order, owner: InstanceId, key?: OrderKey): Promise<Placed>;
  /** What was ordered under this key before. Rejects if the store cannot be reached. */
  known(tenant: TenantId, key: OrderKey): Promise<Extract<Placed, { kind: 'known' | 'reused' }> | undefined>;
  note(order: Order, state: OrderState): Promise<void>;
  find(tenant: TenantId, id: string): Promise<OrderRecord | undefined>;
  /** Hears the orders for calls of this instance. */
  onOrder(listener: (order: Order) => void): void;
}
