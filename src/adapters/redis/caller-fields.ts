import type { CallRecord } from '../../flows/ports.js';

/** The fields of a call's hash that name who called, each followed by its value. */
export const callerFields = (call: CallRecord): string[] => [
  ...['caller', call.caller, 'callerName', call.callerName, 'callerNumber', call.callerNumber],
  ...['anonymous', call.isAnonymous ? '1' : ''],
];
