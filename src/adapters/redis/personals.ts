import { readExtension } from '../../domain/names.js';
import type { Presence } from '../../domain/office.js';
import type { Personal, Personals } from '../../flows/office-store.js';

const presences: ReadonlySet<unknown> = new Set<Presence>(['available', 'away', 'do-not-disturb']);

/** What set-personal.lua kept; `refused` hears of each extension whose settings are none. */
export const readPersonals = (hash: Record<string, string>, refused: (extension: string) => void): Personals => {
  const read: Record<string, Personal> = {};
  for (const [extension, json] of Object.entries(hash)) {
    const personal = extension in {} || !readExtension(extension) ? undefined : readPersonal(json);
    if (personal) read[extension] = personal;
    else refused(extension);
  }
  return read;
};

const readPersonal = (json: string): Personal | undefined => {
  try {
    const value: unknown = JSON.parse(json);
    const { refusesPickup, presence } = value as Record<string, unknown>;
    const isSound =
      typeof value === 'object' &&
      !Array.isArray(value) &&
      (refusesPickup === undefined || typeof refusesPickup === 'boolean') &&
      (presence === undefined || presences.has(presence));
    return isSound
      ? {
          ...(refusesPickup !== undefined && { refusesPickup }),
          ...(presence !== undefined && { presence: presence as Presence }),
        }
      : undefined;
  } catch {
    return undefined;
  }
};
