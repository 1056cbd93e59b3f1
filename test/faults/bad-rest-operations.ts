import type { Schema } from './bad-rest-schema.js';

/** A field of a path, a query or a header. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}

/** One operation of the service, as its own document tells it. */
export interface Operation {
  /** `PUT /pbx/group/{groupId}`. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: Schema;
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** Every operation that the running service tells of. */
export const operationsOf = async (http: string): Promise<Operation[]> => {
  const answer = await fetch(`${http}/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Readonly<Record<string, Readonly<Record<string, Described>>>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, described]) => {
      const method = name.toUpperCase();
      const body = described.requestBody?.content['application/json']?.schema;
      const { parameters = [] } = described;
      return { key: `${method} ${path}`, method, path, parameters, ...(body && { body: inner(path, body) }) };
    }),
  );
};

/** The names that UIS's document has for each extension; /openapi.json has only what stands under them. */
const perExtension = '^(eavesdrop|whisper|barge)_[A-Za-z0-9._+-]{1,64}$';

/** UIS's body is a document in one of three wrappings; here it goes bare. */
const inner = (path: string, body: Schema): Schema => {
  const document = path.startsWith('/client/') ? body.properties?.call_control_groups?.anyOf?.[0] : undefined;
  if (!document) return body;
  const { additionalProperties: lists } = document;
  if (typeof lists !== 'object') throw new Error('/openapi.json tells no lists of extensions');
  return { ...document, additionalProperties: false, patternProperties: { [perExtension]: lists } };
};
