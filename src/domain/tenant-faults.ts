import { associationFaults } from './faults/associations.js';
import { codeFaults, conflictFaults } from './faults/codes.js';
import { idFaults } from './faults/ids.js';
import { memberFaults } from './faults/members.js';
import { faultOfName, nameFaults } from './faults/names.js';
import { noticeFaults } from './faults/notices.js';
import { numberFaults } from './faults/numbers.js';
import { wallFaults } from './faults/walls.js';
import { watcherFaults } from './faults/watchers.js';
import { webhookFaults } from './faults/webhooks.js';
import { readTenantId } from './names.js';
import { defaultServiceCodes } from './service-code.js';
import { codesOf } from './tenant.js';
import type { Fault, InstallationDocument, OfficeDocument, TenantDocument } from './tenant-document.js';

/** A company's document of the right shape, and everything that it must agree with. */
export interface JudgedTenant {
  readonly id: string;
  readonly document: TenantDocument;
  readonly installation: InstallationDocument;
  /** The other companies' documents by their names; leave them out where only the document itself is judged. */
  readonly others?: ReadonlyMap<string, TenantDocument>;
}

/** What is wrong with a company although each field has the right shape. Paths begin in its document. */
export const faultsOfTenant = ({ id, document, installation, others = new Map() }: JudgedTenant): Fault[] => {
  const codes = codesOf(document, installation);
  const faults = [
    ...codeFaults(document.codes ?? {}, ['codes']),
    ...nameFaults(document),
    ...numberFaults(document, codes),
    ...memberFaults(document),
    ...associationFaults(document),
    ...idFaults(document),
    ...watcherFaults(document),
    ...noticeFaults(document),
    ...webhookFaults(document),
    ...wallFaults({ id, document, others }),
  ];
  if (!readTenantId(id)) faults.push({ path: [], why: 'a tenant is named with lower case letters, digits and dashes' });
  if (document.brand !== undefined && !Object.hasOwn(installation.brands ?? {}, document.brand)) {
    faults.push({ path: ['brand'], why: `there is no brand "${document.brand}"` });
  }
  // A code that is none would be told a second time as a conflict.
  return faults.length > 0 ? faults : conflictFaults(codes, ['codes']);
};

/** What is wrong with the brands. A brand's codes must stand beside the defaults even if no company uses it yet. */
export const faultsOfInstallation = ({ brands = {} }: InstallationDocument): Fault[] =>
  Object.entries(brands).flatMap(([name, { codes = {} }]) => {
    const path = ['brands', name];
    const why = faultOfName(name);
    if (why !== undefined) return [{ path, why }];
    const faults = codeFaults(codes, [...path, 'codes']);
    return faults.length > 0 ? faults : conflictFaults({ ...defaultServiceCodes, ...codes }, [...path, 'codes']);
  });

/** What is wrong with a whole installation. Of two companies that collide the later one is at fault. */
export const faultsOfOffice = (office: OfficeDocument): Fault[] => {
  const before = new Map<string, TenantDocument>();
  const ofTenants = Object.entries(office.tenants).flatMap(([id, document]) => {
    const faults = faultsOfTenant({ id, document, installation: office, others: before });
    before.set(id, document);
    return faults.map(({ path, why }) => ({ path: ['tenants', id, ...path], why }));
  });
  return [...faultsOfInstallation(office), ...ofTenants];
};
