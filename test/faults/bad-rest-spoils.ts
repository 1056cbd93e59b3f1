import { fits, type Schema } from './bad-rest-schema.js';
import { hostileTexts, someNaughty, veryLong } from './bad-rest-strings.js';

/** A body with one wrong field, or a body that only looks wrong. */
export interface Spoiled {
  /** The names that lead to the field, joined by dots. */
  readonly field: string;
  /** The body's JSON. */
  readonly json: string;
  /** The value's own text, for the reader of a failure and of an answer that repeats it. */
  readonly shown: string;
}

/** JSON that JSON.stringify would not write. */
const raw = (text: string): string => `@@raw:${text}@@`;

/** Writes a body; {@link raw} parts stand in it as they are. */
const write = (body: unknown): string => JSON.stringify(body).replace(/"@@raw:(.*?)@@"/g, '$1');

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Values of every type, and numbers that are hardly numbers. */
const ofEveryType = (): unknown[] => [
  ...[null, true, false, 0, 7, -1, 1.5, 2 ** 53, raw('1e999'), raw('-0'), raw('1e-7'), raw('123456789012345678901')],
  ...[[], {}, [[]], [null], [{}], { a: { b: { c: [1] } } }, raw(deep(500))],
];

/** The values that one field gets. */
const valuesFor = (schema: Schema): unknown[] => {
  const kinds = [schema, ...(schema.anyOf ?? [])];
  const texts = kinds.some(({ type, enum: choice }) => type === 'string' || choice)
    ? hostileTexts()
    : ['x', '7', 'true', ''];
  return [...ofEveryType(), ...texts, ...kinds.flatMap(tooMuch)];
};

/** One more, and one less, than a schema takes. */
const tooMuch = ({ items, minItems = 0, maxItems, minimum, maximum, maxLength, type }: Schema): unknown[] => [
  ...(maxItems === undefined ? [] : [Array(maxItems + 1).fill(sampleOf(items))]),
  ...(minItems > 0 ? [[]] : []),
  ...(minimum === undefined ? [] : [minimum - 1]),
  ...(maximum === undefined ? [] : [maximum + 1]),
  ...(maxLength === undefined ? [] : ['a'.repeat(maxLength + 1)]),
  ...(type === 'string' ? [veryLong] : []),
];

/** Something that has the form of an item. */
const sampleOf = (schema: Schema = {}): unknown => {
  const samples = [1, '101', '0'.repeat(24), '*1', 'a'];
  return samples.find((sample) => fits(schema, sample)) ?? 'a';
};

type Names = readonly (string | number)[];

interface Place {
  readonly schema: Schema;
  readonly at: Names;
}

/** Every place of a body that its schema tells of, the body itself left out. */
const placesIn = ({ schema, at }: Place, body: unknown): Place[] => {
  const own = at.length > 0 ? [{ schema, at }] : [];
  const inner = [schema, ...(schema.anyOf ?? [])].flatMap((each) => inside(each, at, body));
  return [...own, ...inner.flatMap((place) => placesIn(place, body))];
};

const inside = (schema: Schema, at: Names, body: unknown): Place[] => {
  if (schema.items) return [{ schema: schema.items, at: [...at, 0] }];
  const named = Object.entries(schema.properties ?? {}).map(([name, own]) => ({ schema: own, at: [...at, name] }));
  const patterns = Object.entries(schema.patternProperties ?? {});
  const others = Object.keys((valueAt(body, at) ?? {}) as object).flatMap((name) => {
    const [, own] = patterns.find(([pattern]) => new RegExp(pattern, 'u').test(name)) ?? [];
    if (Object.hasOwn(schema.properties ?? {}, name)) return [];
    const { additionalProperties: any } = schema;
    const found = own ?? (typeof any === 'object' ? any : undefined);
    return found ? [{ schema: found, at: [...at, name] }] : [];
  });
  return [...named, ...others];
};

const valueAt = (body: unknown, at: Names): unknown =>
  at.reduce<unknown>((value, name) => (value as Record<string | number, unknown> | undefined)?.[name], body);

