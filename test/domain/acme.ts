import type { Extension, TenantId } from '../../src/domain/names.js';
import type { ExtensionEntry, Office, Tenant } from '../../src/domain/office.js';
import { defaultServiceCodes } from '../../src/domain/service-code.js';

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
  { number: number(own), name, password: `secret of ${own}` },
];

/** A company, with some of it said otherwise. */
export const tenant = (id: string, changes: Partial<Tenant> = {}): Tenant => ({
  id: id as TenantId,
  domains: [`${id}.example`],
  extensions: new Map([
    entry('Alice Adams', alice),
    entry('Bob Brown', bob),
    entry('Carol Clark', carol),
    entry('Dave Davis', dave),
  ]),
  codes: defaultServiceCodes,
  pickupGroups: [
    { name: 'sales', members: [alice, bob, carol] },
    { name: 'support', members: [dave] },
  ],
  ringSeconds: 60,
  ...changes,
});

/** The company of most tests. */
export const acme: Tenant = tenant('acme');

/** An installation of these companies; the first one is the default. */
export const officeOf = (...tenants: readonly Tenant[]): Office => ({
  tenants: new Map(tenants.map((each) => [each.id, each])),
  defaultTenant: tenants[0],
});
