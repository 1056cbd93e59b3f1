import type { CallId, Extension, InstanceId, TenantId } from '../domain/names.js';
import type { Refusal } from '../domain/outcome.js';
import type { ListenMode } from './media.js';
import type { Party } from './ports.js';

/** What a program can have done with an answered call: its phone takes the place of another one, or takes part. */
export type OrderedAct = 'steal' | ListenMode;

/** What is to become of a supervision. */
export interface SupervisionChange {
  readonly supervision: string;
  readonly to: ListenMode | 'stop';
}

/** A pickup or another act by program, on its way to the instance that holds the call. */
export interface Order {
  readonly id: string;
  readonly tenant: TenantId;
  readonly call: CallId;
  /** The extension whose call it is. */
  readonly target: Extension;
  /** The picker, or the supervisor: whose phones are called. */
  readonly sendTo: Extension;
  /** Whom the picker's phones show; undefined shows the caller. */
  readonly shown?: Party;
  /** Seconds that the picker's phones may ring. */
  readonly waitSeconds: number;
  /** Milliseconds since 1970. */
  readonly placedAt: number;
  /** What is to be done with an answered call; where it is not said, one that rings is picked up. */
  readonly act?: OrderedAct;
  /** A supervision is to go on otherwise, or to end; no phone is called for that. */
  readonly change?: SupervisionChange;
}

/** How far an order has come, as its last word. */
export type OrderState = { state: 'pending' | 'ringing' | 'answered' } | { state: 'failed'; refusal: Refusal };

/** An order and how far it has come. */
export type OrderRecord = Pick<Order, 'id' | 'call' | 'target' | 'sendTo' | 'act' | 'change'> & OrderState;

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
