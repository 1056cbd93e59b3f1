import type { TenantId } from '../domain/names.js';
import type { KnownCall } from './call-directory.js';
import type { Supervision } from './supervision.js';

/** A supervision as any instance can read it, with the call that it is in now. */
export interface KnownSupervision extends Supervision {
  /** What is known of the call named by `call`; its owner has the supervision too. */
  readonly of: KnownCall;
}

/** Who takes part in calls of others in a company, whichever instance has it. Rejects if the store cannot be reached. */
export interface SupervisionDirectory {
  /** The one that has lasted longest first. */
  list(tenant: TenantId): Promise<KnownSupervision[]>;
  find(tenant: TenantId, id: string): Promise<KnownSupervision | undefined>;
}
