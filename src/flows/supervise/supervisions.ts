import type { TenantId } from '../../domain/names.js';
import type { Refusal } from '../../domain/outcome.js';
import type { ListenMode } from '../media.js';
import type { Supervision } from '../supervision.js';

/** A supervision whose legs this instance holds. */
export interface RunningSupervision {
  readonly tenant: TenantId;
  /** As it is at the moment: the mode may change, and so may the call. */
  readonly now: Supervision;
  /**
   * Has the supervisor take part otherwise, if the policy grants that act now; undefined if it is done. Refusals: those of
   * the policy, `own-call`, `private-call`, `no-call` (it is over), `media-unavailable` (the media server would not).
   */
  setMode(mode: ListenMode): Promise<Refusal | undefined>;
  /** Ends it alone: the supervisor's phone gets BYE, and the call goes on. Settles when the phone has answered. */
  stop(): Promise<void>;
}

/** The supervisions of this instance. */
export interface Supervisions {
  /** Those of a company, the oldest first. */
  list(tenant: TenantId): readonly RunningSupervision[];
  /** Only of this company. */
  byId(tenant: TenantId, id: string): RunningSupervision | undefined;
  /** Notes one that has begun; call the result when it is over. */
  add(running: RunningSupervision): () => void;
  readonly size: number;
}

/** An empty register. */
export const makeSupervisions = (): Supervisions => {
  const all = new Map<string, RunningSupervision>();
  return {
    list: (tenant) => [...all.values()].filter((each) => each.tenant === tenant),
    byId: (tenant, id) => {
      const found = all.get(id);
      return found?.tenant === tenant ? found : undefined;
    },
    add: (running) => {
      const { id } = running.now;
      all.set(id, running);
      return () => void all.delete(id);
    },
    get size() {
      return all.size;
    },
  };
};
