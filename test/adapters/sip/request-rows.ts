import t from 'tap';
import { readContacts, readPath, splitOutsideQuotes } from '../../../src/adapters/sip/contacts.js';
import { replies } from '../../../src/adapters/sip/replies.js';
import { screenInvite } from '../../../src/adapters/sip/screen.js';
import { refusals } from '../../../src/domain/outcome.js';
import { hostile, isOneLine, label } from './hostile.js';
import { inviteOf } from './request.js';

const sdp = 'v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';

t.test('Contact of a REGISTER', async (t) => {
  const uris = (header: string) => readContacts(header)?.map(({ uri }) => uri);
  t.same(uris('<sip:101@192.0.2.1>'), ['sip:101@192.0.2.1']);
  t.same(uris('sip:101@192.0.2.1;expires=60'), ['sip:101@192.0.2.1'], 'without brackets parameters are the header’s');
  t.same(uris('<sip:101@192.0.2.1;transport=tcp>;expires=60'), ['sip:101@192.0.2.1;transport=tcp']);
  t.same(uris('"Brown, Bob" <sip:101@192.0.2.1>, "A \\" <b>, c" <sip:101@192.0.2.2>'), [
    'sip:101@192.0.2.1',
    'sip:101@192.0.2.2',
  ]);
  t.same(uris('"Bob"<sip:101@192.0.2.1>,Bob Brown <sip:101@[2001:db8::1]:5070>'), [
    'sip:101@192.0.2.1',
    'sip:101@[2001:db8::1]:5070',
  ]);
  const expires = (header: string) => readContacts(header)?.map((contact) => contact.expires);
  t.same(expires('<sip:a@b>;expires=60, <sip:a@c>;EXPIRES = "0", <sip:a@d>;q=0.5'), [60, 0, undefined]);
  t.same(expires('<sip:a@b;expires=60>'), [undefined], 'inside the brackets it belongs to the URI');
  t.same(expires('<sip:a@b>;xexpires=60;q="expires=5"'), [undefined]);
  const refused = [
    '',
    '*',
    ',',
    '<>',
    'sip:',
    '<sip:>',
    '<tel:+49>',
    '<http://x>',
    '<javascript:x>',
    'Bob',
    '<sip:a@b',
    '"Bob <sip:a@b>',
    '<sip:a@b>,',
    '<sip:a@b>, *',
    '<sip:101@h?Replaces=x>',
    '<sip:101@h?P-Asserted-Identity=x>',
    '<sip:101@h;x?y=z>',
    '<sip:1 @h>',
    '<sip:a@b\u0000>',
    '<sip:ä@b>',
    `<sip:a@${'b'.repeat(500)}>`,
  ];
  for (const header of refused) t.equal(readContacts(header), undefined, label(header));
  for (const text of hostile) {
    for (const header of [text, `<sip:${text}@192.0.2.1>`, `"${text}" <sip:101@192.0.2.1>`]) {
      for (const { uri } of readContacts(header) ?? []) t.match(uri, /^sips?:[\x21-\x7e]+$/i, label(header));
    }
  }
  t.equal(readContacts(Array(11).fill('<sip:a@b>').join(',')), undefined, 'no more than ten');
  t.equal(readContacts(Array(10).fill('<sip:a@b>').join(','))?.length, 10);
});

t.test('Path, and lists in headers', async (t) => {
  t.same(readPath(undefined), []);
  t.same(readPath('<sip:edge.example;lr>, <sip:inner.example;lr;ob>'), [
    'sip:edge.example;lr',
    'sip:inner.example;lr;ob',
  ]);
  for (const header of ['', 'sip:edge', '<sip:edge>, x', '<http://x>', '<sip:edge?Route=x>'])
    t.equal(readPath(header), undefined, header);
  t.same(splitOutsideQuotes('a,"b,c",<d,e>,f'), ['a', '"b,c"', '<d,e>', 'f']);
  t.same(splitOutsideQuotes('"a\\",b",c'), ['"a\\",b"', 'c']);
  t.same(splitOutsideQuotes('"a,b'), ['"a,b'], 'an open quote hides the rest');
});

