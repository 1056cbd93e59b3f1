import type { ExtensionEntry } from '../office.js';
import type { Act } from './rule.js';

/** What a private call is kept from: being taken, watched or joined. */
export const actsOnCalls: ReadonlySet<Act> = new Set([
  'pickup',
  'steal',
  'eavesdrop',
  'whisper',
  'barge',
  'view-other-party',
]);

/** Why the callee keeps an act away, whatever the models grant to others; undefined if he does not. */
export const keptAway = (
  callee: Pick<ExtensionEntry, 'refusesPickup' | 'isPrivate'>,
  act: Act,
): 'opted-out' | 'private-call' | undefined => {
  if (act === 'pickup' && callee.refusesPickup) return 'opted-out';
  return callee.isPrivate && actsOnCalls.has(act) ? 'private-call' : undefined;
};
