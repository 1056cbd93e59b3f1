import { type Extension, readExtension } from './names.js';

/** What a phone asks for behind the code of phone replace. */
export type ReplaceWish = { kind: 'change'; extension: Extension; pin: string } | { kind: 'change-back' };

/** A replace PIN: what a phone's keypad can dial between `*` and the end. */
export const pinForm = /^\d{4,12}$/;

/** Reads `101*4711`, or nothing, which is the way back. Undefined if a part is missing or no number. */
export const readReplaceWish = (rest: string): ReplaceWish | undefined => {
  if (rest === '') return { kind: 'change-back' };
  const [number = '', pin = '', ...more] = rest.split('*');
  const extension = readExtension(number);
  return extension && pinForm.test(pin) && more.length === 0 ? { kind: 'change', extension, pin } : undefined;
};
