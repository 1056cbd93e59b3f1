import { type Group, type GroupRight, groupRights, type Listed, type Strategy } from '../../../domain/group.js';
import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';

/** What a reader wants to see of what a group points at: ids alone, or ids with numbers and names. */
export interface Expansion {
  readonly expandExtension?: boolean;
  readonly expandGoto?: boolean;
}

/** An extension as expandExtension shows it. */
export interface ExtensionJson {
  readonly _id: string;
  readonly number: string;
  readonly name: string;
}

/** A group in the list of another one as expandExtension shows it. */
export interface NestedJson {
  readonly _id: string;
  readonly number: string | null;
  readonly name: string;
}

/** A place in the dial plan as expandGoto shows it. */
export interface GotoJson {
  readonly _id: string;
  readonly type: 'GROUP' | 'EXTENSION' | 'EXTERNAL';
  readonly number: string | null;
  readonly name: string;
}

/** A group as TelecomX shows it: the fields of its page, in its order, null for what is not used. */
export type GroupJson = {
  _id: string;
  type: 'GROUP';
  customer: string;
  name: string;
  number: string | null;
  startAudio: string | null;
  redirect: string | null;
  notes: string;
  /** A group that is a member is shown as its id too, or with its number, null if it has none. */
  members: (string | ExtensionJson | NestedJson)[];
  controllers: (string | ExtensionJson)[];
} & Record<GroupRight, boolean> & {
    strategy: Strategy;
    ringTime: number;
    timeoutGoto: string | GotoJson | null;
  };

/** The fields of a group that lists show where nobody asks for all of them. */
export type ShortGroupJson = Pick<GroupJson, '_id' | 'type' | 'customer' | 'name' | 'number'>;

/** A group in TelecomX's words. */
export const groupJson = (tenant: Tenant, group: Group, expansion: Expansion = {}): GroupJson => ({
  ...shortGroupJson(tenant, group),
  startAudio: group.startAudio ?? null,
  redirect: group.redirect ?? null,
  notes: group.notes,
  members: membersJson(tenant, group.listed, expansion),
  controllers: extensionsJson(tenant, group.controllers, expansion),
  ...rightsJson(group),
  strategy: group.strategy,
  ringTime: group.ringTime,
  timeoutGoto: gotoJson(tenant, group.timeoutGoto, expansion),
});

/** A group as a list shows it. */
export const shortGroupJson = (tenant: Tenant, { id, name, number }: Group): ShortGroupJson => ({
  _id: id,
  type: 'GROUP',
  customer: tenant.customer,
  name,
  number: number ?? null,
});

const rightsJson = ({ rights }: Group) =>
  Object.fromEntries(groupRights.map((right) => [right, rights.has(right)])) as Record<GroupRight, boolean>;

const membersJson = (tenant: Tenant, listed: readonly Listed[], expansion: Expansion): GroupJson['members'] =>
  listed.flatMap<GroupJson['members'][number]>((each) => {
    if (typeof each === 'string') return extensionsJson(tenant, [each], expansion);
    const nested = tenant.groups.get(each.group);
    if (!nested) return [];
    const { id: _id, number = null, name } = nested;
    return [expansion.expandExtension ? { _id, number, name } : _id];
  });

const extensionsJson = (tenant: Tenant, numbers: readonly Extension[], { expandExtension }: Expansion) =>
  numbers.flatMap((number) => {
    const shown = extensionJson(tenant, number);
    return shown ? [expandExtension ? shown : shown._id] : [];
  });

/** An extension of the company as TelecomX shows it; undefined if there is none of this number. */
export const extensionJson = (tenant: Tenant, number: string): ExtensionJson | undefined => {
  const entry = tenant.extensions.get(number as Extension);
  return entry && { _id: entry.id, number: entry.number, name: entry.name };
};

const gotoJson = (tenant: Tenant, id: string | undefined, { expandGoto }: Expansion): GroupJson['timeoutGoto'] => {
  if (id === undefined) return null;
  return expandGoto ? (placeJson(tenant, id) ?? id) : id;
};

/** Ids are unique in one company, whatever they name. */
const placeJson = (tenant: Tenant, id: string): GotoJson | undefined => {
  for (const { id: _id, number, name } of tenant.groups.values()) {
    if (_id === id) return { _id, type: 'GROUP', number: number ?? null, name };
  }
  for (const { id: _id, number, name } of tenant.extensions.values()) {
    if (_id === id) return { _id, type: 'EXTENSION', number, name };
  }
  const outside = tenant.outsideNumbers.get(id);
  return outside && { _id: id, type: 'EXTERNAL', number: outside.number, name: outside.name };
};
