import type { Operation } from './bad-rest-operations.js';
import type { Schema } from './bad-rest-schema.js';

/** Fields whose schema lets anything in, and why that is right: the handler is stricter than the schema can say. */
const excused: readonly (readonly [place: RegExp, why: string])[] = [
  [/^PUT .ivoz.*users.{id} (name|lastname|extension|extensions|extensions\.0)$/, 'must be what a GET has shown'],
  [/^POST .pbx.*sms text$/, 'counted when control characters are gone: 1000 characters'],
];

const isText = ({ type, pattern, maxLength, format }: Schema): boolean =>
  type === 'string' && pattern === undefined && maxLength === undefined && format === undefined;

const isObject = ({ type, additionalProperties: any, propertyNames }: Schema): boolean =>
  type === 'object' && any !== false && !(propertyNames && typeof any === 'object');

/** Whether a schema says no limit of its own. */
const isOpen = (schema: Schema): boolean => {
  const { type, anyOf, maxItems } = schema;
  const saysNothing = type === undefined && anyOf === undefined && schema.enum === undefined && !('const' in schema);
  return saysNothing || isText(schema) || isObject(schema) || (type === 'array' && maxItems === undefined);
};

const openIn = (schema: Schema, at: readonly string[]): string[] => {
  const { anyOf = [], items, properties = {}, patternProperties = {}, additionalProperties: any } = schema;
  return [
    ...(isOpen(schema) ? [at.join('.')] : []),
    ...anyOf.flatMap((each) => openIn(each, at)),
    ...(items ? openIn(items, [...at, '0']) : []),
    ...Object.entries({ ...properties, ...patternProperties }).flatMap(([name, own]) => openIn(own, [...at, name])),
    ...(typeof any === 'object' ? openIn(any, [...at, '*']) : []),
  ];
};

/** Every place of an operation that takes text, lists or fields without end, and is not excused. */
export const openPlaces = ({ key, body, parameters }: Operation): string[] => {
  const places = [
    ...(body ? openIn(body, []) : []),
    ...parameters.flatMap(({ name, schema }) => openIn(schema, [name])),
  ].map((place) => `${key} ${place}`);
  return places.filter((place) => !excused.some(([form]) => form.test(place)));
};
