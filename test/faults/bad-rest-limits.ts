const requests = {
  'PUT uis': '/client/acme/call_control_group/',
  'POST telecomx': '/pbx/group',
  'POST ivoz': '/ivoz/pick_up_groups',
  'POST codes': '/ivoz/company_services',
} as const;

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(1_000 + index));

const keyed = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, value]));

/** A body that is just right or one too many: where it goes, and the field that is named if it does not. */
export interface Limit {
  readonly what: string;
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly field?: string | undefined;
}

type Row = readonly [what: string, request: keyof typeof requests, body: unknown, field?: string];

const rows: readonly Row[] = [
  ['100 groups', 'PUT uis', { groups: keyed(100, ['100']) }],
  ['101 groups', 'PUT uis', { groups: keyed(101, ['100']) }, 'groups'],
  ['200 numbers', 'PUT uis', { groups: { a: numbers(200) } }],
  ['201 numbers', 'PUT uis', { groups: { a: numbers(201) } }, 'groups.a'],
  ['101 shared groups', 'PUT uis', { pickup_share_groups: Array(101).fill('a') }, 'pickup_share_groups'],
  ['10,001 names', 'PUT uis', keyed(10_001, true), 'key0'],
  ['1,001 members', 'POST telecomx', { name: 'a', members: Array(1_001).fill('0'.repeat(24)) }, 'members'],
  ['10,001 names', 'POST telecomx', { name: 'a', ...keyed(10_001, true) }, 'key0'],
  ['1,001 users', 'POST ivoz', { name: 'a', userIds: Array(1_001).fill(11) }, 'userIds'],
  ['17 codes', 'POST codes', { service: 10, codes: Array(17).fill('*1') }, 'codes'],
  ['a name of 81 letters', 'POST ivoz', { name: 'a'.repeat(81) }, 'name'],
  ['half a million numbers', 'PUT uis', { groups: { a: Array(300_000).fill(1) } }, 'groups.a'],
  ['groups of the longest numbers', 'PUT uis', { groups: keyed(100, Array(200).fill('1'.repeat(65))) }, 'groups.key0'],
  ['30,000 lists of 10,000 extensions', 'PUT uis', ofExtensions(10_000)],
];

function ofExtensions(count: number): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) =>
      ['eavesdrop', 'whisper', 'barge'].map((act) => [`${act}_${10_000 + index}`, ['sales']]),
    ).flat(),
  );
}

/** The limits of the four systems. */
export const limits: readonly Limit[] = rows.map(([what, request, body, field]) => ({
  what: `${request}: ${what}`,
  method: request.split(' ')[0] ?? '',
  url: requests[request],
  ...{ body, field },
}));
