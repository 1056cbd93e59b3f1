import { leaks, readError, voipnowCodes } from './bad-rest-judge.js';
import type { Operation, Parameter } from './bad-rest-operations.js';
import { fits, type Schema } from './bad-rest-schema.js';
import { spoiledBodies, spoiledTexts } from './bad-rest-spoils.js';
import type { Got, Programs, Sent } from './bad-rest-stage.js';
import { isPoison } from './bad-rest-strings.js';
import type { Valid } from './bad-rest-valid.js';

/** One spoiled request, and what is known of it beforehand. */
export interface Throw {
  readonly sent: Sent;
  /** What was spoiled, for the reader of a failure. */
  readonly what: string;
  /** The text that was put there; an answer may repeat it. */
  readonly shown: string;
  /** `bad`: must be refused, and `fields` tells what may be named; `open`: has the right form, anything but a 5xx is right. */
  readonly is: 'bad' | 'open';
  readonly fields: readonly string[];
  /** Statuses besides 400 that are right for a bad one. */
  readonly also?: readonly number[];
}

/** Percent-encodes UTF-8; halves of surrogate pairs as the three bytes that they would be if they were characters. */
export const encode = (text: string): string =>
  [...text]
    .map((char) => {
      const code = char.codePointAt(0) ?? 0;
      if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(char);
      const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
      return bytes.map((byte) => `%${byte.toString(16)}`).join('');
    })
    .join('');

type Texts = Readonly<Record<string, string>>;

/** The URL of an operation. */
export const urlOf = (path: string, names: Texts = {}, query: readonly (readonly [string, string])[] = []): string => {
  const at = path.replace(/\{(\w+)\}/g, (_, name: string) => encode(names[name] ?? ''));
  const asked = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return asked === '' ? at : `${at}?${asked}`;
};

