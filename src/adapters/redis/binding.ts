import type { StoredBinding } from '../../flows/ports.js';

/** Reads what register.lua kept. */
export const readBinding = (json: string): StoredBinding => JSON.parse(json) as StoredBinding;

/** The bindings that have not expired. */
export const liveBindings = (jsons: readonly string[]): StoredBinding[] => {
  const now = Date.now();
  return jsons.map(readBinding).filter(({ expiresAt }) => expiresAt > now);
};
