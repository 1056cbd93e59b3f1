import type { Refusal } from '../../../domain/outcome.js';
import { badField, type Problem, problemOf, storeAway } from '../problem.js';

const denied = (description: string): Problem => problemOf(403, description);
const missing = (description: string): Problem => problemOf(404, description);
const soon = (description: string): Problem => problemOf(503, description, { headers: { 'retry-after': '1' } });

/** What each refusal is called here. A new refusal does not compile until it has a line. */
const problems: Readonly<Record<Refusal, Problem>> = {
  'no-call': missing('no call rings there'),
  'lost-race': missing('the call has been answered already'),
  'own-call': denied('it is the call of who would pick it up'),
  'no-group': denied('who would pick it up is in no group'),
  'not-allowed': denied('no rule of the company allows it'),
  'opted-out': denied('the callee does not want to be picked up'),
  'private-call': denied('the call is private'),
  'unknown-extension': missing('there is no such extension'),
  'unknown-group': missing('there is no such group'),
  'number-too-short': badField('sendTo', 'is too short'),
  'not-available': problemOf(501, 'this service is not available'),
  'no-such-dialog': missing('there is no such call'),
  'dialog-ended': missing('the call is over'),
  'already-answered': missing('the call has been answered already'),
  'not-registered': badField('sendTo', 'has no phone that is registered'),
  'no-answer': missing('nobody answered'),
  declined: denied('the phone declined'),
  'caller-gone': missing('the caller has hung up'),
  'picker-gone': missing('the picker has hung up'),
  'media-mismatch': problemOf(500, 'the phones have no codec in common'),
  'media-unavailable': problemOf(500, 'no media server is at hand'),
  'owner-unreachable': soon('the instance that holds the call cannot be reached'),
  'store-unreachable': storeAway,
  draining: soon('the instance that holds the call is stopping'),
  error: problemOf(500, 'something went wrong here'),
};

/** A refusal in this dialect's words. */
export const problemOfRefusal = (refusal: Refusal): Problem => problems[refusal];
