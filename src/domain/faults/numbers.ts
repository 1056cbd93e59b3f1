import { readExtension } from '../names.js';
import { readDialled, type ServiceCodes } from '../service-code.js';
import type { Fault, TenantDocument } from '../tenant-document.js';

/** Numbers of extensions and groups that cannot be dialled, or that mean two things. */
export const numberFaults = (document: TenantDocument, codes: ServiceCodes): Fault[] => [
  ...Object.keys(document.extensions).flatMap((number) => {
    const why = faultOfNumber(number, codes);
    return why === undefined ? [] : [{ path: ['extensions', number], why }];
  }),
  ...groupNumberFaults(document, codes),
];

const faultOfNumber = (number: string, codes: ServiceCodes): string | undefined => {
  if (number in {} || !readExtension(number)) return 'an extension has letters, digits and . _ + - only';
  const dialled = readDialled(number, codes);
  return dialled.kind === 'service' ? `is the code of ${dialled.service}` : undefined;
};

const groupNumberFaults = ({ extensions, groups = {} }: TenantDocument, codes: ServiceCodes): Fault[] => {
  const owners = new Map<string, string>();
  return Object.entries(groups).flatMap(([id, { number, name }]) => {
    if (number === undefined) return [];
    const owner = owners.get(number);
    owners.set(number, owner ?? name);
    const taken = owner === undefined ? undefined : `is the number of the group "${owner}" already`;
    const own = Object.hasOwn(extensions, number) ? 'is an extension already' : undefined;
    const why = taken ?? own ?? faultOfNumber(number, codes);
    return why === undefined ? [] : [{ path: ['groups', id, 'number'], why }];
  });
};
