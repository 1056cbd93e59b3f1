import { type Fields, writeMessage } from './phone-message.js';
import type { Sender } from './torture-corpus.js';
import type { Outcome } from './torture-rows.js';

/** A message of our own that breaks a rule, or keeps it in a way that few do. */
export interface OwnMessage {
  readonly name: string;
  readonly expected: readonly Outcome[];
  readonly datagramOnly?: boolean;
  write(compose: Compose): string;
}

interface Changes {
  readonly uri?: string;
  readonly start?: string;
  /** Put in the place of a usual field of the same name; undefined leaves it out. */
  readonly fields?: Fields;
  /** Whole lines after the usual ones. */
  readonly lines?: readonly string[];
  readonly body?: string;
}

/** Writes a usual request, except for the changes. */
export type Compose = (method: string, changes?: Changes) => string;

/** Composes requests of one sender; `word` makes them unique. */
export const composer =
  ({ kind, host, port }: Sender, word: string): Compose =>
  (method, { uri = 'sip:user@acme.example', start, fields = {}, lines = [], body = '' } = {}) => {
    const usual = {
      Via: `SIP/2.0/${kind.toUpperCase()} ${host}:${port};branch=z9hG4bK${word};rport`,
      'Max-Forwards': '70',
      From: `<sip:caller@example.net>;tag=${word}`,
      To: '<sip:user@acme.example>',
      'Call-ID': word,
      CSeq: `7 ${method}`,
      Contact: `<sip:caller@${host}:${port}>`,
    };
    const text = writeMessage(start ?? `${method} ${uri} SIP/2.0`, usual, { body, extra: fields });
    return lines.length > 0 ? text.replace('\r\n\r\n', `\r\n${lines.join('\r\n')}\r\n\r\n`) : text;
  };

/** A description that a phone could have sent. */
export const plainSdp = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 0 8',
  '',
].join('\r\n');

type Short = readonly [name: string, expected: Outcome | readonly Outcome[], write: OwnMessage['write']];

const rows = (shorts: readonly Short[], datagramOnly = false): OwnMessage[] =>
  shorts.map(([name, expected, write]) => ({ name, expected: [expected].flat() as Outcome[], datagramOnly, write }));

const call = (compose: Compose, changes: Changes = {}) => compose('INVITE', { body: plainSdp, ...changes });

