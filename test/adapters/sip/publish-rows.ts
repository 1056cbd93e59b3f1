import t from 'tap';
import type { Sender } from '../../../src/adapters/sip/identity.js';
import { presenceInfo } from '../../../src/adapters/sip/presence-info.js';
import { readPresence } from '../../../src/adapters/sip/presence-read.js';
import { makePublishDoor } from '../../../src/adapters/sip/publish.js';
import type { Presence } from '../../../src/domain/office.js';
import { makePublishPresence, type Publications } from '../../../src/flows/publish-presence.js';
import { acme, alice, bob, carol, companyOf } from '../../domain/acme.js';
import { noting } from '../../flows/stage.js';
import { hostile } from './hostile.js';
import { requestOf, responseFor, type Sent } from './request.js';

const document = (basic: string, activity = '', note = ''): string =>
  [
    '<?xml version="1.0"?><p:presence xmlns:p="urn:ietf:params:xml:ns:pidf" entity="sip:101@acme.example"',
    ' xmlns:d="urn:ietf:params:xml:ns:pidf:data-model" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid">',
    `<p:tuple id="t"><p:status>${basic && `<p:basic>${basic}</p:basic>`}</p:status></p:tuple>`,
    activity && `<d:person id="q"><r:activities><r:${activity}/></r:activities></d:person>`,
    note && `<p:note>${note}</p:note>`,
    '</p:presence>',
  ].join('');

t.test('P14: what a phone says in its document (RFC 3863, RFC 4480)', async (t) => {
  const rows: [xml: string, presence: Presence | undefined][] = [
    [document('open'), 'available'],
    [document(' OPEN '), 'available'],
    [document(''), 'available'],
    [document('open', 'on-the-phone'), 'available'],
    [document('open', 'away'), 'away'],
    [document('open', 'meal'), 'away'],
    [document('closed'), 'away'],
    [document('closed', 'away'), 'away'],
    [document('closed', 'busy'), 'do-not-disturb'],
    [document('open', 'busy'), 'available'],
    [document('open', '', 'Do Not Disturb'), 'do-not-disturb'],
    [document('open', 'dnd'), 'do-not-disturb'],
    [document('open', '', 'I was away'), 'available'],
    ['<presence xmlns="urn:ietf:params:xml:ns:pidf"/>', 'available'],
    ['<presence/>', undefined],
    ['<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info"/>', undefined],
    [`<!DOCTYPE x [<!ENTITY a "b">]>${document('closed')}`, undefined],
    ...[
      document('closed').slice(0, -1),
      document('closed').slice(0, -13),
      document('closed').split('<p:basic>')[0] ?? '',
    ].map((cut): [string, undefined] => [cut, undefined]),
    [document('closed').replace('</p:status>', ''), undefined],
    [document('closed').replace('</p:status>', '</p:tuple>'), undefined],
    [`${document('closed')}</p:presence>`, undefined],
    [`${document('closed')}<x/>`, undefined],
    [`<!-- <x> -->${document('closed', '', '<![CDATA[<DND>]]>')}<?x <y> ?>`, 'away'],
    [document('closed').replace('id="t"', 'id=t'), undefined],
    [document('closed').replace('id="t"', "id='>'"), 'away'],
    ['', undefined],
    ['{"presence":{"@xmlns":"urn:ietf:params:xml:ns:pidf"}}', undefined],
    ['presence: { "@xmlns": "urn:ietf:params:xml:ns:pidf" }', undefined],
  ];
  for (const [xml, presence] of rows) t.equal(readPresence(xml), presence, xml);
  for (const presence of ['available', 'away', 'do-not-disturb'] as const) {
    const tenant = companyOf({ extensions: { 101: { presence } } });
    t.equal(
      readPresence(presenceInfo({ tenant, extension: bob, entity: 'sip:101@a' })),
      presence,
      'our own is read too',
    );
  }
  for (const text of hostile) {
    t.doesNotThrow(() => readPresence(text));
    t.doesNotThrow(() => readPresence(document(text, '', text)));
  }
});

