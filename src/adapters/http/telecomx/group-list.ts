import type { Group } from '../../../domain/group.js';
import type { Tenant } from '../../../domain/office.js';
import { type Expansion, type GroupJson, groupJson, type ShortGroupJson, shortGroupJson } from './group-json.js';

/** What a list of groups may be asked for. */
export interface ListQuery extends Expansion {
  readonly offset?: number;
  readonly limit?: number;
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

/** Groups on a page where nobody says how many, and at most. */
export const pageSize = { unsaid: 50, most: 1_000 } as const;

/** The page that was asked for, of those groups that the reader may see. */
export const listGroups = (tenant: Tenant, visible: readonly Group[], query: ListQuery): ListJson => {
  const { offset = 0, limit = pageSize.unsaid } = query;
  const found = visible.filter(matches(query.filter ?? '')).sort(inOrderOf(query.sort ?? 'number'));
  const isFull = query.full || query.expandExtension || query.expandGoto;
  return {
    offset,
    limit,
    total: found.length,
    groups: found
      .slice(offset, offset + limit)
      .map((group) => (isFull ? groupJson(tenant, group, query) : shortGroupJson(tenant, group))),
  };
};

const matches = (filter: string) => {
  const wanted = filter.trim().toLowerCase();
  return ({ name, number, notes }: Group): boolean =>
    [name, number ?? '', notes].some((text) => text.toLowerCase().includes(wanted));
};

/** Numbers by value, not letter by letter: 90 comes before 800. */
const collator = new Intl.Collator('en', { numeric: true });

const inOrderOf = (sort: 'number' | 'name' | 'direct') => (a: Group, b: Group) =>
  (sort === 'name' ? collator.compare(a.name, b.name) : byNumber(a, b)) || collator.compare(a.id, b.id);

/** Groups that cannot be dialled come last. */
const byNumber = ({ number: a }: Group, { number: b }: Group): number => {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return collator.compare(a, b);
};
