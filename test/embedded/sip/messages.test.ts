import t from 'tap';
import { parseAddress, tagOf, withTag } from '../../../src/embedded/sip/message/address.js';
import { flawOf } from '../../../src/embedded/sip/message/check.js';
import { headerOf, headersOf, print, type Request } from '../../../src/embedded/sip/message/message.js';
import { keyOf, spellingOf } from '../../../src/embedded/sip/message/names.js';
import { parse } from '../../../src/embedded/sip/message/parse.js';
import { parseUri } from '../../../src/embedded/sip/message/uri.js';
import { parseVia, stampVia, topVia } from '../../../src/embedded/sip/message/via.js';
import { ByteQueue } from '../../../src/embedded/sip/transport/byte-queue.js';
import { streamFramer } from '../../../src/embedded/sip/transport/stream-framer.js';
import { frameReader } from '../../../src/embedded/sip/wire/frame-reader.js';

const good: Record<string, string> = {
  Via: 'SIP/2.0/UDP 127.0.0.2:5070;branch=z9hG4bKabc',
  From: '"Alice" <sip:alice@acme.example>;tag=a1',
  To: '<sip:101@acme.example>',
  'Call-ID': 'one@acme',
  CSeq: '1 INVITE',
  Contact: '<sip:alice@127.0.0.2:5070>',
  'Max-Forwards': '70',
};