/** The request of a row, as it is right. */
export const rightRequest = (
  operation: Operation,
  valid: Valid,
  programs: Pick<Programs, 'authorization'>,
): Sent & { headers: Readonly<Record<string, string>> } => {
  const { path, query = {}, body, as } = valid;
  return {
    method: operation.method,
    url: urlOf(operation.path, path, Object.entries(query)),
    headers: {
      authorization: programs.authorization(as),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isEndless: operation.path === '/v1/events',
  };
};

/** What the service reads a text of a path or a query as. */
const read = ({ type }: Schema, text: string): unknown => {
  if (type === 'integer' && /^-?\d{1,16}$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
};

const hasHalf = (text: string): boolean => /\p{Cs}/u.test(text);

/** Every request that is made from a right one by spoiling it in one place. */
export const throwsAt = (operation: Operation, valid: Valid, right: Sent): Throw[] => [
  ...operation.parameters.flatMap((parameter) => spoiledParameter(operation, valid, { right, parameter })),
  ...surplusQuery(operation, valid, right),
  ...(operation.body && valid.body !== undefined ? spoiledBody(operation.body, valid.body, right) : []),
];

const spoiledParameter = (
  operation: Operation,
  valid: Valid,
  { right, parameter }: { right: Sent; parameter: Parameter },
): Throw[] => {
  const { name, schema, in: where } = parameter;
  const texts = spoiledTexts(schema);
  if (where === 'header') return texts.filter(isSendable).map((text) => inHeader(right, parameter, text));
  const { path, query = {} } = valid;
  const is = (text: string) => (fits(schema, read(schema, text)) ? 'open' : 'bad');
  if (where === 'path') {
    return texts.map((text) => ({
      sent: { ...right, url: urlOf(operation.path, { ...path, [name]: text }, Object.entries(query)) },
      ...{ what: `path ${name}`, shown: text, is: text === '' ? 'open' : is(text) },
      ...{ fields: [name, 'path'], also: [414] },
    }));
  }
  const once = texts.map(
    (text): Throw => ({
      sent: { ...right, url: urlOf(operation.path, path, Object.entries({ ...query, [name]: text })) },
      ...{ what: `query ${name}`, shown: text, fields: [name] },
      // What a half of a surrogate pair becomes is the decoder's business.
      is: hasHalf(text) ? 'open' : is(text),
    }),
  );
  const value = query[name] ?? 'true';
  const twice = [...Object.entries({ ...query, [name]: value }), [name, value] as const];
  return [
    ...once,
    {
      sent: { ...right, url: urlOf(operation.path, path, twice) },
      what: `query ${name} twice`,
      shown: '',
      is: 'bad',
      fields: [name],
    },
  ];
};

/** Texts that Node sends in a header. */
const isSendable = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text) && text.length < 10_000;

const inHeader = (right: Sent, { name, schema }: Parameter, text: string): Throw => ({
  sent: { ...right, headers: { ...right.headers, [name]: text } },
  ...{ what: `header ${name}`, shown: text, fields: [name] },
  // Blanks around a value are not part of it (RFC 9110 5.5).
  is: fits(schema, text.replace(/^[ \t]+|[ \t]+$/g, '')) ? 'open' : 'bad',
});

const surplusQuery = (operation: Operation, { path, query = {} }: Valid, right: Sent): Throw[] =>
  ['surplus', '__proto__', 'constructor', 'a[b]', '%'].map((name) => ({
    sent: { ...right, url: urlOf(operation.path, path, [...Object.entries(query), [name, '1']]) },
    ...{ what: 'surplus query', shown: name, is: 'bad', fields: [name] },
  }));

const hasProto = (json: string): boolean => /"__proto__":/.test(json);

const spoiledBody = (schema: Schema, body: unknown, right: Sent): Throw[] =>
  spoiledBodies(schema, body).map(({ field, json, shown }) => ({
    sent: { ...right, body: json },
    ...{ what: `body ${field}`.slice(0, 100), shown },
    is: hasProto(json) || !fits(schema, JSON.parse(json)) ? 'bad' : 'open',
    fields: hasProto(json) ? ['body'] : [field],
  }));

/** True if an answer names the field, or something in it; a long name is cut off there, and ends with `…`. */
const names = (field: string, said: string): boolean => {
  if (said.endsWith('…') && said.length > 100) return field.startsWith(said.slice(0, -1));
  return said === field || said.startsWith(`${field}.`);
};

/** What is wrong with an answer; empty if it is as it must be. */
export const faultsOf = ({ sent, is, fields, shown, also = [] }: Throw, got: Got): string[] => {
  const { url, method } = sent;
  const { status } = got;
  const isRefused = status >= 400;
  const error = isRefused ? readError(url, got) : undefined;
  const faults = [
    ...leaks(got, shown).map((leak) => `tells ${leak}`),
    ...(error?.fault ? [`error ${error.fault}`] : []),
  ];
  if (status >= 500) faults.push(`is ${status}`);
  if (is === 'open') {
    if (!isRefused && method !== 'GET' && isPoison(shown) && !/\/sms(\?|$)/.test(url))
      faults.push('took what ends lines');
    return faults;
  }
  if (status !== 400) return also.includes(status) ? faults : [...faults, `is ${status}, not 400`];
  if (url.startsWith('/uapi')) return [...faults, ...voipnowFaults(fields, got)];
  if (!fields.some((field) => error?.fields.some((said) => names(field, said)))) {
    faults.push(`names ${JSON.stringify(error?.fields.slice(0, 3))}, not ${JSON.stringify(fields)}`);
  }
  return faults;
};

/** VoipNow names fields in its message, and those that its page knows by a code. */
const voipnowFaults = (fields: readonly string[], { text }: Got): string[] => {
  const { code, message } = (JSON.parse(text) as { error: { code: string; message: string } }).error;
  const field = fields.find((each) => message.includes(`${each.slice(0, 100)}`));
  if (field === undefined) return [`says ${message.slice(0, 100)}, and does not name ${fields}`];
  const wanted = Object.hasOwn(voipnowCodes, field) ? voipnowCodes[field] : undefined;
  return wanted !== undefined && code !== wanted ? [`has the code ${code}, not ${wanted}`] : [];
};
