import type { CallControl } from './call-control.js';
import type { Group, GroupId, OutsideNumber } from './group.js';
import type { Leniency } from './leniency.js';
import type { Extension, TenantId } from './names.js';
import type { FailureProfile } from './outcome.js';
import type { PickupGroup } from './pickup-group.js';
import type { Selection } from './selection.js';
import type { ServiceCodes } from './service-code.js';
import type { CompanySound } from './sound.js';
import type { Standing } from './standing.js';
import type { TenantMedia } from './tenant-media.js';
import type { TenantMessages } from './tenant-messages.js';
import type { Webhook } from './tenant-webhook.js';
import type { User, UserId } from './user.js';
import type { WatcherRule } from './watcher-profile.js';

/** A number that rings on phones, and whose it is. */
export interface ExtensionEntry {
  readonly number: Extension;
  /** The name that other phones show. */
  readonly name: string;
  /** 24 hexadecimal digits: what TelecomX's API calls the extension. */
  readonly id: string;
  /** Who owns it; an extension that names nobody is its own user's. */
  readonly user: UserId;
  /** Only a phone can be sent a call (VoipNow's phone terminal extension). */
  readonly kind: 'phone' | 'other';
  /** What the phone proves its identity with, where the service checks digest itself. */
  readonly password?: string;
  /** Hashed: by it another extension may change phones with this one (UIS's phone replace). */
  readonly replacePin?: string;
  /** The extension that it has changed phones with; undefined as long as it has its own. */
  readonly changedWith?: Extension;
  /** Its calls are private: nobody may take or watch them. */
  readonly isPrivate: boolean;
  /** It has opted out: nobody may pick up its calls (`*80`, taken back by `*81`). */
  readonly refusesPickup: boolean;
  /** What its people say of themselves. */
  readonly presence: Presence;
}

/** What an extension's people may say of themselves. */
export const presences = ['available', 'away', 'do-not-disturb'] as const;

/** One of {@link presences}. */
export type Presence = (typeof presences)[number];

/** One company: its numbers, its codes, its rules. */
export interface Tenant {
  readonly id: TenantId;
  /** Counts the changes of the tenant's document. */
  readonly version: number;
  /** The company's name, as the APIs show it. */
  readonly name: string;
  /** 24 hexadecimal digits: what TelecomX's API calls the company. */
  readonly customer: string;
  /** Who runs the company's service: its default codes, and the reseller of TelecomX. */
  readonly brand?: string;
  readonly domains: readonly string[];
  readonly extensions: ReadonlyMap<Extension, ExtensionEntry>;
  readonly users: ReadonlyMap<UserId, User>;
  readonly codes: ServiceCodes;
  /** IvozProvider's model. */
  readonly pickupGroups: readonly PickupGroup[];
  /** UIS's model; undefined is a company that has no such document: pickup everywhere, nothing else. */
  readonly callControl?: CallControl;
  /** TelecomX's model, by the group's id. */
  readonly groups: ReadonlyMap<GroupId, Group>;
  /** Numbers outside that a group may go on to, by their id. */
  readonly outsideNumbers: ReadonlyMap<string, OutsideNumber>;
  /** What groups may have their callers hear first, by its id. */
  readonly sounds: ReadonlyMap<string, CompanySound>;
  /** Which of several calls a picker gets. */
  readonly selection: Selection;
  /** How a refused pickup sounds to the phone. */
  readonly failureProfile: FailureProfile;
  /** Writers must say which version they change (428 without If-Match). */
  readonly requireIfMatch: boolean;
  /** Seconds a call may ring before the caller hears that nobody answered. */
  readonly ringSeconds: number;
  /** Where numbers go that no extension has: a SIP URI without a user part; undefined answers 404. */
  readonly trunk?: string;
  /** How its phones are shown the dialogs that they watch; the first rule that fits counts. */
  readonly watcherRules: readonly WatcherRule[];
  /** What else than RFC 3891 says may name a dialog to be replaced. */
  readonly leniencies: ReadonlySet<Leniency>;
  /** What the media server is used for beyond what calls need. */
  readonly media: TenantMedia;
  /** Which texts the service writes to its phones by itself. */
  readonly messages: TenantMessages;
  /** Where events of its calls are posted to. */
  readonly webhook?: Webhook;
  /** Who stands in which group, looked up instead of searched: made once for each version. */
  readonly standing: Standing;
}

/** All tenants of one installation. */
export interface Office {
  readonly tenants: ReadonlyMap<TenantId, Tenant>;
  readonly defaultTenant: Tenant | undefined;
  /** What the office says of authentication; undefined leaves it to the environment. */
  readonly sipAuth?: 'digest' | 'none';
}

/** The tenant that a SIP domain belongs to; hosts are compared without regard to case (RFC 3261 section 19.1.4). */
export const tenantOfDomain = (office: Office, host: string): Tenant | undefined => {
  const wanted = host.toLowerCase();
  for (const tenant of office.tenants.values()) {
    if (tenant.domains.includes(wanted)) return tenant;
  }
  return undefined;
};

/** The SIP domain that stands in identities which the service asserts for this tenant. */
export const domainOf = (tenant: Tenant): string => tenant.domains[0] ?? `${tenant.id}.invalid`;
