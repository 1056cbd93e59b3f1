import type { Group } from '../../../domain/group.js';
import type { Tenant } from '../../../domain/office.js';
import { type Expansion, type GroupJson, groupJson, type ShortGroupJson, shortGroupJson } from './group-json.js';
import { byValue, type PageQuery, pageOf } from './page.js';

/** What a list of groups may be asked for. */
export interface ListQuery extends Expansion, PageQuery {
  /** Groups whose name, number or notes contain this, in any case. */
  readonly filter?: string;
  /** Our groups have no direct number: `direct` sorts by number. */
  readonly sort?: 'number' | 'name' | 'direct';
  /** All fields; any expansion asks for them too. */
  readonly full?: boolean;
}

/** One page of groups. */
export interface ListJson {
  readonly offset: number;
  readonly limit: number;
  /** How many there are on all pages. */
  readonly total: number;
  readonly groups: (GroupJson | ShortGroupJson)[];
}

/** The page that was asked for, of those groups that the reader may see. */
export const listGroups = (tenant: Tenant, visible: readonly Group[], query: ListQuery): ListJson => {
  const found = visible.filter(matches(query.filter ?? '')).sort(inOrderOf(query.sort ?? 'number'));
  const isFull = query.full || query.expandExtension || query.expandGoto;
  const { page, ...counts } = pageOf(found, query);
  return {
    ...counts,
    groups: page.map((group) => (isFull ? groupJson(tenant, group, query) : shortGroupJson(tenant, group))),
  };
};

const matches = (filter: string) => {
  const wanted = filter.trim().toLowerCase();
  return ({ name, number, notes }: Group): boolean =>
    [name, number ?? '', notes].some((text) => text.toLowerCase().includes(wanted));
};

const inOrderOf = (sort: 'number' | 'name' | 'direct') => (a: Group, b: Group) =>
  (sort === 'name' ? byValue(a.name, b.name) : byNumber(a, b)) || byValue(a.id, b.id);

/** Groups that cannot be dialled come last. */
const byNumber = ({ number: a }: Group, { number: b }: Group): number => {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return byValue(a, b);
};
