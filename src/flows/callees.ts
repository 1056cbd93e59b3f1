import type { Extension } from '../domain/names.js';
import type { CallRecord } from './ports.js';

/** At whose phones a call rings: whom it is for, or of a group's call the members whose turn it is. */
export const calleesOf = ({ ringsAt, target }: CallRecord): readonly Extension[] => ringsAt ?? [target];