/** An INVITE of the office with some headers changed, added or (undefined) left out, and another start line if given. */
function invite(
  changes: Record<string, string | undefined> = {},
  start = 'INVITE sip:101@acme.example SIP/2.0',
  body = '',
) {
  const headers = Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined);
  return `${start}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

const statusOf = (text: string): number | undefined => flawOf(parse(text))?.status;

t.test('a message is read and printed without loss', async (t) => {
  const body = 'v=0\r\n\xff\xfe\x00\r\n\r\nend';
  const text = invite({ 'Content-Length': String(body.length), 'x-Odd': 'a  b' }, undefined, body);
  const { message } = parse(text);
  t.ok(message);
  t.equal(message && print(message), text, 'byte for byte, binary body included');
  t.equal(message?.kind === 'request' && message.method, 'INVITE');
  const cut = parse(invite({ 'Content-Length': '3' }, undefined, 'abcdef')).message;
  t.equal(cut?.body, 'abc', 'what follows Content-Length is not the message');
});

t.test('headers are found under every spelling', async (t) => {
  const { message } = parse('OPTIONS sip:a SIP/2.0\r\nv: one\r\nVIA : two\r\ni:  x\r\n y\r\n\tz\r\n\r\n');
  t.ok(message);
  if (!message) return;
  t.same(headersOf(message, 'via'), ['one', 'two']);
  t.equal(headerOf(message, 'call-id'), 'x y\tz', 'a folded line is one value');
  t.equal(headerOf(message, 'subject'), undefined);
  t.equal(keyOf('X-Thing'), 'x-thing');
  t.equal(keyOf('constructor'), 'constructor');
  const spellings: [string, string][] = [
    ['call-id', 'Call-ID'],
    ['cseq', 'CSeq'],
    ['www-authenticate', 'WWW-Authenticate'],
    ['p-asserted-identity', 'P-Asserted-Identity'],
    ['foo-bar', 'Foo-Bar'],
    ['x-custom', 'x-custom'],
    ['X-Custom', 'X-Custom'],
  ];
  for (const [given, sent] of spellings) t.equal(spellingOf(given), sent);
});

t.test('what no phone should send is refused, and how', async (t) => {
  const cases: [number | undefined, string, string][] = [
    [undefined, 'an ordinary INVITE', invite()],
    [undefined, 'zeros before a number', invite({ 'Max-Forwards': '0068', CSeq: '0001 INVITE' })],
    [undefined, 'a blank after the version', invite({}, 'INVITE sip:101@acme.example SIP/2.0 ')],
    [undefined, 'a question mark in the user', invite({}, 'INVITE sip:a?b/;c@acme.example SIP/2.0')],
    [undefined, 'a telephone number', invite({}, 'INVITE tel:+4930123 SIP/2.0')],
    [undefined, 'no Contact: that is for the application', invite({ Contact: undefined })],
    [400, 'two blanks in the request line', invite({}, 'INVITE  sip:101@acme.example SIP/2.0')],
    [400, 'a blank in the request URI', invite({}, 'INVITE sip:101@acme.example; lr SIP/2.0')],
    [400, 'brackets around the request URI', invite({}, 'INVITE <sip:101@acme.example> SIP/2.0')],
    [400, 'an IPv6 address without brackets', invite({}, 'INVITE sip:2001:db8::10 SIP/2.0')],
    [505, 'another version', invite({}, 'INVITE sip:101@acme.example SIP/7.0')],
    [416, 'a scheme that nobody speaks', invite({}, 'INVITE nobody:knows SIP/2.0')],
    [400, 'no Call-ID', invite({ 'Call-ID': undefined })],
    [400, 'no From', invite({ From: undefined })],
    [400, 'no To', invite({ To: undefined })],
    [400, 'no Via', invite({ Via: undefined })],
    [400, 'no CSeq', invite({ CSeq: undefined })],
    [400, 'the method of CSeq is another', invite({ CSeq: '1 OPTIONS' })],
    [400, 'a CSeq number beyond 32 bits', invite({ CSeq: '36893488147419103232 INVITE' })],
    [400, 'two From', invite({ f: '<sip:x@y>;tag=2' })],
    [
      400,
      'two Replaces (RFC 3891 section 3)',
      invite({ Replaces: 'a;to-tag=1;from-tag=2', replaces: 'b;to-tag=1;from-tag=2' }),
    ],
    [400, 'an empty Replaces', invite({ Replaces: '' })],
    [400, 'two Content-Length', invite({ 'Content-Length': '0', l: '0' })],
    [400, 'a negative Content-Length', invite({ 'Content-Length': '-9' })],
    [400, 'a body shorter than it says', invite({ 'Content-Length': '10' }, undefined, 'short')],
    [400, 'a quote that never ends', invite({ To: '"Bob <sip:101@acme.example>' })],
    [400, 'a comma in an unquoted name', invite({ From: 'Bell, Alexander <sip:a@acme.example>;tag=1' })],
    [400, 'parameters without names', invite({ Contact: '"Joe" <sip:joe@acme.example>;;;;' })],
    [400, 'a header in an unbracketed Contact', invite({ Contact: 'sip:a@acme.example?Route=%3Csip:b%3E' })],
    [400, 'junk in the second Via', invite({ via: 'SIP/2.0/UDP 192.0.2.15;;,;,,' })],
    [400, 'Max-Forwards in words', invite({ 'Max-Forwards': 'seventy' })],
    [400, 'a line that is no header', invite({ 'no header at all': 'x' })],
  ];
  for (const [status, what, text] of cases) t.equal(statusOf(text), status, what);
});

t.test('reading odd text takes time in proportion to its length', async (t) => {
  // Each of these takes minutes if one pattern in the parser backtracks; the suite's own time limit is the assertion.
  const long = 60_000;
  const odd = [
    ' '.repeat(long),
    ';'.repeat(long),
    ';a'.repeat(long / 2),
    '"\\'.repeat(long / 2),
    '<'.repeat(long),
    ','.repeat(long),
  ];
  for (const filler of odd) {
    for (const name of ['Via', 'From', 'Contact', 'CSeq', 'Max-Forwards', 'Content-Length'])
      t.equal(statusOf(invite({ [name]: `"x${filler}x` })), 400, `${name} with ${filler.slice(0, 2)} ...`);
  }
  t.equal(statusOf(`INVITE sip:${'a'.repeat(long)} SIP/2.0${'\r\n'.repeat(long)}`), 400);
});

t.test('addresses and URIs', async (t) => {
  t.match(parseAddress('"A \\" <b>, c" <sip:x@y;lr?h=1>;tag=7;q="a;b"'), { uri: 'sip:x@y;lr?h=1' });
  t.equal(
    parseAddress('"A" <sip:x@y>;q="a;b";tag=7')?.params.get('tag'),
    '7',
    'a semicolon in quotes separates nothing',
  );
  t.equal(tagOf('sip:x@y;tag=9'), '9', 'without brackets parameters are the header’s');
  t.equal(tagOf('<sip:x@y;tag=9>'), undefined, 'inside they are the URI’s');
  t.equal(withTag('<sip:x@y>', 'new'), '<sip:x@y>;tag=new');
  t.equal(withTag('<sip:x@y>;tag=old', 'new'), '<sip:x@y>;tag=old');
  t.match(parseUri('sip:Bob;day=tue:pw@[2001:DB8::1]:5080;Transport=TCP;lr'), {
    user: 'Bob;day=tue:pw',
    host: '2001:db8::1',
    port: 5080,
  });
  t.equal(parseUri('sip:a@b;Transport=TCP')?.params.get('transport'), 'TCP');
  for (const wrong of ['sip:', 'sip:@b', 'sip:a@', 'sip:a@b:99999', 'sip:a@b:x', 'sip:a b@c', 'http://a', 'sip', ''])
    t.equal(parseUri(wrong), undefined, wrong);
});

