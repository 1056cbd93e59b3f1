import type { CallId, Extension } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import type { Party } from './ports.js';

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
  readonly key?: { readonly name: string; readonly fingerprint: string };
}

/** How far an order has come. */
export interface OrderRecord {
  readonly id: string;
  readonly call: CallId;
  readonly target: Extension;
  readonly sendTo: Extension;
  readonly state: 'pending' | 'ringing' | 'answered' | 'failed';
  readonly refusal?: Refusal;
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
  /** Rejects if the store cannot be reached. */
  find(tenant: Tenant, id: string): Promise<OrderRecord | undefined>;
}
