import type { Presence } from '../../../domain/office.js';

const known: Readonly<Record<Presence, true>> = { available: true, away: true, 'do-not-disturb': true };

/** Every presence there is. */
export const presences = Object.keys(known) as readonly Presence[];
