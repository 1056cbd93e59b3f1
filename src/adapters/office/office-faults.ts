import { readExtension, readTenantId } from '../../domain/names.js';
import {
  conflictsIn,
  faultOfCode,
  readDialled,
  type Service,
  type ServiceCodes,
  services,
} from '../../domain/service-code.js';
import { codesOf } from '../../domain/tenant.js';
import type { Fault, OfficeDocument, TenantDocument } from './office-schema.js';

/** What is wrong with an office although each field has the right shape. */
export const faultOfOffice = (office: OfficeDocument): Fault[] => [
  ...brandFaults(office),
  ...Object.entries(office.tenants).flatMap(([id, tenant]) => tenantFaults(id, tenant, office)),
  ...sharedDomains(office),
  ...severalDefaults(office),
];

const brandFaults = ({ brands = {} }: OfficeDocument): Fault[] =>
  Object.entries(brands).flatMap(([name, { codes = {} }]) => codeFaults(codes, ['brands', name, 'codes']));

const tenantFaults = (id: string, tenant: TenantDocument, office: OfficeDocument): Fault[] => {
  const path = ['tenants', id];
  const faults = [
    ...codeFaults(tenant.codes ?? {}, [...path, 'codes']),
    ...numberFaults(tenant, codesOf(tenant, office), path),
    ...groupFaults(tenant, path),
  ];
  if (!readTenantId(id)) faults.push({ path, why: 'a tenant is named with lower case letters, digits and dashes' });
  if (tenant.brand !== undefined && !Object.hasOwn(office.brands ?? {}, tenant.brand)) {
    faults.push({ path: [...path, 'brand'], why: `there is no brand "${tenant.brand}"` });
  }
  if (faults.length > 0) return faults;
  return conflictsIn(codesOf(tenant, office)).map(({ code, services: by }) => ({
    path: [...path, 'codes'],
    why: `${code} stands for ${by.join(' and ')}`,
  }));
};

const codeFaults = (codes: Record<string, string[]>, path: string[]): Fault[] =>
  Object.entries(codes).flatMap(([service, own]) => {
    if (!services.includes(service as Service)) {
      return [{ path: [...path, service], why: `is no service; there are ${services.join(', ')}` }];
    }
    return own.flatMap((code, index) => {
      const why = faultOfCode(code);
      return why === undefined ? [] : [{ path: [...path, service, String(index)], why }];
    });
  });

const numberFaults = (tenant: TenantDocument, codes: ServiceCodes, path: string[]): Fault[] =>
  Object.keys(tenant.extensions).flatMap((number) => {
    const where = [...path, 'extensions', number];
    if (!readExtension(number)) return [{ path: where, why: 'an extension has letters, digits and . _ + - only' }];
    const dialled = readDialled(number, codes);
    return dialled.kind === 'service' ? [{ path: where, why: `is the code of ${dialled.service}` }] : [];
  });

const groupFaults = (tenant: TenantDocument, path: string[]): Fault[] =>
  Object.entries(tenant.pickupGroups ?? {}).flatMap(([name, members]) =>
    members.flatMap((member, index) =>
      Object.hasOwn(tenant.extensions, member)
        ? []
        : [{ path: [...path, 'pickupGroups', name, String(index)], why: `there is no extension "${member}"` }],
    ),
  );

const sharedDomains = ({ tenants }: OfficeDocument): Fault[] => {
  const owners = new Map<string, string>();
  return Object.entries(tenants).flatMap(([id, { domains = [] }]) =>
    domains.flatMap((domain, index) => {
      const owner = owners.get(domain.toLowerCase());
      owners.set(domain.toLowerCase(), owner ?? id);
      return owner
        ? [{ path: ['tenants', id, 'domains', String(index)], why: `is the domain of ${owner} already` }]
        : [];
    }),
  );
};

const severalDefaults = ({ tenants }: OfficeDocument): Fault[] => {
  const [, ...more] = Object.entries(tenants).filter(([, tenant]) => tenant.default);
  return more.map(([id]) => ({ path: ['tenants', id, 'default'], why: 'only one tenant can be the default' }));
};
