import { badRequest, type Problem } from '../problem.js';
import { type OrderRefusal, problemOfRefusal } from '../v1/refusal-words.js';

/** The field that a refusal blames, and by it the code: the call, the view that does not ring, or the phone. */
const blamed: Partial<Readonly<Record<OrderRefusal, string>>> = {
  'no-call': 'phoneCallId',
  'private-call': 'phoneCallId',
  'caller-gone': 'phoneCallId',
  'no-such-dialog': 'phoneCallId',
  'lost-race': 'phoneCallViewId',
  'own-call': 'sendCallTo',
  'unknown-extension': 'sendCallTo',
  'number-too-short': 'sendCallTo',
  'not-available': 'sendCallTo',
  'not-registered': 'sendCallTo',
  'no-answer': 'sendCallTo',
  declined: 'sendCallTo',
  'picker-gone': 'sendCallTo',
  'media-mismatch': 'sendCallTo',
};

/** VoipNow's usual words for what is not the request's fault. */
const codes: Readonly<Record<number, string>> = {
  403: 'access_denied',
  422: 'idempotencykey_reused',
  500: 'internal_error',
  503: 'unavailable',
};

/** A refusal in VoipNow's words. */
export const refusalProblem = (refusal: OrderRefusal): Problem => {
  const problem = problemOfRefusal(refusal);
  const field = blamed[refusal];
  if (field !== undefined) return badRequest([{ field, reason: problem.message }]);
  return { ...problem, code: codes[problem.status] ?? problem.code };
};
