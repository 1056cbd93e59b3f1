import { Type } from 'typebox';
import type { ErrorAnswer } from '../api.js';
import { badRequest, type Problem, type ProblemError, thrown } from '../problem.js';

/** What VoipNow answers with any 4xx or 5xx. */
export const ErrorJson = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String(), requestId: Type.Optional(Type.String()) }),
});

/** VoipNow's code for each field that can be wrong; the last ones follow the others where VoipNow names none. */
const codes: Readonly<Record<string, string>> = {
  waitForPickup: 'pc_timeout_invalid',
  callerId: 'pc_callerid_invalid',
  phoneCallId: 'pc_phonecall_invalid',
  phoneCallViewId: 'pc_phonecallview_invalid',
  sendCallTo: 'pc_sendcallto_invalid',
  count: 'count_invalid',
  startIndex: 'startindex_invalid',
  filterBy: 'filterby_invalid',
  filterOp: 'filterop_invalid',
  filterValue: 'filtervalue_invalid',
  sortOrder: 'sortorder_invalid',
  fields: 'fields_invalid',
  action: 'action_invalid',
  userId: 'userid_invalid',
  extension: 'extension_invalid',
  'idempotency-key': 'idempotencykey_invalid',
};

/** The problem of one field, under VoipNow's code for it. */
export const invalid = (field: string, reason: string): ProblemError => thrown(badRequest([{ field, reason }]));

/** A problem in VoipNow's words: the code of the first field that is wrong, and all of them in the message. */
export const errorJson = ({ status, code, message, faults, requestId }: Problem): ErrorAnswer => {
  const [first] = faults;
  // A field may be called as something that every object has: constructor.
  const own = status === 400 && first && Object.hasOwn(codes, first.field) ? codes[first.field] : undefined;
  const sentences = faults.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  return {
    body: {
      error: { code: own ?? code, message: sentences || message, ...(requestId !== undefined && { requestId }) },
    },
  };
};
