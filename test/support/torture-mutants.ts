import { type Compose, composer, plainSdp } from './torture-own.js';

/** A message that was right once. */
export interface Mutant {
  readonly text: string;
}

/** A generator of numbers below a bound, the same for the same seed (mulberry32). */
export type Dice = (below: number) => number;

/** Numbers that depend on nothing but the seed. */
export const diceOf = (seed: number): Dice => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

const pick = <T>(dice: Dice, from: readonly T[]): T => from[dice(from.length)] as T;

const poison = [
  ...[
    '\0',
    '\r\n',
    '\n',
    '\r',
    '"',
    '\\',
    '<',
    '>',
    ';',
    ',',
    ':',
    '@',
    '%',
    '%00',
    '%0d%0a',
    '?',
    '=',
    '[',
    ']',
    ' ',
    '\t',
  ],
  ...[
    '4294967296',
    '-1',
    '99999999999999999999',
    '0',
    'NaN',
    '1e9',
    '__proto__',
    'constructor',
    '\xff\xfe',
    '\xc3\x28',
  ],
  ...['SIP/2.0', 'z9hG4bK', ';tag=', ';lr', ';maddr=127.0.0.1', ';expires=', 'multipart/mixed', 'v=0', 'm=audio', '*'],
  'A'.repeat(600),
];

const headers = [
  'Contact',
  'From',
  'To',
  'Via',
  'CSeq',
  'Call-ID',
  'Route',
  'Require',
  'Content-Length',
  'Content-Type',
  'Max-Forwards',
];

type Mutation = (text: string, dice: Dice) => string;

const cut = (text: string, at: number, length: number, put = ''): string =>
  text.slice(0, at) + put + text.slice(at + length);

const mutations: readonly Mutation[] = [
  (text, dice) => cut(text, dice(text.length), 1, String.fromCharCode(dice(256))),
  (text, dice) => cut(text, dice(text.length), 1 + dice(12)),
  (text, dice) => cut(text, dice(text.length), 0, pick(dice, poison)),
  (text, dice) => cut(text, dice(text.length), 1 + dice(20), pick(dice, poison)),
  (text, dice) => text.slice(0, dice(text.length)),
  (text, dice) => onLines(text, (lines) => [...lines, pick(dice, lines)]),
  (text, dice) => onLines(text, (lines) => lines.filter((_, i) => i !== dice(lines.length))),
  (text, dice) => onLines(text, (lines) => [...lines].sort(() => dice(3) - 1)),
  (text, dice) =>
    onLines(text, (lines) => [...lines, `${pick(dice, headers)}: ${pick(dice, poison)}${pick(dice, poison)}`]),
  (text, dice) =>
    onLines(text, (lines) => lines.map((line) => (dice(6) ? line : line.replace(': ', `:${pick(dice, poison)}`)))),
  (text, dice) => text.replace(/\d+/g, (number) => (dice(8) ? number : pick(dice, poison))),
];

/** Changes the header lines, not the first line and not the body. */
const onLines = (text: string, change: (lines: string[]) => string[]): string => {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return text;
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  return [start, ...change(lines)].join('\r\n') + text.slice(end);
};

const seeds: readonly ((compose: Compose) => string)[] = [
  (c) => c('INVITE', { uri: 'sip:104@acme.example', body: plainSdp, fields: { 'Content-Type': 'application/sdp' } }),
  (c) => c('INVITE', { uri: 'sip:%2A95104@acme.example;user=phone', body: plainSdp }),
  (c) =>
    c('REGISTER', {
      uri: 'sip:acme.example',
      fields: { From: '<sip:109@acme.example>;tag=f', To: '<sip:109@acme.example>', Expires: '60' },
    }),
  (c) => c('OPTIONS', { fields: { Accept: 'application/sdp', Route: '<sip:127.0.0.1;lr>' } }),
  (c) => c('SUBSCRIBE', { fields: { Event: 'dialog', Accept: 'application/dialog-info+xml', Expires: '60' } }),
  (c) => c('BYE', { fields: { To: '<sip:104@acme.example>;tag=nobody' } }),
  (c) => c('CANCEL', { uri: 'sip:104@acme.example' }),
  (c) => c('ACK', { fields: { To: '<sip:104@acme.example>;tag=nobody' } }),
  (c) => c('PRACK', { fields: { RAck: '1 1 INVITE', To: '<sip:104@acme.example>;tag=nobody' } }),
  (c) => c('MESSAGE', { body: 'hello', fields: { 'Content-Type': 'text/plain' } }),
  (c) => c('INVITE', { start: 'SIP/2.0 180 Ringing' }),
  (c) => c('INVITE', { start: 'SIP/2.0 200 OK', body: plainSdp }),
];

const mutated = (text: string, dice: Dice): string => {
  let result = text;
  for (let faults = 1 + dice(4); faults > 0; faults -= 1) result = pick(dice, mutations)(result, dice);
  return result;
};

/** How many, from which seed, and whose address they bear (`host:port`). */
export interface Brood {
  readonly seed: number;
  readonly count: number;
  readonly host: string;
}

const brood = ({ seed, count, host }: Brood, make: (compose: Compose, dice: Dice) => string): Mutant[] => {
  const dice = diceOf(seed);
  const [address = '', port = ''] = host.split(':');
  return Array.from({ length: count }, (_, i) => {
    const compose = composer({ kind: 'udp', host: address, port: Number(port) }, `mutant${seed}x${i}x`);
    // A datagram has no more room.
    return { text: make(compose, dice).slice(0, 60_000) };
  });
};

/** Good messages with one to four faults in each. The same seed gives the same ones. */
export const mutants = (of: Brood): Mutant[] => brood(of, (compose, dice) => mutated(pick(dice, seeds)(compose), dice));

/** Good INVITEs whose description has the faults: every server passes these on. */
export const mutantDescriptions = (of: Brood): Mutant[] =>
  brood(of, (compose, dice) => {
    const uri = pick(dice, ['sip:104@acme.example', 'sip:*95104@acme.example']);
    const From = `<sip:100@acme.example>;tag=${dice(1 << 30)}`;
    return compose('INVITE', {
      uri,
      fields: { From, 'Content-Type': 'application/sdp' },
      body: mutated(richSdp, dice),
    });
  });

const richSdp = [
  plainSdp.trimEnd(),
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=fmtp:101 0-15',
  'a=rtpmap:101 telephone-event/8000',
  'a=ptime:20',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj',
  'm=video 40002 RTP/AVP 31',
  'a=inactive',
  '',
].join('\r\n');
