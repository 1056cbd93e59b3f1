import type { Refusal } from './outcome.js';

/** What only a change of phones is refused for. */
export const ownReplaceRefusals = ['wrong-pin', 'locked', 'changed-already', 'not-changed'] as const;

const sharedRefusals = [
  'number-too-short',
  'unknown-extension',
  'not-allowed',
  'store-unreachable',
] as const satisfies readonly Refusal[];

/** Why phones are not changed. */
export type ReplaceRefusal = (typeof ownReplaceRefusals)[number] | (typeof sharedRefusals)[number];

/** Every end of a wish to change phones, or to change them back. */
export const replaceOutcomes = ['changed', 'changed-back', ...sharedRefusals, ...ownReplaceRefusals] as const;

/** One of {@link replaceOutcomes}. */
export type ReplaceOutcome = (typeof replaceOutcomes)[number];
