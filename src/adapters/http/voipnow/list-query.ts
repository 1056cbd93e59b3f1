import { type Static, Type } from 'typebox';
import { closed } from '../schema.js';
import { invalid } from './error-json.js';
import { type PhoneCall, timeOf } from './phone-call.js';

type Call = Static<typeof PhoneCall>;

const fieldNames = ['id', 'extension', 'ownerId', 'ownerName', 'answered', 'published', 'phoneCallView'] as const;

/** An array of field names, as it stands in a query. */
export const FieldsForm = Type.String({
  pattern: `^(${fieldNames.join('|')})(,(${fieldNames.join('|')}))*$`,
  description: `names separated by commas, of ${fieldNames.join(', ')}`,
});

const operations = {
  equals: (is: string, wanted: string) => is === wanted,
  startsWith: (is: string, wanted: string) => is.startsWith(wanted),
  contains: (is: string, wanted: string) => is.includes(wanted),
  greaterThan: (is: string, wanted: string) => is > wanted,
  lessThan: (is: string, wanted: string) => is < wanted,
} as const;

/** What a list of calls may be asked for. */
export const ListQuery = closed({
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 20 })),
  startIndex: Type.Optional(Type.Integer({ minimum: 0, maximum: 5000, default: 0 })),
  filterBy: Type.Optional(Type.Enum(['id', 'published'])),
  filterOp: Type.Optional(Type.Enum(['equals', 'startsWith', 'contains', 'greaterThan', 'lessThan'])),
  filterValue: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  fields: Type.Optional(FieldsForm),
  sortOrder: Type.Optional(Type.Enum(['ascending', 'descending'], { default: 'ascending' })),
});

/** Which operations make sense of which field. */
const operationsOf: Readonly<Record<'id' | 'published', readonly (keyof typeof operations)[]>> = {
  id: ['equals', 'startsWith', 'contains'],
  published: ['equals', 'greaterThan', 'lessThan'],
};

const dateForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;

/** Times are compared as the service writes them, whatever offset the filter has. */
const wantedOf = (filterBy: 'id' | 'published', value: string): string => {
  if (filterBy === 'id') return value.toLowerCase();
  const at = dateForm.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw invalid('filterValue', 'must be a date: 2012-06-27T16:08:50+02:00 (in a URL, + is %2B)');
  return timeOf(at);
};

/** True for the calls that the filter leaves; throws if it makes no sense. */
export const filterOf = (query: Static<typeof ListQuery>): ((call: Call) => boolean) => {
  const { filterBy, filterOp = 'equals', filterValue } = query;
  if (filterBy === undefined) {
    const alone = query.filterValue !== undefined || query.filterOp !== undefined;
    if (alone) throw invalid('filterBy', 'is missing');
    return () => true;
  }
  if (filterValue === undefined) throw invalid('filterValue', 'is missing');
  if (!operationsOf[filterBy].includes(filterOp)) {
    throw invalid('filterOp', `must be one of ${operationsOf[filterBy].join(', ')} for ${filterBy}`);
  }
  const wanted = wantedOf(filterBy, filterValue);
  return (call) => operations[filterOp](call[filterBy], wanted);
};

/** The fields of a call that were asked for; all if none were. */
export const picked = (call: Call, fields: string | undefined): Partial<Call> => {
  if (fields === undefined) return call;
  const wanted = new Set(fields.split(','));
  return Object.fromEntries(Object.entries(call).filter(([name]) => wanted.has(name)));
};
