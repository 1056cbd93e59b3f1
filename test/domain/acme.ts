import type { Extension, TenantId } from '../../src/domain/names.js';
import type { ExtensionEntry, Office, Tenant } from '../../src/domain/office.js';
import { defaultServiceCodes } from '../../src/domain/service-code.js';
import { standingOf } from '../../src/domain/standing.js';
import { tenantOf } from '../../src/domain/tenant.js';
import type { TenantDocument } from '../../src/domain/tenant-document.js';
import { usualMedia } from '../../src/domain/tenant-media.js';
import { usualMessages } from '../../src/domain/tenant-messages.js';
import type { UserId } from '../../src/domain/user.js';
import { knownWatchers } from '../../src/domain/watcher-profile.js';

/** Text as an extension, unchecked: tests say what they mean. */
export const number = (text: string): Extension => text as Extension;

/** The people of every test: Alice calls, Bob is called, Carol sits next to him, Dave does not. */
export const [alice, bob, carol, dave] = ['100', '101', '102', '103'].map(number) as [
  Extension,
  Extension,
  Extension,
  Extension,
];

const entry = (name: string, own: string): [Extension, ExtensionEntry] => [
  number(own),
  {
    number: number(own),
    name,
    id: `0000000000000000000${own.padStart(5, '0')}`,
    user: own as UserId,
    kind: 'phone',
    password: `secret of ${own}`,
    isPrivate: false,
    refusesPickup: false,
    presence: 'available',
  },
];

/** A company, with some of it said otherwise. */
export const tenant = (id: string, changes: Partial<Tenant> = {}): Tenant => {
  const made = { ...usual(id), ...changes };
  return { ...made, standing: standingOf(made) };
};

const usual = (id: string): Omit<Tenant, 'standing'> => ({
  id: id as TenantId,
  version: 1,
  name: id,
  customer: '00000000000000000000acme',
  users: new Map(),
  groups: new Map(),
  outsideNumbers: new Map(),
  sounds: new Map(),
  selection: 'oldest',
  failureProfile: 'default',
  requireIfMatch: false,
  domains: [`${id}.example`],
  extensions: new Map([
    entry('Alice Adams', alice),
    entry('Bob Brown', bob),
    entry('Carol Clark', carol),
    entry('Dave Davis', dave),
  ]),
  codes: defaultServiceCodes,
  pickupGroups: [
    { id: 1, name: 'sales', members: [alice, bob, carol] },
    { id: 2, name: 'support', members: [dave] },
  ],
  ringSeconds: 60,
  watcherRules: knownWatchers,
  media: usualMedia,
  messages: usualMessages,
  leniencies: new Set(),
});

/** The company of most tests. */
export const acme: Tenant = tenant('acme');

/** An installation of these companies; the first one is the default. */
export const officeOf = (...tenants: readonly Tenant[]): Office => ({
  tenants: new Map(tenants.map((each) => [each.id, each])),
  defaultTenant: tenants[0],
});

/** A company of its document, as the service reads it. */
export const companyOf = (document: TenantDocument, id = 'acme'): Tenant =>
  tenantOf({ id: id as TenantId, version: 1, document, personal: {}, installation: {} });
