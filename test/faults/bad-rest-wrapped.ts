import type { Throw } from './bad-rest-spoil-run.js';

const wrapping = 'call_control_groups';

/** UIS's bad bodies once more in its two wrappings: as an object, and as JSON text in it. */
export const wrapped = (throws: readonly Throw[]): Throw[] =>
  throws
    .filter(({ what, sent, fields }) => what.startsWith('body ') && sent.body !== undefined && fields[0] !== '')
    .flatMap((each) => {
      const json = String(each.sent.body);
      const inside =
        each.fields[0] === 'body' ? [wrapping, 'body'] : each.fields.map((field) => `${wrapping}.${field}`);
      return [
        {
          ...each,
          what: `object ${each.what}`,
          fields: inside,
          sent: { ...each.sent, body: `{"${wrapping}":${json}}` },
        },
        {
          ...each,
          ...{ what: `text ${each.what}`, fields: [...inside, `${wrapping}.groups`] },
          sent: { ...each.sent, body: JSON.stringify({ [wrapping]: json }) },
        },
      ];
    });

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(1_000 + index));

const keyed = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, value]));

/** The limits of the four systems, by one: what goes and what does not. `{path}` of the request, its body, and the field. */
export const limits: readonly (readonly [what: string, request: string, body: unknown, field: string | undefined])[] = [
  ['100 groups', 'PUT uis', { groups: keyed(100, ['100']) }, undefined],
  ['101 groups', 'PUT uis', { groups: keyed(101, ['100']) }, 'groups'],
  ['200 numbers', 'PUT uis', { groups: { a: numbers(200) } }, undefined],
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
  ['30,000 lists of 10,000 extensions', 'PUT uis', ofExtensions(10_000), undefined],
];

function ofExtensions(count: number): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) =>
      ['eavesdrop', 'whisper', 'barge'].map((act) => [`${act}_${10_000 + index}`, ['sales']]),
    ).flat(),
  );
}
