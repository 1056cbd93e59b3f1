import type { GroupId } from './group.js';
import type { Extension } from './names.js';

/** Stands for a group among the places where calls ring; no extension has a colon. */
export type GroupPlace = `group:${string}`;

/** Where pickers find a call that rings: at an extension; or in a group that it came through, at whoever's phone it rings. */
export type RingPlace = Extension | GroupPlace;

/** The place that a group's controllers look in. */
export const placeOf = (group: GroupId): GroupPlace => `group:${group}`;

/** Tells groups from extensions. */
export const isGroupPlace = (place: RingPlace): place is GroupPlace => place.startsWith('group:');

/** The group that a place stands for. */
export const groupAt = (place: GroupPlace): GroupId => place.slice('group:'.length) as GroupId;
