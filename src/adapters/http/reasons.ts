import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import type { FieldFault } from './problem.js';

/** What a schema may say of itself. */
type Described = Record<string, unknown> & { readonly description?: string };

/**
 * Every mistake by field and reason. Where a schema has a description, that is the reason of a pattern or a choice that
 * was not met: a regular expression is no sentence.
 */
export const faultsOf = (
  errors: readonly TLocalizedValidationError[],
  schema: TSchema,
  whole: string,
): FieldFault[] => {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ schemaPath }) => `${schemaPath}/anyOf/`);
  return (
    errors
      // Said again, and of the object, what each unknown field says of itself.
      .filter(({ keyword }) => keyword !== 'additionalProperties')
      // What is wrong with each alternative says less than that none of them fits.
      .filter(({ schemaPath }) => !choices.some((choice) => schemaPath.startsWith(choice)))
      .flatMap((error) => faultOf(error, schema, whole))
  );
};

const faultOf = (error: TLocalizedValidationError, schema: TSchema, whole: string): FieldFault[] => {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  if (error.keyword === 'required') {
    return error.params.requiredProperties.map((name) => ({
      field: nameOf([...path, name], whole),
      reason: 'is missing',
    }));
  }
  return [{ field: nameOf(path, whole), reason: reasonOf(error, schema) }];
};

const reasonOf = (error: TLocalizedValidationError, schema: TSchema): string => {
  const described = schemaAt(schema, error.schemaPath)?.description;
  switch (error.keyword) {
    case 'boolean':
      return 'is not known';
    case 'enum':
      return `must be one of ${error.params.allowedValues.join(', ')}`;
    case 'pattern':
    case 'anyOf':
    case 'propertyNames':
      return described === undefined ? error.message : `must be ${described}`;
    default:
      return error.message;
  }
};

/** The part of a schema that a pointer (RFC 6901) leads to. */
const schemaAt = (schema: TSchema, pointer: string): Described | undefined => {
  let at: unknown = schema;
  for (const part of pointer.split('/').slice(1).map(unescaped)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at as Described;
};

/** A name of a field that was sent to us may be as long as a body. */
const longestName = 120;

const nameOf = (path: readonly string[], whole: string): string => {
  const name = path.join('.') || whole;
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
};

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
