import { secrets } from './bad-rest-office.js';
import type { Got } from './bad-rest-stage.js';
import { allTexts } from './bad-rest-strings.js';

/** An error in the words of a dialect. */
export interface ReadError {
  /** The fields that are named, each with a reason. */
  readonly fields: readonly string[];
  /** What is wrong with the error itself; undefined if it has the dialect's shape. */
  readonly fault?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: errors of every shape
type Body = any;

const keysAre = (value: unknown, wanted: string, more = ''): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value);
  const must = wanted.split(' ');
  const may = new Set([...must, ...more.split(' ')]);
  return must.every((name) => names.includes(name)) && names.every((name) => may.has(name));
};

const areTexts = (...texts: unknown[]): boolean => texts.every((text) => typeof text === 'string' && text !== '');

interface Dialect {
  readonly prefix: string;
  readonly type: string;
  isOne(body: Body, status: number): boolean;
  fieldsOf(body: Body): string[];
}

const dialects: readonly Dialect[] = [
  {
    prefix: '/client',
    type: 'application/json',
    isOne: (body) =>
      keysAre(body, 'error') && keysAre(body.error, 'code message', 'field errors') && areTexts(body.error.message),
    fieldsOf: ({ error }) => (error.errors ?? []).flatMap(named),
  },
  {
    prefix: '/ivoz',
    type: 'application/problem+json',
    isOne: (body) => keysAre(body, 'type title detail', 'violations') && areTexts(body.type, body.title, body.detail),
    fieldsOf: ({ violations = [] }) =>
      violations.flatMap((each: Body) => (areTexts(each.propertyPath, each.message) ? [each.propertyPath] : [])),
  },
  {
    prefix: '/pbx',
    type: 'application/json',
    isOne: (body, status) =>
      keysAre(body, 'error message description', 'field fields') &&
      body.error === status &&
      areTexts(body.message, body.description),
    fieldsOf: ({ fields = [] }) =>
      fields.flatMap((each: Body) => (areTexts(each.field, each.description) ? [each.field] : [])),
  },
  {
    prefix: '/uapi',
    type: 'application/json',
    isOne: (body) => keysAre(body, 'error') && keysAre(body.error, 'code message') && areTexts(body.error.message),
    fieldsOf: ({ error }) => [...error.message.matchAll(/(?:^|; )([^\s:;]+): \S/g)].map(([, field]) => field),
  },
  {
    prefix: '/v1',
    type: 'application/problem+json',
    isOne: (body, status) =>
      keysAre(body, 'type title status detail code', 'errors') && body.status === status && areTexts(body.detail),
    fieldsOf: ({ errors = [] }) => errors.flatMap(named),
  },
];

const named = ({ field, reason }: Body): string[] => (areTexts(field, reason) ? [field] : []);

/** Reads an error as the dialect of its URL must have written it. */
export const readError = (url: string, { status, headers, text }: Got): ReadError => {
  const dialect = dialects.find(({ prefix }) => url.startsWith(prefix));
  if (!dialect) return { fields: [], fault: 'is of no dialect' };
  const [type] = String(headers['content-type']).split(';');
  if (type !== dialect.type) return { fields: [], fault: `is ${type}` };
  try {
    const body = JSON.parse(text);
    if (!dialect.isOne(body, status)) return { fields: [], fault: `has another shape: ${text.slice(0, 200)}` };
    return { fields: dialect.fieldsOf(body) };
  } catch (error) {
    return { fields: [], fault: `cannot be read: ${error}` };
  }
};

/** What an answer must not say: where our files are, what we are made of, what the store said, how we keep secrets. */
const inner: readonly RegExp[] = [
  /node_modules|\bnode:|\.[jt]s:\d|\bat \S+ \(|\n\s+at /,
  /\/work\/|\/tmp\/|\/home\/|\/usr\/|\/src\/|dist\//,
  /redis|WRONGTYPE|NOSCRIPT|CROSSSLOT|ECONN|EPIPE|\bERR /i,
  /\bcp:\{|cp_[0-9a-f]{12}_|"hash"|password/,
  /FST_|fastify|typebox|\bajv\b|TypeError|SyntaxError|RangeError|ReferenceError/i,
];

/** Hostile texts that were taken as names stand in later answers, as JSON writes them: they are no leak. */
const thrownTexts = [...new Set(allTexts)]
  .filter((text) => text.trim().length > 2)
  .map((text) => JSON.stringify(text).slice(1, -1))
  .sort((a, b) => b.length - a.length);

/** What an answer gives away. What was sent may stand in it: `shown` is looked away from. */
export const leaks = ({ text, headers }: Got, shown = ''): string[] => {
  // A hash has any letters.
  const all = `${text}\n${JSON.stringify({ ...headers, etag: undefined })}`;
  const told = inner.filter((form) => form.test(all)).map(String);
  if (told.length === 0) return secrets.filter((secret) => all.includes(secret));
  const own = [...thrownTexts, JSON.stringify(shown.trim()).slice(1, -1)].reduce(
    (rest, each) => (each === '' ? rest : rest.replaceAll(each, '')),
    all,
  );
  return inner.filter((form) => form.test(own)).map(String);
};

/** VoipNow's own code for each of its fields, as its page has them. */
export const voipnowCodes: Readonly<Record<string, string>> = {
  waitForPickup: 'pc_timeout_invalid',
  callerId: 'pc_callerid_invalid',
  phoneCallId: 'pc_phonecall_invalid',
  phoneCallViewId: 'pc_phonecallview_invalid',
  sendCallTo: 'pc_sendcallto_invalid',
};
