import type { CallState } from '../domain/call.js';
import type { CallId, Extension, TenantId } from '../domain/names.js';
import type { CallCore } from './call-record.js';

/** A call as any instance can read it. */
export interface KnownCall extends CallCore {
  readonly state: CallState;
  /** The caller's extension; undefined for a caller from outside. */
  readonly caller?: Extension;
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
