import type { CallState } from '../domain/call.js';
import type { CallId, Extension, InstanceId, TenantId } from '../domain/names.js';

/** A call as any instance can read it. */
export interface KnownCall {
  readonly id: CallId;
  readonly tenant: TenantId;
  readonly owner: InstanceId;
  readonly state: CallState;
  /** The caller's extension; undefined for a caller from outside. */
  readonly caller?: Extension;
  readonly callerName: string;
  readonly callerNumber: string;
  /** The caller asked not to be shown (RFC 3323): neither name nor number may leave the service. */
  readonly isAnonymous: boolean;
  /** Nobody may take or watch the call. */
  readonly isPrivate: boolean;
  readonly target: Extension;
  /** Who has taken the call, once it was picked up (while `claimed`: who is about to). */
  readonly picker?: Extension;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly ringingAt?: number;
  readonly answeredAt?: number;
}

/** The calls of a company, wherever they are held. Rejects if the store cannot be reached. */
export interface CallDirectory {
  /** Oldest first, at most 5,000. */
  list(tenant: TenantId): Promise<KnownCall[]>;
  find(tenant: TenantId, call: CallId): Promise<KnownCall | undefined>;
}
