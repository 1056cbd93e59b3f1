import type { CallId } from '../../../domain/names.js';

/** A call's id as VoipNow's Object-Id, which is alphanumeric: ours without the dashes. */
export const objectIdOf = (call: CallId): string => call.replaceAll('-', '');

const callForm = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The call that an Object-Id names; undefined if no call of ours can have it. */
export const callIdOf = (objectId: string): CallId | undefined => {
  const parts = callForm.exec(objectId.toLowerCase())?.slice(1);
  return parts && (parts.join('-') as CallId);
};
