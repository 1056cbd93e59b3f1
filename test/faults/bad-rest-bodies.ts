import { gzipSync } from 'node:zlib';
import type { Throw } from './bad-rest-spoil-run.js';
import type { Sent } from './bad-rest-stage.js';

const json = 'application/json';

/** What is no JSON, or JSON that is no object. */
const texts = (right: string): readonly (readonly [what: string, body: string | Buffer])[] => [
  ['words', 'hello'],
  ['nothing', ''],
  ['blanks', ' \r\n'],
  ['half of it', right.slice(0, Math.ceil(right.length / 2))],
  ['without its end', right.slice(0, -1)],
  ['twice', right + right],
  ['with a comma too many', `${right.slice(0, -1)},}`],
  ['with a comment', `/* x */${right}`],
  ['in single quotes', "{'a': 1}"],
  ['NaN', '{"a": NaN}'],
  ['with a NUL', '{"a":"\u0000"}'],
  ['with a line end in a text', '{"a":"x\r\ny"}'],
  ['JavaScript', '{"a": process.exit(1)}'],
  ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ['packed', gzipSync(right)],
  ['a list', '[]'],
  ['null', 'null'],
  ['a number', '7'],
  ['a text', '"x"'],
  ['a deep list', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ['a list without end', '['.repeat(500_000)],
  ['__proto__', '{"__proto__":{"polluted":"yes","by":"group"}}'],
  ['__proto__ in letters of another kind', '{"__\\u0070roto__":{"polluted":"yes","by":"group"}}'],
  ['constructor.prototype', '{"constructor":{"prototype":{"polluted":"yes","by":"group"}}}'],
  ['__proto__ further down', '{"groups":{"a":{"__proto__":{"polluted":"yes"}}}}'],
];

/** Types of bodies that are none of ours. */
const types = [
  'text/plain',
  'text/html',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/jsonp',
  'application/merge-patch+json',
  'json',
  '*/*',
  `x/${'y'.repeat(2_000)}`,
];

/** A right request with other bodies, and with its body under other names. */
export const otherBodies = (right: Sent): Throw[] => {
  const body = String(right.body);
  const without = { ...right.headers };
  delete without['content-type'];
  const asJson = texts(body).map(
    ([what, text]): Throw => ({
      sent: { ...right, body: text, headers: { ...without, 'content-type': json } },
      ...{ what: `body: ${what}`, shown: '', is: 'bad', fields: ['body'] },
    }),
  );
  const asOther = [undefined, ...types].map(
    (type): Throw => ({
      sent: { ...right, headers: { ...without, ...(type !== undefined && { 'content-type': type }) } },
      ...{ what: `type: ${type?.slice(0, 40)}`, shown: '', is: 'bad', fields: ['Content-Type'], also: [415] },
    }),
  );
  return [...asJson, ...asOther];
};

/** A megabyte more than a body may have. */
export const tooLong = String(3 * 1024 * 1024);

/** A request with such a body, whose length shows only when it has come. */
export const tooLarge = (token: string): string =>
  [
    'POST /v1/explain HTTP/1.1',
    'Host: a',
    `Authorization: ${token}`,
    `Content-Type: ${json}`,
    'Transfer-Encoding: chunked',
    '',
    Number(tooLong).toString(16),
    'x'.repeat(Number(tooLong)),
    '0',
    '',
    '',
  ].join('\r\n');
