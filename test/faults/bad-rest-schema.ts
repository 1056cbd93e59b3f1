/** A schema as /openapi.json shows it: the parts that are used there. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly required?: readonly string[];
  readonly maxProperties?: number;
  readonly anyOf?: readonly Schema[];
}

type Json = Readonly<Record<string, unknown>>;

/** Whether a value is what the document promises to take: read here a second time, apart from the service's own way. */
export const fits = (schema: Schema, value: unknown): boolean => {
  if (schema.anyOf && !schema.anyOf.some((each) => fits(each, value))) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if ('const' in schema && schema.const !== value) return false;
  const judge = schema.type === undefined ? undefined : judges[schema.type];
  return judge === undefined || judge(schema, value);
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const judges: Readonly<Record<string, (schema: Schema, value: unknown) => boolean>> = {
  null: (_, value) => value === null,
  boolean: (_, value) => typeof value === 'boolean',
  integer: (schema, value) => Number.isInteger(value) && isBetween(schema, value as number),
  number: (schema, value) => Number.isFinite(value) && isBetween(schema, value as number),
  string: (schema, value) => typeof value === 'string' && isText(schema, value),
  array: (schema, value) => Array.isArray(value) && isList(schema, value),
  object: (schema, value) => isObject(value) && isRecord(schema, value),
};

const isBetween = ({ minimum = -Infinity, maximum = Infinity }: Schema, value: number): boolean =>
  value >= minimum && value <= maximum;

const dateTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const isText = ({ pattern, format, minLength = 0, maxLength = Infinity }: Schema, value: string): boolean => {
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return false;
  if (format === 'date-time' && (!dateTime.test(value) || Number.isNaN(Date.parse(value)))) return false;
  const { length } = [...value];
  return length >= minLength && length <= maxLength;
};

const isList = ({ items, minItems = 0, maxItems = Infinity }: Schema, value: readonly unknown[]): boolean =>
  value.length >= minItems && value.length <= maxItems && (!items || value.every((each) => fits(items, each)));

const isRecord = (schema: Schema, value: Json): boolean => {
  const { required = [], maxProperties = Infinity } = schema;
  const names = Object.keys(value);
  if (names.length > maxProperties || !required.every((name) => Object.hasOwn(value, name))) return false;
  return names.every((name) => fitsProperty(schema, name, value[name]));
};

const fitsProperty = (schema: Schema, name: string, value: unknown): boolean => {
  const { properties = {}, patternProperties = {}, additionalProperties = true, propertyNames } = schema;
  if (propertyNames && !fits(propertyNames, name)) return false;
  const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
  const byPattern = Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern, 'u').test(name))?.[1];
  const known = own ?? byPattern ?? additionalProperties;
  return typeof known === 'boolean' ? known : fits(known, value);
};
