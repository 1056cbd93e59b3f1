import { type Extension, readExtension } from '../../domain/names.js';
import { type Presence, presences } from '../../domain/office.js';
import type { Personal, Personals, Publication } from '../../domain/personal.js';

/**
 * What set-personal.lua, publish.lua and change-phones.lua kept; `refused` hears of each extension whose settings are none.
 */
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
    if (typeof value !== 'object' || Array.isArray(value)) return undefined;
    const { refusesPickup, presence, published, changedWith } = value as Record<string, unknown>;
    const isSound =
      (refusesPickup === undefined || typeof refusesPickup === 'boolean') &&
      (presence === undefined || isPresence(presence)) &&
      (changedWith === undefined || (typeof changedWith === 'string' && readExtension(changedWith) !== undefined));
    if (!isSound) return undefined;
    const publications = readPublications(published);
    return {
      ...(refusesPickup !== undefined && { refusesPickup }),
      ...(presence !== undefined && { presence }),
      ...(publications.length > 0 && { published: Object.fromEntries(publications) }),
      ...(changedWith !== undefined && { changedWith: changedWith as Extension }),
    };
  } catch {
    return undefined;
  }
};

/** Of what phones have published, what can be read; in the same order each time, so that the same is seen to be the same. */
const readPublications = (published: unknown): [tag: string, publication: Publication][] =>
  Object.entries(published ?? {})
    .flatMap(([tag, one]): [string, Publication][] => {
      const { presence, at, until } = (one ?? {}) as Partial<Publication>;
      const isSound = isPresence(presence) && typeof at === 'number' && typeof until === 'number';
      return isSound ? [[tag, { presence, at, until }]] : [];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));

const isPresence = (value: unknown): value is Presence => (presences as readonly unknown[]).includes(value);
