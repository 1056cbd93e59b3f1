import type { Extension, TenantId } from '../../domain/names.js';
import type { Binding, StoredBinding } from '../../flows/ports.js';

/** The phones last seen for each extension, so that calls go on while Redis is away (reliability.md F7). */
export interface KnownPhones {
  saw(tenant: TenantId, extension: Extension, bindings: readonly StoredBinding[]): void;
  of(tenant: TenantId, extension: Extension): Binding[];
}

/** Extensions remembered at most; the one not seen for longest goes first. */
const most = 50_000;

/** Remembers phones in this process. */
export const makeKnownPhones = (): KnownPhones => {
  const known = new Map<string, readonly StoredBinding[]>();
  return {
    saw: (tenant, extension, bindings) => {
      const key = `${tenant} ${extension}`;
      known.delete(key);
      known.set(key, bindings);
      const oldest = known.size > most ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
    of: (tenant, extension) =>
      (known.get(`${tenant} ${extension}`) ?? []).filter(({ expiresAt }) => expiresAt > Date.now()),
  };
};