const odd = rows([
  [
    'folded lines, compact and oddly spelled names',
    200,
    (c) =>
      c('OPTIONS', {
        fields: { To: undefined, 'mAx-FoRwArDs': ' \t 0070' },
        lines: ['t :', ' \t<sip:user@acme.example>', 's:', 'k: a,', ' b'],
      }),
  ],
  ['a method of all token characters', [501, 405], (c) => c("*Do-it_now!.%`'~+")],
  ['a method in lower case', [501, 405], (c) => c('options')],
  ['an escaped method is no OPTIONS', [501, 405], (c) => c('OPT%49ONS')],
  ['an escaped header name is no Contact', 200, (c) => c('OPTIONS', { lines: ['C%6Fntact: <sip:x@127.0.0.1>'] })],
  ['no blank before <', 200, (c) => c('OPTIONS', { fields: { From: 'Jane<sip:jane@example.net>;tag=1' } })],
  ['a user with a parameter and an escaped @', [200, 404], (c) => c('OPTIONS', { uri: 'sip:a;b=c%40d@acme.example' })],
  ['a user with a question mark', [200, 404], (c) => c('OPTIONS', { uri: 'sip:who?me@acme.example' })],
  [
    'transports that nobody knows below the top Via',
    200,
    (c) =>
      c('OPTIONS', { lines: ['Via: SIP/2.0/PIGEON 127.0.0.1;branch=z9hG4bKp', 'Via: SIP/2.0/TLS-SCTP 127.0.0.1'] }),
  ],
  ['an escaped NUL in the number', 404, (c) => call(c, { uri: 'sip:1%0001@acme.example' })],
  ['escapes that make an address of a number', 404, (c) => call(c, { uri: 'sip:sip%3Auser%40127.0.0.1@acme.example' })],
  [
    'long names and numbers everywhere',
    486,
    (c) =>
      call(c, {
        fields: {
          From: `"${'long '.repeat(60)}" <sip:${'l'.repeat(200)}@example.net>;tag=${'t'.repeat(200)}`,
          [`X-${'n'.repeat(200)}`]: 'v'.repeat(400),
        },
      }),
  ],
  [
    'MESSAGE with several parts',
    415,
    (c) =>
      c('MESSAGE', { fields: { 'Content-Type': 'multipart/mixed;boundary=b' }, body: '--b\r\n\r\nx\r\n--b--\r\n' }),
  ],
  ['no hops left for OPTIONS', [200, 483], (c) => c('OPTIONS', { fields: { 'Max-Forwards': '0' } })],
  ['IPv6 with brackets', 200, (c) => c('OPTIONS', { uri: 'sip:user@[2001:db8::1]:5060' })],
  ['a To tag of nobody', 481, (c) => call(c, { fields: { To: '<sip:user@acme.example>;tag=nobody' } })],
  [
    'blanks after the request line',
    [200, 400],
    (c) => c('OPTIONS', { start: 'OPTIONS sip:user@acme.example SIP/2.0 \t' }),
  ],
  [
    'a branch that is the cookie alone',
    [200, 400],
    (c) =>
      c('OPTIONS', {
        fields: {
          Via: c('X')
            .split('\r\n')[1]
            ?.slice(5)
            .replace(/(z9hG4bK)\w+/, '$1'),
        },
      }),
  ],
  [
    'UTF-8 and bytes that are none in names',
    200,
    (c) => c('OPTIONS', { fields: { From: '"\xc3\xa9\xff\xfe" <sip:e@example.net>;tag=1', 'X-\xc3\xa9': undefined } }),
  ],
]);

const broken = rows([
  ['Via with empty parameters', 400, (c) => call(c, { lines: ['Via: SIP/2.0/UDP 127.0.0.1:9;;,;,,'] })],
  ['negative length', 400, (c) => call(c, { fields: { 'Content-Length': '-7' } })],
  ['two lengths', 400, (c) => c('OPTIONS', { lines: ['Content-Length: 3'], body: 'abcdef' })],
  ['CSeq beyond 32 bits', 400, (c) => c('REGISTER', { fields: { CSeq: '18446744073709551617 REGISTER' } })],
  ['CSeq without a number', 400, (c) => c('OPTIONS', { fields: { CSeq: 'OPTIONS' } })],
  ['CSeq of another method', 400, (c) => c('OPTIONS', { fields: { CSeq: '7 INVITE' } })],
  ['CSeq of another method, method unknown', [400, 501], (c) => c('DANCE', { fields: { CSeq: '7 INVITE' } })],
  ['a quote that never closes', 400, (c) => call(c, { fields: { To: '"User <sip:user@acme.example>' } })],
  ['angle brackets around the Request-URI', 400, (c) => call(c, { uri: '<sip:user@acme.example>' })],
  ['a blank in the Request-URI', 400, (c) => call(c, { uri: 'sip:user@acme.example; lr' })],
  ['two blanks in the request line', [400, 486], (c) => call(c, { start: 'INVITE  sip:user@acme.example  SIP/2.0' })],
  ['no Request-URI', 400, (c) => call(c, { start: 'INVITE SIP/2.0' })],
  ['IPv6 without brackets', 400, (c) => call(c, { uri: 'sip:user@2001:db8::1' })],
  ['a port out of range', [400, 404, 486], (c) => call(c, { uri: 'sip:user@acme.example:99999' })],
  ['headers in a bare Contact', 400, (c) => c('REGISTER', { fields: { Contact: 'sip:user@127.0.0.1?Route=x' } })],
  ['blanks in the angle brackets', [200, 400], (c) => c('OPTIONS', { fields: { To: '< sip:user@acme.example >' } })],
  [
    'a comma in a name without quotes',
    [200, 400],
    (c) => c('OPTIONS', { fields: { From: 'Doe, Jane <sip:j@example.net>;tag=1' } }),
  ],
  ['a version that is not ours', 505, (c) => c('OPTIONS', { start: 'OPTIONS sip:user@acme.example SIP/3.1' })],
  ['no From, To, Call-ID', 400, (c) => call(c, { fields: { From: undefined, To: undefined, 'Call-ID': undefined } })],
  [
    'every single header twice',
    400,
    (c) =>
      call(c, { lines: ['From: <sip:b@example.net>;tag=2', 'To: <sip:b@x.example>', 'CSeq: 8 INVITE', 'Call-ID: b'] }),
  ],
  ['a scheme that nobody knows', 416, (c) => c('OPTIONS', { uri: 'pigeon:coop' })],
  ['a scheme of the web', [416, 404], (c) => c('OPTIONS', { uri: 'https://127.0.0.1/' })],
  [
    'REGISTER of a book',
    [400, 403],
    (c) => c('REGISTER', { fields: { To: '<isbn:2983792873>', From: '<isbn:2983792873>;tag=1' } }),
  ],
  ['Require of what nobody has', 420, (c) => c('OPTIONS', { fields: { Require: 'teleport, levitate' } })],
  ['a body of an unknown kind', 415, (c) => call(c, { fields: { 'Content-Type': 'application/poem' } })],
  ['Accept without SDP', [406, 400], (c) => call(c, { fields: { Accept: 'text/poem' } })],
  ['no colon in a line', 400, (c) => call(c, { lines: ['this is no header'] })],
  ['no name before the colon', 400, (c) => call(c, { lines: [': nameless'] })],
  ['NUL bytes in a header', [400, 486], (c) => call(c, { lines: ['Subject: a\0b\0\0'] })],
  ['an empty From', 400, (c) => call(c, { fields: { From: '' } })],
  ['hops that are no number', 400, (c) => call(c, { fields: { 'Max-Forwards': 'seven' } })],
]);

