import type { TLocalizedValidationError } from 'typebox/error';
import type { Fault } from '../../domain/tenant-document.js';
import { sentenceOf } from './text-shapes.js';

/** Whatever can tell where a value has not the right shape. */
interface Shape {
  Errors(value: unknown): TLocalizedValidationError[];
}

/** Every place where a value has not the right shape, in words. What the value says is not repeated: it may be secret. */
export const shapeFaults = (shape: Shape, value: unknown): Fault[] => {
  const errors = shape.Errors(value);
  return (
    withoutOtherKinds(errors)
      // Says once more, and of the object, what each field that is not known says of itself.
      .filter(({ keyword }) => keyword !== 'additionalProperties' && keyword !== 'anyOf')
      .map((error) => ({ path: error.instancePath.split('/').slice(1).map(unescaped), why: whyOf(error) }))
  );
};

/**
 * Where a value may be of two kinds, typebox tells what both miss. What is meant is the kind that the value is of; if
 * it is of neither, the first one speaks.
 */
const withoutOtherKinds = (errors: TLocalizedValidationError[]): TLocalizedValidationError[] => {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf');
  const meantless = unions.flatMap(({ schemaPath, instancePath }) => {
    const wrong = errors.filter(
      (error) => error.keyword === 'type' && error.instancePath === instancePath && kindOf(error, schemaPath),
    );
    const kinds = new Set(wrong.map((error) => kindOf(error, schemaPath)));
    if (kinds.size > 1) kinds.delete(kindOf(wrong[0], schemaPath));
    return [...kinds].map((kind) => ({ instancePath, prefix: `${schemaPath}/anyOf/${kind}` }));
  });
  return errors.filter(
    (error) =>
      !meantless.some(
        ({ instancePath, prefix }) =>
          (error.instancePath === instancePath || error.instancePath.startsWith(`${instancePath}/`)) &&
          (error.schemaPath === prefix || error.schemaPath.startsWith(`${prefix}/`)),
      ),
  );
};

/** Which of a union's kinds an error is about: `0`, `1`; undefined if it is about something else. */
const kindOf = (error: TLocalizedValidationError | undefined, union: string): string | undefined =>
  error?.schemaPath.startsWith(`${union}/anyOf/`) ? error.schemaPath.slice(union.length).split('/')[2] : undefined;

const whyOf = (error: TLocalizedValidationError): string => {
  switch (error.keyword) {
    case 'boolean':
      return 'is not known';
    case 'enum':
      return `must be one of ${error.params.allowedValues.join(', ')}`;
    case 'pattern':
      return sentenceOf(error.params.pattern);
    default:
      return error.message;
  }
};

/** A JSON pointer's escapes (RFC 6901 section 4). */
const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
