import type { CallControl } from './call-control.js';
import { counterpartIn } from './changed-phones.js';
import type { Extension, TenantId } from './names.js';
import type { ExtensionEntry, Office, Tenant } from './office.js';
import type { Personal, Personals } from './personal.js';
import type { PickupGroup } from './pickup-group.js';
import { defaultServiceCodes, type ServiceCodes } from './service-code.js';
import { standingOf } from './standing.js';
import type {
  CallControlDocument,
  ExtensionDocument,
  InstallationDocument,
  PickupGroupDocument,
  TenantDocument,
  WatcherDocument,
} from './tenant-document.js';
import { groupsOf } from './tenant-groups.js';
import { usualMedia } from './tenant-media.js';
import { usualMessages } from './tenant-messages.js';
import { webhookOf } from './tenant-webhook.js';
import type { User, UserId } from './user.js';
import { waitingNoticeOf } from './waiting-notice.js';
import { knownWatchers, usualProfile, type WatcherRule } from './watcher-profile.js';

/** Seconds a call rings where the tenant does not say. */
const defaultRingSeconds = 60;

/** What a company is made of. */
export interface TenantSource {
  readonly id: TenantId;
  readonly version: number;
  /** Found without fault, all ids given. */
  readonly document: TenantDocument;
  /** What counts of it now: where it says something else than the document, it is in force. */
  readonly personal: Personals;
  readonly installation: InstallationDocument;
}

/** The service codes of a tenant: its own over its brand's over the defaults, service by service. */
export const codesOf = (tenant: TenantDocument, { brands = {} }: InstallationDocument): ServiceCodes => ({
  ...defaultServiceCodes,
  ...(tenant.brand !== undefined ? brands[tenant.brand]?.codes : undefined),
  ...tenant.codes,
});

/** One company of its document, with everything looked up that the rules will ask. */
export const tenantOf = ({ id, version, document, personal, installation }: TenantSource): Tenant => {
  const extensions = new Map(
    Object.entries(document.extensions).map(([number, entry]) =>
      entryOf(number as Extension, entry, saidOf(personal, document, number)),
    ),
  );
  const parts = {
    extensions,
    users: usersOf(document, extensions),
    pickupGroups: pickupGroupsOf(document),
    groups: groupsOf(document),
    ...(document.callControl && { callControl: callControlOf(document.callControl) }),
  };
  return {
    id,
    version,
    name: document.name ?? id,
    customer: document.customer ?? '',
    domains: (document.domains ?? []).map((domain) => domain.toLowerCase()),
    codes: codesOf(document, installation),
    outsideNumbers: new Map(
      Object.entries(document.outsideNumbers ?? {}).map(([key, { number, name = number }]) => [
        key,
        { id: key, number, name },
      ]),
    ),
    sounds: new Map(Object.entries(document.sounds ?? {}).map(([key, { file, name = file }]) => [key, { name, file }])),
    selection: document.selection ?? 'oldest',
    failureProfile: document.failureProfile ?? 'default',
    watcherRules: [...(document.watchers ?? []).map(watcherRule), ...knownWatchers],
    leniencies: new Set(document.replaces),
    media: { ...usualMedia, ...document.media },
    messages: { ...usualMessages, ...document.messages },
    requireIfMatch: document.requireIfMatch ?? false,
    ringSeconds: document.ringSeconds ?? defaultRingSeconds,
    ...(document.brand !== undefined && { brand: document.brand }),
    ...(document.trunk !== undefined && { trunk: document.trunk }),
    ...(document.webhook && { webhook: webhookOf(document.webhook) }),
    ...parts,
    standing: standingOf(parts),
  };
};

/** What an installation is made of. */
export interface OfficeSource {
  readonly tenants: readonly Tenant[];
  /** Whose requests to an address instead of a domain are. */
  readonly defaultTenant: TenantId | undefined;
  readonly sipAuth: 'digest' | 'none' | undefined;
}

/** An installation of its companies, in the order of their names: every instance finds the same one first. */
export const officeOf = ({ tenants, defaultTenant, sipAuth }: OfficeSource): Office => {
  const sorted = [...tenants].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    tenants: new Map(sorted.map((tenant) => [tenant.id, tenant])),
    defaultTenant: sorted.find(({ id }) => id === defaultTenant),
    ...(sipAuth && { sipAuth }),
  };
};

const watcherRule = ({ userAgent, ...profile }: WatcherDocument): WatcherRule => ({
  userAgent,
  profile: { ...usualProfile, ...profile },
});

/** Phones are changed as long as both extensions are there. */
const saidOf = (personal: Personals, { extensions }: TenantDocument, number: string): Personal => {
  const { changedWith: _, ...said } = personal[number] ?? {};
  const other = counterpartIn(personal, number);
  return other !== undefined && Object.hasOwn(extensions, other) ? { ...said, changedWith: other } : said;
};

const entryOf = (number: Extension, entry: ExtensionDocument, personal: Personal = {}): [Extension, ExtensionEntry] => [
  number,
  {
    number,
    name: entry.name ?? number,
    id: entry.id ?? '',
    user: (entry.user ?? number) as UserId,
    kind: entry.kind ?? 'phone',
    ...(entry.password !== undefined && { password: entry.password }),
    ...(entry.replacePin !== undefined && { replacePin: entry.replacePin }),
    ...(personal.changedWith !== undefined && { changedWith: personal.changedWith }),
    isPrivate: entry.private ?? false,
    refusesPickup: personal.refusesPickup ?? entry.refusesPickup ?? false,
    presence: personal.presence ?? entry.presence ?? 'available',
  },
];

const usersOf = (document: TenantDocument, extensions: ReadonlyMap<Extension, ExtensionEntry>): Map<UserId, User> => {
  const users = new Map<UserId, User>();
  for (const { user, name } of extensions.values()) {
    const said = document.users?.[user];
    if (!users.has(user)) users.set(user, { id: user, name: said?.name ?? name, context: said?.context ?? 'user' });
  }
  for (const [id, { name = id, context = 'user' }] of Object.entries(document.users ?? {})) {
    if (!users.has(id as UserId)) users.set(id as UserId, { id: id as UserId, name, context });
  }
  return users;
};

const pickupGroupsOf = ({ pickupGroups = {} }: TenantDocument): PickupGroup[] =>
  Object.entries(pickupGroups).map(([name, group]) => {
    const {
      id = 0,
      members,
      associated = [],
      notify,
    }: PickupGroupDocument = Array.isArray(group) ? { members: group } : group;
    const others = associated.length > 0 && { associated };
    return { id, name, members: members as Extension[], ...others, ...(notify && { notify: waitingNoticeOf(notify) }) };
  });

const callControlOf = (document: CallControlDocument): CallControl => ({
  allowAll: document.allow_all ?? false,
  pickupAll: document.pickup_all ?? true,
  groups: new Map(Object.entries(document.groups ?? {}).map(([name, numbers]) => [name, numbers as Extension[]])),
  pickupShareGroups: document.pickup_share_groups ?? [],
  phoneReplaceGroups: document.phone_replace_groups ?? [],
  eavesdrop: perExtension(document, 'eavesdrop'),
  whisper: perExtension(document, 'whisper'),
  barge: perExtension(document, 'barge'),
});

const perExtension = (document: CallControlDocument, act: 'eavesdrop' | 'whisper' | 'barge'): CallControl['barge'] =>
  new Map(
    Object.entries(document)
      .filter(([key]) => key.startsWith(`${act}_`))
      .map(([key, groups]) => [key.slice(act.length + 1) as Extension, groups as string[]]),
  );
