import type { Extension } from '../../domain/names.js';
import type { Refusal } from '../../domain/outcome.js';
import { bestFirst, type Wanted } from '../../domain/selection.js';
import type { KnownCall } from '../call-directory.js';

/** The call that a claim would give, or why it would give none. */
export type Choice = { ok: true; call: KnownCall } | { ok: false; refusal: Refusal };

/** From the least that can be said to the most, as a claim says it. */
const weights = ['no-call', 'own-call', 'private-call', 'lost-race'] as const;

/** The call that a claim would give now: the best that rings there and may be had. Nothing is claimed. */
export const chooseCall = (
  calls: readonly KnownCall[],
  { picker, ...wanted }: Wanted & { readonly picker: Extension },
): Choice => {
  const candidates = calls.filter(({ state, ringingAt }) => ringingAt !== undefined && state !== 'connected');
  const judged = bestFirst(candidates, wanted).map((call) => ({ call, no: refusalOf(call, picker) }));
  const free = judged.find(({ no }) => no === undefined);
  if (free) return { ok: true, call: free.call };
  const heaviest = Math.max(0, ...judged.map(({ no }) => weights.indexOf(no ?? 'no-call')));
  return { ok: false, refusal: weights[heaviest] ?? 'no-call' };
};

const refusalOf = (call: KnownCall, picker: Extension): (typeof weights)[number] | undefined => {
  if (call.caller === picker) return 'own-call';
  if (call.isPrivate && call.target !== picker) return 'private-call';
  return call.state === 'ringing' ? undefined : 'lost-race';
};
