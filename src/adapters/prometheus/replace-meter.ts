import type { Registry } from 'prom-client';
import { type ReplaceOutcome, replaceOutcomes } from '../../domain/replace-refusal.js';
import { counter } from './instruments.js';

/** Counts wishes to change phones; many wrong PINs are somebody who tries them. */
export const replaceMeter = (registry: Registry): ((outcome: ReplaceOutcome) => void) => {
  const changes = counter(registry, {
    name: 'phone_changes_total',
    help: 'Wishes to change phones, or to change them back, by outcome',
    labels: ['outcome'],
  });
  const labelOf = (outcome: ReplaceOutcome) => outcome.replaceAll('-', '_');
  for (const outcome of replaceOutcomes) changes.inc({ outcome: labelOf(outcome) }, 0);
  return (outcome) => changes.inc({ outcome: labelOf(outcome) });
};
