import type { CallHistory, CallTaking } from '../../domain/call-history.js';
import type { Extension } from '../../domain/names.js';
import type { CallResult } from '../ports.js';

/** What is noted of one call while it goes on. */
export interface CallNotes {
  readonly target: Extension;
  /** The number of the group that was called. */
  readonly group?: Extension;
  readonly began: number;
  ringing?: number;
  /** When whose phone answered last: a picker may have been quicker. */
  callee?: { readonly answered: number; readonly extension: Extension };
  taken?: CallTaking;
  readonly moves: CallTaking[];
}

/** Results of calls whose two parties have talked. */
const talked: ReadonlySet<CallResult> = new Set(['answered', 'picked_up']);

/** The history of a call that is over; `ended` is in milliseconds since 1970. */
export const historyOf = (notes: CallNotes, result: CallResult, ended: number): CallHistory => {
  const { target, group, began, ringing, taken, callee, moves } = notes;
  const answered = talked.has(result) ? (taken?.at ?? callee?.answered) : undefined;
  const answeredBy = taken?.picker ?? callee?.extension ?? target;
  return {
    target,
    ...(group !== undefined && { group }),
    began,
    ...(ringing !== undefined && { ringing }),
    ...(answered !== undefined && { answered, answeredBy }),
    ...(taken && { taken }),
    moves,
    ended,
  };
};
