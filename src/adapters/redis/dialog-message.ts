import type { Dialog } from '../../domain/dialog.js';
import type { Extension } from '../../domain/names.js';

/** One message of dialogs.part.lua. */
export interface DialogMessage {
  /** Grows by one with each message of the tenant. */
  readonly number: number;
  /** What became of dialogs, in order, each still as text: most of them are of extensions that nobody follows here. */
  readonly changes: readonly (readonly [extension: Extension, dialog: string])[];
}

/** Reads `number changes`. Throws if it is something else. */
export const readDialogMessage = (text: string): DialogMessage => {
  const end = text.indexOf(' ');
  const number = Number(text.slice(0, end));
  const entries: unknown = JSON.parse(text.slice(end + 1));
  if (end < 1 || !Number.isSafeInteger(number) || !Array.isArray(entries)) throw new Error('no message of dialogs');
  return {
    number,
    changes: entries.map(([extension, , , dialog]) => [extension as Extension, String(dialog)] as const),
  };
};

/** Reads a dialog as it was noted. Throws if it is none. */
export const readDialog = (json: string): Dialog => JSON.parse(json) as Dialog;