/** A copy of the body with another value at a place; undefined takes the field away. */
const withValue = (body: unknown, [first, ...rest]: Names, value: unknown): unknown => {
  if (first === undefined) return value;
  if (typeof first === 'number') {
    const list = Array.isArray(body) ? [...body] : [];
    list[first] = withValue(list[first], rest, value);
    return list;
  }
  const fields = Object.entries((body ?? {}) as object).filter(([name]) => name !== first);
  const changed = withValue((body as Record<string, unknown> | undefined)?.[first], rest, value);
  return Object.fromEntries(changed === undefined ? fields : [...fields, [first, changed]]);
};

const showOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));

/** Everything that is wrong, or looks so, with one field of a body. */
const spoiledFields = (schema: Schema, body: unknown): Spoiled[] =>
  placesIn({ schema, at: [] }, body).flatMap(({ schema: own, at }) =>
    valuesFor(own).map((value) => ({
      field: at.join('.'),
      json: write(withValue(body, at, value)),
      shown: showOf(value),
    })),
  );

/** Names that no object of ours has. */
const strangers = (): string[] => [
  'surplus',
  'constructor',
  'toString',
  '',
  'a.b',
  'x\r\ny',
  '{acme}:x',
  ...someNaughty(4),
];

/** Objects that have a field too many, or one that is needed too few. */
const spoiledObjects = (schema: Schema, body: unknown): Spoiled[] =>
  [{ schema, at: [] as Names }, ...placesIn({ schema, at: [] }, body)].flatMap(({ schema: own, at }) => {
    if (own.type !== 'object') return [];
    const names = Object.keys(own.properties ?? {});
    const surplus = strangers()
      .filter((name) => !names.includes(name))
      .map((name) => ({ name, value: 1 as unknown }));
    const missing = (own.required ?? []).map((name) => ({ name, value: undefined }));
    return [...surplus, ...missing, ...keysOf(own)].map(({ name, value }) => ({
      // A field without a name is told as its object.
      field: [...at, name].join('.') || 'body',
      json: write(withValue(body, [...at, name], value)),
      shown: name,
    }));
  });

/** Hostile names where an object takes any name of a form. */
const keysOf = ({ propertyNames, patternProperties, additionalProperties: any }: Schema) => {
  if (propertyNames && typeof any === 'object') return hostileTexts().map((name) => ({ name, value: [] as unknown }));
  if (!patternProperties) return [];
  return hostileTexts().map((text) => ({ name: `eavesdrop_${text}`, value: ['sales'] as unknown }));
};

/** Objects with more names than they may have. */
const crowded = (schema: Schema, body: unknown): Spoiled[] =>
  [{ schema, at: [] as Names }, ...placesIn({ schema, at: [] }, body)].flatMap(({ schema: own, at }) => {
    if (own.type !== 'object') return [];
    const { maxProperties = Infinity } = own;
    const most = Math.min(maxProperties, 10_000);
    const many = Object.fromEntries(Array.from({ length: most + 1 }, (_, index) => [`key${index}`, []]));
    const now = (valueAt(body, at) ?? {}) as object;
    const field = (most === maxProperties ? at : [...at, 'key0']).join('.');
    return [{ field, json: write(withValue(body, at, { ...now, ...many })), shown: 'many keys' }];
  });

/** Every body that is made from a right one by spoiling it in one place. */
export const spoiledBodies = (schema: Schema, body: unknown): Spoiled[] => [
  ...spoiledFields(schema, body),
  ...spoiledObjects(schema, body),
  ...crowded(schema, body),
];

/** Texts for a parameter of this schema. */
export const spoiledTexts = (schema: Schema): string[] => {
  const numbers = ['1e999', '-0', '9007199254740993', '1.5', '0x10', 'NaN', '-1', '99999999999999999999', ' 1', 'true'];
  return [...(schema.type === 'string' ? [] : numbers), ...hostileTexts(), 'a'.repeat(2_001)];
};
