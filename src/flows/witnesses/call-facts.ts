import type { CallRecord } from '../ports.js';

/** What a line of the log tells of a call and its caller: what others may be shown (RFC 3323). */
export const callFacts = (call: CallRecord): object => {
  const { id: callId, tenant, callerName, callerNumber, isAnonymous, isPrivate } = call;
  return { callId, tenant, caller: isAnonymous ? '' : call.caller, callerName, callerNumber, isAnonymous, isPrivate };
};
