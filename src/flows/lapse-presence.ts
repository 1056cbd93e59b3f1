import type { TenantId } from '../domain/names.js';
import { firstLapse, lapsedAt, withoutLapsed } from '../domain/personal.js';
import type { OfficeKeeping } from './office-keeping.js';
import type { StoredTenant } from './office-store.js';

/** Lets what phones have published for a time lapse when it is over, with nobody asking (RFC 3903 section 6). */
export interface Lapses {
  /** A company is in force anew: with it what its phones have published. */
  seen(tenant: StoredTenant): void;
  stop(): void;
}

/** What lapsing needs. */
export interface LapseDeps extends Pick<OfficeKeeping, 'store' | 'book' | 'log'> {
  /** Reads anew what the people of a company say. Rejects if the store cannot be reached. */
  readonly readPersonal: (tenant: TenantId) => Promise<void>;
}

/** A timer may be set so far ahead, in milliseconds; what was published lasts for an hour at most. */
const longest = 24 * 3_600_000;

/** A timer may act a little before the clock says so, in milliseconds. */
const early = 2;

/** One timer for each company in which something lasts for a time only. */
export const makeLapses = (deps: LapseDeps): Lapses => {
  const timers = new Map<TenantId, ReturnType<typeof setTimeout>>();
  let isStopped = false;
  return {
    seen: ({ id, personal }) => {
      clearTimeout(timers.get(id));
      timers.delete(id);
      const next = firstLapse(personal);
      if (next === undefined || isStopped) return;
      const wait = Math.min(Math.max(next + early - Date.now(), 0), longest);
      const timer = setTimeout(() => void lapse(deps, id), wait);
      timers.set(id, timer.unref());
    },
    stop: () => {
      isStopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
};

/** The store forgets it for all instances and tells so; while the store is away it is over here all the same. */
const lapse = async (deps: LapseDeps, id: TenantId): Promise<void> => {
  const { store, book, log, readPersonal } = deps;
  const tenant = book.tenant(id);
  if (!tenant) return;
  const now = Date.now();
  try {
    for (const extension of lapsedAt(tenant.personal, now)) {
      const otherwise = book.usualPresence(id, extension);
      const isFirst = await store.lapse(id, extension, { at: now, otherwise });
      if (isFirst) log.info({ tenant: id, extension }, 'published presence has lapsed');
    }
    await readPersonal(id);
  } catch (error) {
    log.warn({ tenant: id, error: String(error) }, 'store away, published presence has lapsed here');
    const { personal } = book.tenant(id) ?? tenant;
    book.putPersonal(id, withoutLapsed(personal, now));
  }
};
