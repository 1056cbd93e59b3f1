import { isPlaceId, readGroupId } from '../group.js';
import type { Fault, TenantDocument } from '../tenant-document.js';

/** Ids that are none, ids that two things share, and ids that lead nowhere. Upper and lower case are the same id. */
export const idFaults = (document: TenantDocument): Fault[] => [
  ...formFaults(document),
  ...sharedIds(document),
  ...sharedPickupGroupIds(document),
  ...gotoFaults(document),
];

const formFaults = ({ groups = {}, sounds = {}, outsideNumbers = {} }: TenantDocument): Fault[] => [
  ...[...Object.keys(groups).map((id) => ['groups', id]), ...Object.keys(sounds).map((id) => ['sounds', id])]
    .filter(([, id = '']) => !readGroupId(id))
    .map((path) => ({ path, why: 'an id has 24 hexadecimal digits' })),
  ...Object.keys(outsideNumbers)
    .filter((id) => !isPlaceId(id))
    .map((id) => ({ path: ['outsideNumbers', id], why: 'the id of an outside number has 1 to 24 hexadecimal digits' })),
];

/** A group goes on to an extension, a group or an outside number by its id alone, so the three share one space. */
const placesOfIds = ({ extensions, groups = {}, outsideNumbers = {} }: TenantDocument) => [
  ...Object.entries(extensions).flatMap(([number, { id }]) =>
    id === undefined ? [] : [{ id: id.toLowerCase(), path: ['extensions', number, 'id'], what: `extension ${number}` }],
  ),
  ...Object.entries(groups).map(([id, { name }]) => {
    return { id: id.toLowerCase(), path: ['groups', id], what: `the group "${name}"` };
  }),
  ...Object.keys(outsideNumbers).map((id) => {
    return { id: id.toLowerCase(), path: ['outsideNumbers', id], what: 'an outside number' };
  }),
];

const sharedIds = (document: TenantDocument): Fault[] => {
  const owners = new Map<string, string>();
  return placesOfIds(document).flatMap(({ id, path, what }) => {
    const owner = owners.get(id);
    owners.set(id, owner ?? what);
    return owner === undefined ? [] : [{ path, why: `has the id of ${owner}` }];
  });
};

const sharedPickupGroupIds = ({ pickupGroups = {} }: TenantDocument): Fault[] => {
  const owners = new Map<number, string>();
  return Object.entries(pickupGroups).flatMap(([name, group]) => {
    const id = Array.isArray(group) ? undefined : group.id;
    if (id === undefined) return [];
    const owner = owners.get(id);
    owners.set(id, owner ?? name);
    return owner === undefined
      ? []
      : [{ path: ['pickupGroups', name, 'id'], why: `is the id of the pickup group "${owner}" already` }];
  });
};

/** Where groups of a company can go on to, in lower case. */
export const placeIdsOf = (document: TenantDocument): ReadonlySet<string> =>
  new Set(placesOfIds(document).map(({ id }) => id));

/** Why an id cannot be a timeoutGoto that {@link placeIdsOf} does not know. */
export const leadsNowhere = 'is the id of no group, extension or outside number of this company';

const gotoFaults = (document: TenantDocument): Fault[] => {
  const known = placeIdsOf(document);
  return Object.entries(document.groups ?? {})
    .filter(([, { timeoutGoto }]) => timeoutGoto !== undefined && !known.has(timeoutGoto.toLowerCase()))
    .map(([id]) => ({ path: ['groups', id, 'timeoutGoto'], why: leadsNowhere }));
};