t.test('the source of a request is stamped into its top Via, asked for or not', async (t) => {
  const source = { address: '127.0.0.9', port: 9999 };
  const stamp = (via: string): string | undefined => {
    const request = parse(invite({ Via: via })).message as Request;
    const top = topVia(request);
    return top && headerOf(stampVia(request, top, source), 'via');
  };
  t.equal(stamp('SIP/2.0/UDP 127.0.0.9:5;branch=z9hG4bKx'), 'SIP/2.0/UDP 127.0.0.9:5;branch=z9hG4bKx;rport=9999');
  t.equal(stamp('SIP/2.0/UDP pc:5;rport;branch=b'), 'SIP/2.0/UDP pc:5;branch=b;received=127.0.0.9;rport=9999');
  t.equal(
    stamp('SIP/2.0/UDP pc;branch=b;rport, SIP/2.0/TCP next'),
    'SIP/2.0/UDP pc;branch=b;received=127.0.0.9;rport=9999, SIP/2.0/TCP next',
  );
  t.match(parseVia('SIP / 2.0 / UDP   [2001:db8::9] : 6050 ; branch = z9'), {
    host: '2001:db8::9',
    port: 6050,
    transport: 'UDP',
  });
});

t.test('a stream is cut into messages wherever its segments are cut', async (t) => {
  const first = invite({ 'Content-Length': '4' }, undefined, '\r\n\r\n');
  const second = invite({ 'Call-ID': 'two', l: '0' });
  const stream = Buffer.from(`\r\n\r\n${first}\r\n${second}`, 'latin1');
  for (const size of [1, 2, 3, 7, 64, 333, stream.length]) {
    const out: string[] = [];
    const framer = streamFramer({
      message: (m) => out.push(m),
      keepAlive: () => out.push('ping'),
      lost: () => out.push('lost'),
    });
    for (let at = 0; at < stream.length; at += size) framer.push(stream.subarray(at, at + size));
    t.same(out, ['ping', first, second], `segments of ${size} bytes`);
    t.notOk(framer.waiting);
  }
});

t.test('a stream that cannot be cut is given up, once', async (t) => {
  const lost: string[] = [];
  const whole: string[] = [];
  const framer = () => streamFramer({ message: (m) => whole.push(m), keepAlive: () => {}, lost: (m) => lost.push(m) });
  const wrongLength = framer();
  wrongLength.push(Buffer.from(invite({ 'Content-Length': '-5' })));
  wrongLength.push(Buffer.from(invite()));
  const endless = framer();
  for (let n = 0; n < 40; n++) endless.push(Buffer.from(`${invite().slice(0, -2)}X-Long: ${'x'.repeat(4096)}`));
  t.equal(lost.length, 2);
  t.same(whole, []);
  const huge = framer();
  huge.push(Buffer.from(invite({ 'Content-Length': '999999999' })));
  t.equal(lost.length, 3, 'a body beyond all reason is not waited for');
});

t.test('frames of the control socket', async (t) => {
  const out: string[] = [];
  const reader = frameReader((payload) => out.push(payload));
  for (const byte of Buffer.from('5#a|b#c0#12#0123456789|é', 'latin1')) t.ok(reader.push(Buffer.from([byte])));
  t.same(out, ['a|b#c', '', '0123456789|é'], 'counted in bytes, cut anywhere, # inside');
  for (const wrong of ['x#a', '-1#a', '#a', '99999999#', '12345678901', '1048577#'])
    t.notOk(frameReader(() => {}).push(Buffer.from(wrong)), wrong);
  const big = 'z'.repeat(1024 * 1024);
  const bigReader = frameReader((payload) => out.push(payload));
  t.ok(bigReader.push(Buffer.from(`${big.length}#`)));
  for (let at = 0; at < big.length; at += 65_536) t.ok(bigReader.push(Buffer.from(big.slice(at, at + 65_536))));
  t.equal(out.at(-1)?.length, big.length, 'up to one MiB');
});

t.test('a byte queue gives back what went in', async (t) => {
  const queue = new ByteQueue();
  let expected = '';
  let taken = '';
  for (let n = 1; n < 400; n++) {
    const piece = String.fromCharCode(n % 256).repeat(n % 97);
    queue.append(Buffer.from(piece, 'latin1'));
    expected += piece;
    if (n % 3 === 0) taken += queue.take(n % 150);
  }
  t.equal(taken + queue.take(queue.length), expected);
  t.equal(queue.length, 0);
});
