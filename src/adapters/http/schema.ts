import type { FastifySchemaCompiler } from 'fastify';
import { type TObjectOptions, type TProperties, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { badRequest, type FieldFault, thrown } from './problem.js';
import { faultsOf } from './reasons.js';

// It stops at eight otherwise, and every mistake is to be told at once.
Settings.Set({ maxErrors: 200 });

/** An object that refuses what it does not know. */
export const closed = <P extends TProperties>(properties: P, options: TObjectOptions = {}) =>
  Type.Object(properties, { ...options, additionalProperties: false });

/** Text of a form; `words` complete the sentence "must be …" and are shown in the OpenAPI document. */
export const form = (pattern: string, words: string) => Type.String({ pattern, description: words });

/** Text for people, in one line; lengths in Unicode's code points. Patterns are read with the flag u. */
export const line = (most: number, least = 0) =>
  form(
    `^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{${least},${most}}$`,
    `one line of ${least > 0 ? `${least} to` : 'at most'} ${most} characters, no control characters among them`,
  );

/** A number inside a company. */
export const extensionText = form('^[A-Za-z0-9._+-]{1,64}$', '1 to 64 letters, digits and . _ + -');

/** Or nothing. */
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** What the parts of a request are called where the whole of one is wrong. */
const wholes: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

/**
 * Checks requests by typebox: every mistake is told. Only what is always text on its way here is read as a number or a
 * boolean: queries and paths, never bodies.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const faults = findFaults(schema, wholes[httpPart] ?? httpPart);
  return (value: unknown) => {
    const read = httpPart === 'body' ? value : readTexts(value, schema);
    const found = faults(read);
    return found.length === 0 ? { value: read } : { error: thrown(badRequest(found)) };
  };
};

/** What is wrong with a value, field by field; `whole` is what the value itself is called. */
export const findFaults = (schema: TSchema, whole: string): ((value: unknown) => FieldFault[]) => {
  const shape = Compile(schema);
  return (value) => (shape.Check(value) ? [] : faultsOf(shape.Errors(value), schema, whole));
};

const readTexts = (value: unknown, schema: TSchema): unknown => {
  const { properties } = schema as { properties?: Record<string, { type?: string }> };
  if (typeof value !== 'object' || value === null || !properties) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => [
      name,
      typeof text === 'string' && Object.hasOwn(properties, name) ? readText(text, properties[name]?.type) : text,
    ]),
  );
};

const readText = (text: string, type: string | undefined): unknown => {
  if ((type === 'integer' || type === 'number') && /^-?\d{1,16}$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
};
