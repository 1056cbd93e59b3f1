import type { Strategy } from './group.js';
import type { Leniency } from './leniency.js';
import type { Presence } from './office.js';
import type { FailureProfile } from './outcome.js';
import type { Selection } from './selection.js';
import type { TenantMedia } from './tenant-media.js';
import type { TenantMessages } from './tenant-messages.js';
import type { WebhookDocument } from './tenant-webhook.js';
import type { PickupContext } from './user.js';
import type { WaitingNoticeDocument } from './waiting-notice.js';
import type { WatcherProfile } from './watcher-profile.js';

/** A company as it is written: in YAML, in Redis, and through the APIs. Optional fields have their defaults in tenantOf. */
export interface TenantDocument {
  name?: string;
  /** 24 hexadecimal digits; given when the document is saved for the first time. */
  customer?: string;
  domains?: string[];
  default?: boolean;
  brand?: string;
  ringSeconds?: number;
  trunk?: string;
  failureProfile?: FailureProfile;
  requireIfMatch?: boolean;
  /** Which of several calls a picker gets. */
  selection?: Selection;
  codes?: Record<string, string[]>;
  /** How phones are shown what they watch, by a part of their User-Agent. */
  watchers?: WatcherDocument[];
  /** Leniencies of INVITE with Replaces. */
  replaces?: Leniency[];
  /** What the media server is used for beyond what calls need. */
  media?: Partial<TenantMedia>;
  /** Which texts the service writes to phones by itself. */
  messages?: Partial<TenantMessages>;
  /** Where events of its calls are posted to. */
  webhook?: WebhookDocument;
  users?: Record<string, UserDocument>;
  extensions: Record<string, ExtensionDocument>;
  /** By name: the members, or with the id that the API calls the group by. */
  pickupGroups?: Record<string, string[] | PickupGroupDocument>;
  /** UIS's document, in its own spelling. */
  callControl?: CallControlDocument;
  /** TelecomX's groups by id (24 hexadecimal digits, lower case); members and controllers by number. */
  groups?: Record<string, GroupDocument>;
  /** What groups may have their callers hear first, by id (24 hexadecimal digits, lower case): the name of a wav file. */
  sounds?: Record<string, { name?: string; file: string }>;
  /** By id (1 to 24 hexadecimal digits, lower case). */
  outsideNumbers?: Record<string, { number: string; name?: string }>;
}

/** A rule for watchers as it is written; what it leaves out is as usual. */
export interface WatcherDocument extends Partial<WatcherProfile> {
  userAgent: string;
}

/** A person as it is written. */
export interface UserDocument {
  name?: string;
  context?: PickupContext;
}

/** An extension as it is written. */
export interface ExtensionDocument {
  name?: string;
  id?: string;
  user?: string;
  kind?: 'phone' | 'other';
  password?: string;
  /** Hashed: by it another extension may change phones with this one. */
  replacePin?: string;
  private?: boolean;
  refusesPickup?: boolean;
  presence?: Presence;
}

/** A pickup group as it is written. */
export interface PickupGroupDocument {
  id?: number;
  members: string[];
  /** Members are told of each other's calls that wait. */
  notify?: WaitingNoticeDocument;
  /** Names of other pickup groups, in the order in which they are asked. */
  associated?: string[];
}

/** UIS's document; beside these fields there are `eavesdrop_{ext}`, `whisper_{ext}` and our own `barge_{ext}`. */
export interface CallControlDocument {
  allow_all?: boolean;
  pickup_all?: boolean;
  groups?: Record<string, string[]>;
  pickup_share_groups?: string[];
  phone_replace_groups?: string[];
  [ofExtension: `${'eavesdrop' | 'whisper' | 'barge'}_${string}`]: string[];
}

/** A group as it is written: TelecomX's fields, but members and controllers by number. */
export interface GroupDocument {
  name: string;
  number?: string;
  notes?: string;
  members?: string[];
  controllers?: string[];
  pickup?: boolean;
  steal?: boolean;
  spy?: boolean;
  setPresence?: boolean;
  queueMember?: boolean;
  viewOtherParty?: boolean;
  sms?: boolean;
  readCalendar?: boolean;
  writeCalendar?: boolean;
  readPhonebook?: boolean;
  writePhonebook?: boolean;
  strategy?: Strategy;
  ringTime?: number;
  timeoutGoto?: string;
  startAudio?: string;
  redirect?: string;
  /** Ours, not TelecomX's: members and controllers are told of calls that wait. */
  notify?: WaitingNoticeDocument;
}

/** What is not one company's: the brands, and how phones prove who they are. */
export interface InstallationDocument {
  sipAuth?: 'digest' | 'none';
  brands?: Record<string, { codes?: Record<string, string[]> }>;
}

/** An installation as it is written. */
export interface OfficeDocument extends InstallationDocument {
  tenants: Record<string, TenantDocument>;
}

/** A mistake in a document: where, and why it is one. */
export interface Fault {
  readonly path: readonly string[];
  readonly why: string;
}