const notForStreams = rows(
  [
    ['a body shorter than its length', 400, (c) => call(c, { fields: { 'Content-Length': '5000' } })],
    ['a second request behind the first', 200, (c) => c('OPTIONS') + c('INVITE', { fields: { 'Call-ID': 'behind' } })],
    ['no version', [400, 'none'], (c) => call(c, { start: 'INVITE sip:user@acme.example' })],
    ['no empty line at the end', [200, 400, 'none'], (c) => c('OPTIONS').trimEnd()],
    ['line feeds alone', [200, 400, 'none'], (c) => c('OPTIONS').replaceAll('\r\n', '\n')],
    ['carriage returns alone', [400, 'none'], (c) => c('OPTIONS').replaceAll('\r\n', '\r')],
    ['cut in the middle of From', [400, 'none'], (c) => c('OPTIONS').slice(0, c('OPTIONS').indexOf('From') + 9)],
    ['nothing', 'none', () => ''],
    ['line ends', 'none', () => '\r\n\r\n'],
    ['bytes', 'none', () => String.fromCharCode(...Array.from({ length: 900 }, (_, i) => (i * 151) % 256))],
  ],
  true,
);

const responses = rows([
  ['a response to nothing', 'none', (c) => c('INVITE', { start: 'SIP/2.0 200 OK' })],
  ['a response without a phrase', 'none', (c) => c('INVITE', { start: 'SIP/2.0 100 ' })],
  ['a response with a status beyond all', 'none', (c) => c('INVITE', { start: 'SIP/2.0 4294967496 Wow' })],
  [
    'a response with a CSeq beyond all',
    'none',
    (c) => c('OPTIONS', { start: 'SIP/2.0 503 No', fields: { CSeq: '99999999999999 OPTIONS' } }),
  ],
  [
    'a response for somebody else',
    'none',
    (c) => c('INVITE', { start: 'SIP/2.0 200 OK', lines: [c('INVITE').split('\r\n')[1] ?? ''] }),
  ],
  ['an ACK for nothing', 'none', (c) => c('ACK')],
]);

/** Messages of the classes that RFC 4475 and RFC 5118 have, for machines that have not got those. */
export const ownMessages: readonly OwnMessage[] = [...odd, ...broken, ...notForStreams, ...responses];
