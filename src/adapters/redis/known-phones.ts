import type { Extension, TenantId } from '../../domain/names.js';
import type { Binding, StoredBinding } from '../../flows/ports.js';

/** The phones last seen for each number that they register by, so that calls go on while Redis is away (reliability.md F7). */
export interface KnownPhones {
  saw(tenant: TenantId, number: Extension, bindings: readonly StoredBinding[]): void;
  of(tenant: TenantId, number: Extension): Binding[];
}

/** Numbers remembered at most; the one not seen for longest goes first. */
const most = 50_000;

/** Remembers phones in this process. */
export const makeKnownPhones = (): KnownPhones => {
  const known = new Map<string, readonly StoredBinding[]>();
  return {
    saw: (tenant, number, bindings) => {
      const key = `${tenant} ${number}`;
      known.delete(key);
      known.set(key, bindings);
      const oldest = known.size > most ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
    of: (tenant, number) => (known.get(`${tenant} ${number}`) ?? []).filter(({ expiresAt }) => expiresAt > Date.now()),
  };
};
