import type { Extension } from './names.js';
import type { WaitingNotice } from './waiting-notice.js';

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

/** What stands in a group's list of members: an extension, or another group, whose members are members then. */
export type Listed = Extension | { readonly group: GroupId };

/** A group (TelecomX): members who are called, and controllers with rights over them. */
export interface Group {
  readonly id: GroupId;
  readonly name: string;
  /** The number to dial to reach the group; undefined if it cannot be dialled. */
  readonly number?: Extension;
  readonly notes: string;
  /** As they are written: what SEQUENTIAL and RANDOM go by. */
  readonly listed: readonly Listed[];
  /** Everybody in it, those of the groups in it included, each once: whom it rings, and over whom its controllers have rights. */
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
  /** When and what members and controllers are told of the members' calls that wait; undefined tells nobody. */
  readonly notify?: WaitingNotice;
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

const placeIdForm = /^[0-9A-Fa-f]{1,24}$/;

/** True if a text can be the id of a place where a group goes on to: outside numbers may have shorter ones than groups. */
export const isPlaceId = (text: string): boolean => placeIdForm.test(text);
