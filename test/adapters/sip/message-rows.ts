import t from 'tap';
import type { Sender } from '../../../src/adapters/sip/identity.js';
import { visitedWith } from '../../../src/adapters/sip/loops.js';
import { makeMessageDoor } from '../../../src/adapters/sip/message-door.js';
import type { Relayed, TextOfPhone } from '../../../src/flows/texts/relay-text.js';
import { acme, bob, carol } from '../../domain/acme.js';
import { requestOf, responseFor, type Sent } from './request.js';

interface Asked {
  readonly uri?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly sender?: Sender;
  readonly relayed?: Relayed;
}

const fromCarol: Sender = { kind: 'extension', tenant: acme, extension: carol };

/** Sends one MESSAGE through the door. */
const message = async ({ uri = 'sip:101@acme.example', headers = {}, body = 'lunch?', ...rest }: Asked = {}) => {
  const { sender = fromCarol, relayed = { kind: 'delivered', isStored: false } } = rest;
  const all: Asked['headers'] = {
    From: '<sip:102@acme.example>;tag=1',
    To: '<sip:101@acme.example>',
    'Call-ID': 'x',
    CSeq: '1 MESSAGE',
    'Content-Type': 'text/plain',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  const [sent, texts, counted]: [Sent[], TextOfPhone[], string[]] = [[], [], []];
  const door = makeMessageDoor({
    identify: () => sender,
    relayText: async (text) => {
      texts.push(text);
      return relayed;
    },
    rejected: (reason) => void counted.push(reason),
  });
  await door(requestOf([`MESSAGE ${uri} SIP/2.0`, ...lines], '192.0.2.9', body), responseFor(sent));
  return { status: sent[0]?.status, sent: sent[0], text: texts[0], counted };
};

t.test('M1: a text goes on as who sent it is known, not as it says', async (t) => {
  const { status, text } = await message({
    headers: {
      From: '"Boss" <sip:999@evil.example>;tag=1',
      'Max-Forwards': '10',
      'Content-Type': 'text/plain;charset=utf-8',
    },
    body: 'two\r\nlines',
  });
  t.equal(status, 200);
  t.match(text, { tenant: acme, sender: carol, to: bob, text: 'two\r\nlines' });
  t.same(text?.from, { name: 'Carol Clark', number: '102', domain: 'acme.example', private: false });
  t.match(text?.passed, { 'Max-Forwards': '9', 'X-Callpickup-Visited': /^[0-9a-f]{12}$/ });
  t.match((await message({ headers: { Privacy: 'id' } })).text, { from: { private: true } });
  t.match((await message({ uri: 'sip:%31%30%31@acme.example' })).text, { to: bob });
});

t.test('M2: what becomes of a text is told', async (t) => {
  const answer = async (relayed: Relayed) => (await message({ relayed })).status;
  t.equal(await answer({ kind: 'delivered', isStored: true }), 202);
  t.equal(await answer({ kind: 'refused', refusal: 'not-registered' }), 480);
  t.equal(await answer({ kind: 'refused', refusal: 'store-unreachable' }), 503);
  t.equal(await answer({ kind: 'refused', refusal: 'unknown-extension' }), 404);
  t.equal(await answer({ kind: 'failed', failure: { status: 486 } }), 486);
  const notAllowed = await message({ relayed: { kind: 'refused', refusal: 'not-allowed' } });
  t.match(notAllowed.sent, { status: 403, phrase: 'Text Not Allowed' }, 'it was no pickup');
  const hurried = await message({ relayed: { kind: 'hurried', seconds: 7 } });
  t.match(hurried.sent, { status: 480, headers: { 'Retry-After': '7' } });
});

t.test('M4: who is no extension sends no text', async (t) => {
  const outside = await message({ sender: { kind: 'outside', tenant: acme } });
  t.match(outside, { status: 403, counted: ['identity'], text: undefined });
  t.match(await message({ sender: { kind: 'forbidden', why: 'x' } }), { status: 403, text: undefined });
  const challenged = await message({ sender: { kind: 'challenge', value: 'Digest realm="acme"' } });
  t.match(challenged, { status: 401, sent: { headers: { 'WWW-Authenticate': 'Digest realm="acme"' } } });
});

t.test('M3, M7: what cannot be relayed is refused by name', async (t) => {
  const rows: [status: number, asked: Asked][] = [
    [415, { headers: { 'Content-Type': 'application/im-iscomposing+xml' } }],
    [415, { headers: { 'Content-Type': undefined } }],
    [415, { headers: { 'Content-Type': 'text/plain;charset=iso-8859-1' } }],
    [415, { headers: { 'Content-Encoding': 'gzip' } }],
    [413, { body: 'ü'.repeat(651) }],
    [420, { headers: { Require: 'teleport' } }],
    [483, { headers: { 'Max-Forwards': '0' } }],
    [400, { headers: { 'Max-Forwards': 'many' } }],
    [481, { headers: { To: '<sip:101@acme.example>;tag=old' } }],
    [416, { uri: 'tel:101' }],
    [404, { uri: 'sip:acme.example' }],
    [404, { uri: 'sip:*95101@acme.example' }],
    [404, { uri: 'sip:%0d%0aVia@acme.example' }],
    [482, { headers: { 'X-Callpickup-Visited': visitedWith(undefined, { number: bob, domain: 'acme.example' }) } }],
  ];
  for (const [status, asked] of rows) {
    t.match(
      await message(asked),
      { status, text: undefined, counted: ['bad-request'] },
      JSON.stringify(asked).slice(0, 80),
    );
  }
  t.equal((await message({ body: 'ü'.repeat(650) })).status, 200, 'as long as it may be');
  t.equal((await message({ body: '' })).status, 200, 'nothing is a text');
});
