import type { Extension, TenantId } from '../domain/names.js';
import type { OfficeKeeping } from './office-keeping.js';

/**
 * Writes a company again that the store does not have any more (a Redis that came back empty): the instances that are
 * up still know it. Whoever is first writes it, the others read it.
 */
export const restore = async ({ store, book, log }: OfficeKeeping, id: TenantId): Promise<void> => {
  const held = book.tenant(id);
  if (!held || (await store.save(held)) === 'stale') return;
  const version = held.version + 1;
  book.put({ ...held, version });
  for (const [extension, personal] of Object.entries(held.personal)) {
    await store.setPersonal(id, extension as Extension, personal);
  }
  log.warn({ tenant: id, version }, 'the store had lost a tenant, written again');
};
