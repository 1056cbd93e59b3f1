import type { Group, GroupId } from './group.js';
import { type Extension, readExtension } from './names.js';
import type { Tenant } from './office.js';
import type { CompanySound } from './sound.js';

/** A number from 0 up to 1, without 1; one that can be foretold makes RANDOM repeatable. */
export type Chance = () => number;

/** Extensions that ring together, and for how many seconds; 0 is for ever. */
export interface Turn {
  readonly extensions: readonly Extension[];
  readonly seconds: number;
}

/**
 * In which turns a group rings its members: all at once, or one after the other. A group in a list takes its place there with
 * its own strategy, for the ringTime of the group that was called; what else is said of it - redirect, timeoutGoto, startAudio -
 * is said of calls to itself. Who comes up twice rings the first time.
 */
export const turnsOf = (groups: ReadonlyMap<GroupId, Group>, group: Group, chance: Chance): Turn[] => {
  const [entered, placed] = [new Set<GroupId>(), new Set<Extension>()];
  const listsOf = ({ id, strategy, members, listed }: Group): (readonly Extension[])[] => {
    if (entered.has(id)) return [];
    entered.add(id);
    if (strategy === 'ALL') return [members];
    const inOrder = strategy === 'RANDOM' ? shuffled(listed, chance) : listed;
    return inOrder.flatMap((each) => (typeof each === 'string' ? [[each]] : inGroup(each.group)));
  };
  const inGroup = (id: GroupId) => {
    const nested = groups.get(id);
    return nested ? listsOf(nested) : [];
  };
  return listsOf(group).flatMap((list) => {
    const extensions = [...new Set(list)].filter((extension) => !placed.has(extension));
    for (const extension of extensions) placed.add(extension);
    return extensions.length > 0 ? [{ extensions, seconds: group.ringTime }] : [];
  });
};

/** Fisher and Yates: every order is as likely as every other. */
const shuffled = <T>(list: readonly T[], chance: Chance): T[] => {
  const rest = [...list];
  const drawn: T[] = [];
  while (rest.length > 0) drawn.push(...rest.splice(Math.floor(chance() * rest.length), 1));
  return drawn;
};

/** Where a call to a group rings: at its members, at one extension, or at a number outside the company. */
export type Place =
  | { readonly kind: 'group'; readonly group: Group }
  | { readonly kind: 'extension'; readonly extension: Extension }
  | { readonly kind: 'outside'; readonly number: Extension };

/** Where a call to a group rings, and which groups it has come through by then. */
export interface Stop {
  readonly place: Place;
  readonly through: readonly GroupId[];
}

/** Everywhere that a call to this group comes to as long as nobody answers, in order: redirects and timeoutGotos lead there. */
export const stopsFrom = (tenant: Tenant, group: Group): Stop[] => {
  const [seen, stops] = [new Set<GroupId>(), [] as Stop[]];
  let place = inside(tenant, { kind: 'group', group }, seen);
  while (place) {
    stops.push({ place, through: [...seen] });
    place = place.kind === 'group' ? onwardFrom(tenant, place.group, seen) : undefined;
  }
  return stops;
};

const onwardFrom = (tenant: Tenant, { timeoutGoto }: Group, seen: Set<GroupId>): Place | undefined =>
  timeoutGoto === undefined ? undefined : inside(tenant, placeOfId(tenant, timeoutGoto), seen);

/** Follows redirects. A group that the call has been in is not entered again, so no call goes round in circles. */
const inside = (tenant: Tenant, from: Place | undefined, seen: Set<GroupId>): Place | undefined => {
  let place = from;
  while (place?.kind === 'group') {
    const { id, redirect } = place.group;
    if (seen.has(id)) return undefined;
    seen.add(id);
    if (redirect === undefined) return place;
    place = placeOfNumber(tenant, redirect);
  }
  return place;
};

const placeOfId = (tenant: Tenant, id: string): Place | undefined => {
  const group = tenant.groups.get(id as GroupId);
  if (group) return { kind: 'group', group };
  const extension = [...tenant.extensions.values()].find((entry) => entry.id === id)?.number;
  if (extension !== undefined) return { kind: 'extension', extension };
  const outside = tenant.outsideNumbers.get(id);
  return outside && outsidePlace(tenant, outside.number);
};

const placeOfNumber = (tenant: Tenant, text: string): Place | undefined => {
  const group = groupOfNumber(tenant, text);
  if (group) return { kind: 'group', group };
  const extension = text as Extension;
  return tenant.extensions.has(extension) ? { kind: 'extension', extension } : outsidePlace(tenant, text);
};

/** Nobody gets outside without a trunk. */
const outsidePlace = (tenant: Tenant, text: string): Place | undefined => {
  const number = readExtension(text);
  return number && tenant.trunk !== undefined ? { kind: 'outside', number } : undefined;
};

/** The group that is reached by dialling this number. */
export const groupOfNumber = (tenant: Tenant, number: string): Group | undefined =>
  [...tenant.groups.values()].find((group) => group.number === number);

/** The sound that a group has its callers hear first, where the company has it. */
export const startSoundOf = ({ sounds }: Tenant, { startAudio }: Group): CompanySound | undefined =>
  startAudio === undefined ? undefined : sounds.get(startAudio);

/** Whether a call to this group may come to one whose sound its caller hears. */
export const mayGreet = (tenant: Tenant, group: Group): boolean =>
  stopsFrom(tenant, group).some(
    ({ place }) => place.kind === 'group' && startSoundOf(tenant, place.group) !== undefined,
  );