t.test('an INVITE that can be served', async (t) => {
  t.match(screenInvite(inviteOf({}, { body: sdp })), { ok: true, user: '101', offer: { kind: 'sdp', body: sdp } });
  t.match(screenInvite(inviteOf()), { ok: true, offer: { kind: 'delayed' } }, 'RFC 3261 13.2.1: no offer');
  const served: Parameters<typeof inviteOf>[] = [
    [{ Require: '100rel' }],
    [{ 'Max-Forwards': undefined }],
    [{ 'Max-Forwards': '1' }],
    [{ Accept: 'application/sdp;level=1, text/html' }],
    [{ Accept: '*/*' }],
    [{ Accept: 'application/*' }],
    [{ 'Content-Type': 'Application/SDP ; charset=utf-8' }, { body: sdp }],
    [{ 'Content-Type': undefined }, { body: sdp }],
  ];
  for (const [headers, rest] of served)
    t.equal(screenInvite(inviteOf(headers, rest)).ok, true, JSON.stringify(headers));
  const user = (uri: string) => {
    const screened = screenInvite(inviteOf({}, { uri }));
    return screened.ok ? screened.user : screened.rejection.status;
  };
  t.equal(user('sip:%2A95101@127.0.0.1;transport=udp'), '%2A95101');
  t.equal(user('sips:101@acme.example'), '101');
  t.equal(user('SIP:101@acme.example'), '101', 'RFC 3261 19.1.4: a scheme has no case');
  t.equal(user('tel:+49-30-1;phone-context=x'), '+49-30-1');
  t.equal(user('sip:acme.example'), 404);
});

t.test('each reason to turn an INVITE away, and its answer', async (t) => {
  const rows: [why: string, status: number, ...invite: Parameters<typeof inviteOf>][] = [
    ['no Contact', 400, { Contact: undefined }],
    ['no hop left', 483, { 'Max-Forwards': '0' }],
    ['hops that are no number', 400, { 'Max-Forwards': '-1' }],
    ['hops that are no number', 400, { 'Max-Forwards': '1e2' }],
    ['hops beyond counting', 400, { 'Max-Forwards': '99999999999' }],
    ['an extension that nobody knows', 420, { Require: 'nothingSupportsThis, 100rel' }],
    ['another scheme', 416, {}, { uri: 'nobodyKnowsThisScheme:101' }],
    ['another scheme', 416, {}, { uri: 'http://acme.example' }],
    ['a packed body', 415, { 'Content-Encoding': 'gzip' }, { body: sdp }],
    ['another body', 415, { 'Content-Type': 'text/plain' }, { body: 'hello' }],
    ['several bodies', 415, { 'Content-Type': `multipart/mixed${';a'.repeat(2_000)}` }, { body: sdp }],
    ['a lookalike', 415, { 'Content-Type': 'application/sdpx' }, { body: sdp }],
    ['a body beyond reason', 413, {}, { body: `${sdp}a=x:${'y'.repeat(3_000)}\r\n` }],
    ['a body that is no SDP', 488, {}, { body: 'v=0\r\nnonsense' }],
    ['an answer that the phone would not take', 406, { Accept: 'text/html' }],
  ];
  for (const [why, status, ...invite] of rows) {
    const screened = screenInvite(inviteOf(...invite));
    t.match(screened, { ok: false, rejection: { status } }, `${why}: ${status}`);
    const headers = screened.ok ? {} : (screened.rejection.headers ?? {});
    for (const value of Object.values(headers)) t.ok(isOneLine(value), value);
  }
  const unsupported = screenInvite(inviteOf({ Require: 'a, 100rel, b' }));
  t.match(unsupported, { rejection: { headers: { Unsupported: 'a, b' } } }, 'RFC 3261 8.2.2.3: it hears which');
  t.match(screenInvite(inviteOf({ Accept: 'text/html' })), { rejection: { headers: { Accept: 'application/sdp' } } });
});

t.test('every refusal has its words in SIP', async (t) => {
  for (const refusal of refusals) {
    const { status, phrase, headers = {} } = replies[refusal];
    t.ok(Number.isInteger(status) && status >= 400 && status < 700, refusal);
    t.match(phrase, /^[A-Z][A-Za-z ]+$/, refusal);
    for (const value of Object.values(headers)) t.ok(isOneLine(value), refusal);
    if (status === 503) t.match(headers, { 'Retry-After': /^\d+$/ }, refusal);
  }
  const expected = {
    'no-call': 480,
    'lost-race': 486,
    'own-call': 403,
    'no-group': 403,
    'not-allowed': 403,
    'unknown-extension': 404,
    'caller-gone': 480,
    'picker-gone': 487,
    'media-mismatch': 488,
    'store-unreachable': 503,
    draining: 503,
  } as const;
  for (const [refusal, status] of Object.entries(expected)) {
    t.equal(replies[refusal as keyof typeof expected].status, status, `features.md 5.6: ${refusal}`);
  }
});
