import type { Fault, TenantDocument } from '../tenant-document.js';

/** A company's document and its neighbours', by their names. */
export interface Neighbourhood {
  readonly id: string;
  readonly document: TenantDocument;
  readonly others: ReadonlyMap<string, TenantDocument>;
}

/** What can be only one company's, and is another's already: its domains, its customer id, to be the default. */
export const wallFaults = (neighbourhood: Neighbourhood): Fault[] => [
  ...domainFaults(neighbourhood),
  ...customerFaults(neighbourhood),
  ...defaultFaults(neighbourhood),
];

const domainFaults = ({ id, document, others }: Neighbourhood): Fault[] => {
  const owners = new Map<string, string>();
  for (const [other, { domains = [] }] of others) for (const domain of domains) owners.set(domain.toLowerCase(), other);
  return (document.domains ?? []).flatMap((domain, index) => {
    const owner = owners.get(domain.toLowerCase());
    owners.set(domain.toLowerCase(), owner ?? id);
    return owner === undefined ? [] : [{ path: ['domains', String(index)], why: `is the domain of ${owner} already` }];
  });
};

/** A company is asked for by its name or by its customer id, so neither may be another's other one. */
const customerFaults = ({ id, document, others }: Neighbourhood): Fault[] => {
  const customer = document.customer?.toLowerCase();
  for (const [other, { customer: theirs }] of others) {
    if (customer !== undefined && (customer === theirs?.toLowerCase() || customer === other)) {
      return [{ path: ['customer'], why: `is ${other} already` }];
    }
    if (theirs?.toLowerCase() === id) return [{ path: [], why: `is the customer id of ${other} already` }];
  }
  return [];
};

const defaultFaults = ({ document, others }: Neighbourhood): Fault[] => {
  const hasOther = [...others.values()].some((other) => other.default);
  return document.default && hasOther ? [{ path: ['default'], why: 'only one tenant can be the default' }] : [];
};
