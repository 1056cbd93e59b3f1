import type { StoredBinding } from '../../flows/ports.js';

/** Reads what register.lua kept. */
export const readBinding = (json: string): StoredBinding => JSON.parse(json) as StoredBinding;
