/** A named no: why a pickup, or a call, was not done. Each door has one table from refusal to its own words. */
export const refusals = [
  'no-call',
  'lost-race',
  'own-call',
  'no-group',
  'not-allowed',
  'opted-out',
  'private-call',
  'unknown-extension',
  'unknown-group',
  'number-too-short',
  'not-available',
  'no-such-dialog',
  'dialog-ended',
  'already-answered',
  'not-registered',
  'no-answer',
  'declined',
  'caller-gone',
  'picker-gone',
  'media-mismatch',
  'media-unavailable',
  'owner-unreachable',
  'store-unreachable',
  'draining',
  'error',
] as const;

/** One of {@link refusals}. */
export type Refusal = (typeof refusals)[number];

/** How a pickup was asked for; the label `kind` of the metrics. */
export type PickupKind = 'directed' | 'group' | 'replaces' | 'preview' | 'steal' | 'api';

/** How a refused pickup sounds to the phone: in our words, or as the system that the company came from says it. */
export const failureProfiles = ['default', 'asterisk', 'ivoz'] as const;

/** One of {@link failureProfiles}. */
export type FailureProfile = (typeof failureProfiles)[number];

/** How a pickup ended; the label `outcome` of the metrics, a closed set. */
export type PickupOutcome =
  | 'answered'
  | 'no_call'
  | 'lost_race'
  | 'not_allowed'
  | 'caller_gone'
  | 'picker_gone'
  | 'media_mismatch'
  | 'timeout'
  | 'draining'
  | 'error';

const outcomes: Record<Refusal, PickupOutcome> = {
  'no-call': 'no_call',
  'lost-race': 'lost_race',
  'own-call': 'not_allowed',
  'no-group': 'not_allowed',
  'not-allowed': 'not_allowed',
  'opted-out': 'not_allowed',
  'private-call': 'not_allowed',
  'unknown-extension': 'no_call',
  'unknown-group': 'no_call',
  'number-too-short': 'no_call',
  'not-available': 'no_call',
  'no-such-dialog': 'no_call',
  'dialog-ended': 'no_call',
  'already-answered': 'lost_race',
  'not-registered': 'timeout',
  'no-answer': 'timeout',
  declined: 'timeout',
  'caller-gone': 'caller_gone',
  'picker-gone': 'picker_gone',
  'media-mismatch': 'media_mismatch',
  'media-unavailable': 'media_mismatch',
  'owner-unreachable': 'error',
  'store-unreachable': 'error',
  draining: 'draining',
  error: 'error',
};

/** The outcome that a refusal counts as. */
export const outcomeOf = (refusal: Refusal): PickupOutcome => outcomes[refusal];

/** Every outcome once, so that each metric stands at zero from the first scrape. */
export const pickupOutcomes: readonly PickupOutcome[] = ['answered', ...new Set(Object.values(outcomes))];