const laughs = 'bcdefghij'.split('').reduce((all, name, at) => {
  const inner = `&${'abcdefghij'[at]};`;
  return `${all}<!ENTITY ${name} "${inner.repeat(10)}">`;
}, '<!ENTITY a "ha">');

/** Entities without end, of the machine, and of elsewhere. */
const bombs = [
  `<!DOCTYPE presence [${laughs}]>`,
  '<!DOCTYPE presence [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
  '<!DOCTYPE presence SYSTEM "http://192.0.2.1/x.dtd">',
  '<!doctype presence [<!ENTITY % a "<!ENTITY b SYSTEM \'http://192.0.2.1/\'>"> %a;]>',
];

t.test('P11: a document of nothing but depth, or of nothing but beginnings, is none', async (t) => {
  const within = (xml: string) => readPresence(`<presence xmlns="urn:ietf:params:xml:ns:pidf">${xml}</presence>`);
  const deep = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
  t.same([within(deep(19)), within(deep(20)), within(deep(1_100))], ['available', undefined, undefined]);
  t.same([within('<a/>'.repeat(398)), within('<a/>'.repeat(399))], ['available', undefined]);
  for (const part of [
    '<',
    '<a',
    '<a ',
    '<a "',
    "<a '",
    '<a/',
    '<!--',
    '<![CDATA[',
    '</',
    '<presence xmlns="urn:ietf:params:xml:ns:pidf">',
  ]) {
    const many = part.repeat(8_000 / part.length);
    t.equal(readPresence(many), undefined, part);
    t.equal(readPresence(`<presence xmlns="urn:ietf:params:xml:ns:pidf">${many}`), undefined, part);
  }
});

const door = (became: Awaited<ReturnType<Publications['put']>> | Error = 'published') => {
  const [put, takenIn, counted, said] = [[] as object[], [] as string[], [] as string[], [] as string[]];
  const now: { sender: Sender } = { sender: { kind: 'extension', tenant: acme, extension: bob } };
  const publish = makePublishPresence({
    publications: {
      put: async (tenant, extension, { saying: { by }, ...entry }) => {
        if (became instanceof Error) throw became;
        put.push({ tenant, extension, ...entry, ...(by && { by }) });
        return became;
      },
    },
    newTag: () => 'tag-1',
    usualPresence: () => 'available',
    takeIn: async (tenant) => {
      takenIn.push(tenant);
      throw new Error('away by now');
    },
    log: noting(said),
  });
  const open = makePublishDoor({ identify: () => now.sender, publish, rejected: (why) => void counted.push(why) });
  const sends = async (
    headers: Record<string, string | undefined> = {},
    { body = document('closed'), to = bob } = {},
  ) => {
    const all: Record<string, string | undefined> = {
      ...{ From: '<sip:101@acme.example>;tag=1', To: '<sip:101@acme.example>', 'Call-ID': 'p', CSeq: '1 PUBLISH' },
      ...{ Event: 'presence', ...(body && { 'Content-Type': 'application/pidf+xml' }), ...headers },
    };
    const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
    const sent: Sent[] = [];
    const uri = to.includes(':') ? to : `sip:${to}@acme.example`;
    await open(requestOf([`PUBLISH ${uri} SIP/2.0`, ...lines], '192.0.2.9', body), responseFor(sent));
    return sent[0];
  };
  return { sends, put, takenIn, counted, said, now };
};

