import type { Ordered } from '../../../flows/send-call.js';
import { type Problem, problemOf } from '../problem.js';

/** Why a pickup by program was not done: a refusal, or a key that came with another request before. */
export type OrderRefusal = Extract<Ordered, { ok: false }>['refusal'];

/** What each refusal is in HTTP and in words. A new refusal does not compile until it has a line here. */
const words: Readonly<Record<OrderRefusal, readonly [status: number, sentence: string]>> = {
  'no-call': [404, 'nothing rings there'],
  // A private call is nobody's business: it is as unknown as one that is not there.
  'private-call': [404, 'nothing rings there'],
  'caller-gone': [409, 'the caller has hung up'],
  'lost-race': [409, 'somebody else has the call'],
  'own-call': [409, 'the picker is the caller of this call'],
  'no-group': [403, 'the picker is in no group with others'],
  'not-allowed': [403, 'the rules of the company do not allow this pickup; POST /v1/explain says why'],
  'opted-out': [403, 'the target has opted out of being picked up'],
  'unknown-extension': [404, 'the company has no such extension'],
  'unknown-group': [404, 'the company has no such group'],
  'number-too-short': [404, 'the company has no such extension'],
  'not-available': [409, 'this cannot be done here'],
  'no-such-dialog': [409, 'the call is no longer as it was'],
  'dialog-ended': [409, 'the call is over'],
  'already-answered': [409, 'the call has been answered already'],
  'not-registered': [409, 'no phone of the picker is registered'],
  'no-answer': [409, "the picker's phones did not answer in time"],
  declined: [409, "the picker's phones declined"],
  'picker-gone': [409, 'the picker has hung up'],
  'media-mismatch': [409, "the caller's and the picker's phones have no media in common"],
  'media-unavailable': [503, 'no media server is at hand'],
  'owner-unreachable': [503, 'the instance that holds the call cannot be reached'],
  'store-unreachable': [503, 'the store cannot be reached'],
  draining: [503, 'this instance is stopping'],
  error: [500, 'something went wrong here'],
  'key-reused': [422, 'this Idempotency-Key came with another request before'],
};

/** Where an act on an answered call has other words for the same no. */
const ofActs: Readonly<Partial<Record<OrderRefusal, string>>> = {
  'no-call': 'there is no such answered call, or it is over',
  'private-call': 'there is no such answered call, or it is over',
  'caller-gone': 'the call is over',
  'lost-race': 'somebody else is about to change this call',
  'own-call': 'it is a call of the one who asks for it',
  'not-allowed': 'the rules of the company do not allow this; POST /v1/explain says why',
  'already-answered': 'the call is no call of two phones at this moment',
  'not-registered': 'no phone that could be called is registered',
  'no-answer': 'the phones that were called did not answer in time',
  declined: 'the phones that were called declined',
  'picker-gone': 'the phone that was called has hung up, or is not wanted any more',
  'media-mismatch': 'the phones and the media server have no media in common',
};

/** What was refused: the pickup of a call that rings, or an act on one that is answered. */
export type Refused = 'pickup' | 'act';

/** A refusal as a sentence. */
export const sentenceOf = (refusal: OrderRefusal, of: Refused = 'pickup'): string =>
  (of === 'act' ? ofActs[refusal] : undefined) ?? words[refusal][1];

/** A refusal as a word for programs: a private call is as unknown as one that is not there. */
export const codeOfRefusal = (refusal: OrderRefusal): OrderRefusal =>
  refusal === 'private-call' ? 'no-call' : refusal;

/** A refusal as a problem; its code is the refusal itself. */
export const problemOfRefusal = (refusal: OrderRefusal, of: Refused = 'pickup'): Problem => {
  const [status] = words[refusal];
  const headers = status === 503 && { headers: { 'retry-after': '1' } };
  return problemOf(status, sentenceOf(refusal, of), { code: codeOfRefusal(refusal), ...headers });
};
