import type { Extension } from './names.js';

/** 24 hexadecimal digits, lower case: what TelecomX's API calls a group. */
export type GroupId = string & { readonly groupId: unique symbol };

/** What the controllers of a group may do, as TelecomX spells it. */
export const groupRights = [
  'pickup',
  'steal',
  'spy',
  'setPresence',
  'queueMember',
  'viewOtherParty',
  'sms',
  'readCalendar',
  'writeCalendar',
  'readPhonebook',
  'writePhonebook',
] as const;

/** One of {@link groupRights}. */
export type GroupRight = (typeof groupRights)[number];

/** How a group that is called rings its members. */
export const strategies = ['ALL', 'SEQUENTIAL', 'RANDOM'] as const;

/** One of {@link strategies}. */
export type Strategy = (typeof strategies)[number];

/** A group (TelecomX): members who are called, and controllers with rights over them. */
export interface Group {
  readonly id: GroupId;
  readonly name: string;
  /** The number to dial to reach the group; undefined if it cannot be dialled. */
  readonly number?: Extension;
  readonly notes: string;
  readonly members: readonly Extension[];
  readonly controllers: readonly Extension[];
  readonly rights: ReadonlySet<GroupRight>;
  readonly strategy: Strategy;
  /** Seconds; 0 rings for ever. */
  readonly ringTime: number;
  /** The id of a group, an extension or an outside number. */
  readonly timeoutGoto?: string;
  /** The id of a sound that the caller hears first. */
  readonly startAudio?: string;
  /** A number that the group's calls go to at once. */
  readonly redirect?: string;
}

/** A number outside the company that a group may go on to. */
export interface OutsideNumber {
  readonly id: string;
  readonly number: string;
  readonly name: string;
}

const objectIdForm = /^[0-9A-Fa-f]{24}$/;

/** Reads 24 hexadecimal digits; ids are compared without regard to case. Undefined if it is not one. */
export const readGroupId = (text: string): GroupId | undefined =>
  objectIdForm.test(text) ? (text.toLowerCase() as GroupId) : undefined;