t.test('P8, P10: a publication begins, lasts longer, says something else and ends', async (t) => {
  const { sends, put, takenIn, said } = door();
  const ok = (Expires: string) => ({ status: 200, headers: { 'SIP-ETag': 'tag-1', Expires } });
  t.match(await sends({ Expires: '7200' }), ok('3600'));
  t.match(await sends({ 'SIP-If-Match': 'abc-1', Expires: '600' }, { body: '' }), ok('600'));
  t.match(await sends({ 'SIP-If-Match': 'abc-1' }, { body: document('open') }), ok('3600'));
  t.match(await sends({ 'SIP-If-Match': 'abc-1', Expires: '0' }, { body: '' }), ok('0'));
  const own = { tenant: 'acme', extension: bob, newTag: 'tag-1' };
  t.strictSame(put, [
    { ...own, seconds: 3600, presence: 'away' },
    { ...own, seconds: 600, tag: 'abc-1' },
    { ...own, seconds: 3600, tag: 'abc-1', presence: 'available' },
    { ...own, seconds: 0, tag: 'abc-1' },
  ]);
  t.equal(takenIn.length, 4, 'here it counts at once');
  t.equal(said.filter((line) => line.includes('published presence not read')).length, 4, 'or when the store tells so');
  const same = door('same');
  await same.sends({ 'SIP-If-Match': 'abc-1' });
  t.same(same.takenIn, [], 'what only lasts longer is no news');
});

t.test('P6, P7, P8, P9, P11: what is refused, and why (RFC 3903 section 6)', async (t) => {
  const { sends, put, now } = door();
  t.match(await sends({ Event: 'dialog' }), { status: 489, headers: { 'Allow-Events': 'presence' } });
  t.match(await sends({ Event: 'message-summary' }), { status: 489, headers: { 'Allow-Events': 'presence' } });
  t.match(await sends({ Event: undefined }), { status: 489, headers: { 'Allow-Events': 'presence' } }, 'none at all');
  t.match(await sends({ Expires: '5' }), { status: 423, headers: { 'Min-Expires': '60' } });
  t.match(await sends({ Require: 'x' }), { status: 420 });
  t.match(await sends({ 'Max-Forwards': '0' }), { status: 483 });
  t.match(await sends({}, { to: 'tel:101' as typeof bob }), { status: 416 });
  t.match(await sends({ 'Content-Type': 'text/plain' }), { status: 415, headers: { Accept: 'application/pidf+xml' } });
  for (const name of ['Content-Encoding', 'e']) {
    t.match(await sends({ [name]: 'gzip' }), { status: 415, headers: { 'Accept-Encoding': 'identity' } }, name);
  }
  t.match(await sends({}, { body: '<x/>' }), { status: 400, phrase: 'Bad Presence Document' });
  for (const types of bombs) {
    const answer = await sends({}, { body: types + document('closed', '', '&a;') });
    t.match(answer, { status: 400, phrase: 'Document Types Not Taken' }, types.slice(0, 40));
  }
  t.match(await sends({}, { body: '' }), { status: 400, phrase: 'Nothing Published' });
  t.match(await sends({}, { body: `<x>${'x'.repeat(8_000)}</x>` }), { status: 413 });
  for (const tag of ['a b', 'ä', 'x'.repeat(65)]) t.match(await sends({ 'SIP-If-Match': tag }), { status: 412 }, tag);
  t.match(await sends({}, { to: alice }), { status: 403 }, 'everybody for himself');
  t.match(await sends({}, { to: '999' as typeof bob }), { status: 404 });
  now.sender = { kind: 'challenge', value: 'Digest x' };
  t.match(await sends(), { status: 401, headers: { 'WWW-Authenticate': 'Digest x' } });
  now.sender = { kind: 'outside', tenant: acme };
  t.match(await sends(), { status: 403 });
  t.same(put, []);
  t.match(await door('unknown').sends({ 'SIP-If-Match': 'gone' }), { status: 412 });
  t.match(await door('full').sends(), { status: 403 });
  const away = door(new Error('away'));
  t.match(await away.sends(), { status: 503, headers: { 'Retry-After': '5' } });
  t.same(away.takenIn, []);
});

t.test('a phone that has changed hands speaks for who has it now', async (t) => {
  const { sends, put, now } = door();
  now.sender = { kind: 'extension', tenant: acme, extension: carol, number: bob };
  t.match(await sends({}, { to: bob }), { status: 200 });
  t.match(put, [{ extension: carol }]);
});
