/** Which part of a list is wanted. */
export interface PageQuery {
  readonly offset?: number;
  readonly limit?: number;
}

/** Items on a page where nobody says how many, and at most. */
export const pageSize = { unsaid: 50, most: 1_000 } as const;

/** One page of a list; `total` is how many there are on all pages. */
export const pageOf = <T>(found: readonly T[], { offset = 0, limit = pageSize.unsaid }: PageQuery) => ({
  offset,
  limit,
  total: found.length,
  page: found.slice(offset, offset + limit),
});

const collator = new Intl.Collator('en', { numeric: true });

/** Orders texts with the numbers in them by value, not letter by letter: 90 comes before 800. */
export const byValue = (a: string, b: string): number => collator.compare(a, b);
