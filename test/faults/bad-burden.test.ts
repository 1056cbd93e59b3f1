import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { type Phone, phone } from '../support/phone.js';
import type { Message } from '../support/phone-message.js';
import { ground } from '../support/service.js';
import { tortureOffice } from '../support/torture-office.js';
import { composer, plainSdp } from '../support/torture-own.js';
import { openProbe } from '../support/torture-probe.js';
import { onRealServer } from '../support/torture-server.js';
import { tortureStage } from '../support/torture-stage.js';

t.comment(`on ${ground}`);

/** drachtio-server does not take back a folded From that drachtio-srf echoes to it, and answers 500 by itself. */
const refusals = onRealServer ? [400, 486, 500] : [400, 486];

/** The names of all headers, so that one line too many shows. */
const shapeOf = ({ text }: Message): string[] =>
  (text.split('\r\n\r\n')[0] ?? '')
    .split('\r\n')
    .slice(1)
    .map((line) => line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase())
    .sort();

const busyPhone = (t: Parameters<typeof phone>[0], server: Phone['address']) =>
  phone(t, { number: '104', server, onCall: (leg) => void leg.declines(486) });

t.test('display names that want to be more than names', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const server = stage.office.sip;
  const eve = await busyPhone(t, server);
  await eve.registers();
  const stranger = await phone(t, { number: '900', server });

  const sees = async (from: string): Promise<Message | undefined> => {
    const answer = await stranger.calls('104', { headers: { From: from } }).ends();
    t.ok(refusals.includes(answer.status), `${JSON.stringify(from.slice(0, 40))} gets an answer`, {
      got: answer.startLine,
    });
    return answer.status === 486 ? (await eve.isCalled()).request : undefined;
  };
  const usual = await sees('"Usual" <sip:900@acme.example>;tag=usual');
  const known = usual ? shapeOf(usual) : [];
  const more = (request: Message) =>
    shapeOf(request).filter((name, i, all) => !known.includes(name) || all[i + 1] === name);
  const names = [
    '"%0d%0aX-Evil: 1"',
    '"\r\n X-Evil: folded"',
    '"a \\" b"',
    '"a \\\\"',
    '"\\\r"',
    '"<sip:100@acme.example>"',
    '"\u{1f4de}\u{200f}\u00e9"',
    '"\u0001\u0008\u007f"',
    '"__proto__"',
    '=?utf-8?B?DQpYLUV2aWw6IDE=?=',
    `"${'x'.repeat(10_000)}"`,
    `"${'\\"'.repeat(1000)}"`,
    "'; DROP TABLE calls; --",
    '"{*}:cp:"',
  ];
  for (const [i, name] of names.entries()) {
    const request = await sees(`${name} <sip:900@acme.example>;tag=n${i}`);
    if (request) t.same(more(request), [], 'the phone is told no line more than usual');
    if (request) t.notMatch(request.text, /^X-Evil/im, 'and none of the stranger');
  }
  const users = [
    '%0d%0aX-Evil:%201',
    '%00',
    '%22%3e%3csip:100',
    `${'9'.repeat(63)}\u{1f4de}`,
    '+49%2b30',
    ';;;',
    'a?b=c',
  ];
  for (const [i, user] of users.entries()) {
    const request = await sees(`<sip:${user}@acme.example>;tag=u${i}`);
    if (request) t.same(more(request), [], 'nor by the number of the stranger');
  }
  await stage.endsWell();
});

t.test('Call-IDs that are odd, and one that is in use', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const eve = await busyPhone(t, stage.office.sip);
  await eve.registers();
  for (const id of [
    '__proto__',
    'constructor',
    'cp:{acme}:call:*',
    '*',
    '{}',
    `${'i'.repeat(1500)}@x`,
    '\u00e9@x',
    '%0d%0a',
    '<>":/[]?{}',
  ]) {
    const answer = await stage.carol.calls('104', { headers: { 'Call-ID': id } }).ends();
    t.ok([400, 486].includes(answer.status), `Call-ID ${id.slice(0, 20)} gets an answer`, { got: answer.startLine });
  }

  const first = stage.alice.calls('101');
  const leg = await stage.bob.isCalled();
  leg.rings();
  await first.rings();
  const second = await stage.carol.calls('104', { headers: { 'Call-ID': first.callId } }).fails();
  t.equal(second.status, 482, 'a second INVITE with the Call-ID of a call: 482');
  t.ok(leg.isPending, 'the first one rings on');
  t.equal((await first.cancels()).status, 487, 'and its caller can give up');
  await leg.stopsRinging();
  await stage.endsWell();
});

t.test('more than anybody means', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const server = stage.office.sip;
  const heaviest: [what: string, fields: Record<string, string>, lines: string[], body?: string][] = [
    ['64 KB in one header', { Subject: 'x'.repeat(64 * 1024) }, []],
    ['10,000 headers', {}, Array.from({ length: 10_000 }, (_, i) => `X-${i}: 1`)],
    ['10,000 Accepts', {}, Array.from({ length: 10_000 }, () => 'Accept: a/b')],
    [
      'a Via of 600 hops',
      { Via: '' },
      Array.from({ length: 600 }, () => 'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx'),
    ],
    ['a header name of 20 KB', {}, [`${'n'.repeat(20_000)}: 1`]],
    ['60 KB of body', {}, [], `${plainSdp}${'a=x\r\n'.repeat(12_000)}`],
  ];
  for (const [what, fields, lines, body] of heaviest) {
    const probe = await openProbe({ kind: 'tcp', server });
    const compose = composer(probe, `big${probe.port}`);
    const kept = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
    probe.send(compose('INVITE', { uri: 'sip:104@acme.example', fields: kept, lines, body: body ?? plainSdp }));
    const answer = await probe.hears(({ status }) => status >= 200, onRealServer ? 1_000 : 8_000);
    t.ok(onRealServer || (answer && [400, 413, 431, 480, 513].includes(answer.status)), `${what}: a refusal`, {
      got: answer?.startLine,
    });
    t.ok(await stage.lives(), `${what}: others are served`);
    await probe.close();
  }
  await stage.endsWell();
});

t.test('texts that take a careless reader long', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const server = stage.office.sip;
  const blanks = ' '.repeat(7_000);
  // drachtio-srf echoes From to drachtio-server, which takes no frame beyond 4 KB: the edge must limit it.
  const words = onRealServer ? 1_000 : 3_500;
  const slow: [what: string, fields: Record<string, string>][] = [
    ['multipart;a;a;a…', { 'Content-Type': `multipart/mixed${';a'.repeat(3_600)}` }],
    ['blanks in Via', { 'X-Via': blanks, Route: `<sip:127.0.0.1;lr>${blanks}x` }],
    ['blanks in From', { From: `"a"${blanks}<sip:900@acme.example>;tag=1` }],
    ['words in From', { From: `${'a '.repeat(words)}<sip:900@acme.example>;tag=1` }],
    ['quotes in Contact', { Contact: `${'"\\"'.repeat(2_000)}<sip:900@127.0.0.1>` }],
    ['sip: after sip:', { 'P-Asserted-Identity': `<${'sip:'.repeat(1_700)}900@x>` }],
    ['commas in Require', { Require: ','.repeat(7_000) }],
    ['commas in Accept', { Accept: `${'a/b,'.repeat(1_700)}x` }],
    ['slashes in the identity', { 'X-Callpickup-Identity': '/'.repeat(7_000) }],
    ['equals signs in Authorization', { Authorization: `Digest ${'a=b,'.repeat(1_700)}x` }],
  ];
  for (const [what, fields] of slow) {
    const probe = await openProbe({ server });
    for (let i = 0; i < 40; i += 1) {
      const compose = composer(probe, `slow${probe.port}x${i}`);
      const body = 'x'.repeat(i);
      probe.send(compose(i % 2 ? 'INVITE' : 'OPTIONS', { uri: 'sip:104@acme.example', fields, body }));
    }
    // A reader whose time grows with the square would keep this one waiting until the phone gives up.
    t.ok(await stage.lives(), `${what}: others are served meanwhile`);
    await probe.close();
  }
  await stage.endsWell();
});

/** Writes bytes to the HTTP port and gives the first line that comes back; empty if the connection just ends. */
const throwAtHttp = async (url: string, bytes: string): Promise<string> => {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port) });
  let answer = '';
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    answer += data.toString('latin1');
    if (answer.includes('\r\n')) socket.destroy();
  });
  await once(socket, 'connect');
  socket.end(bytes, 'latin1');
  await once(socket, 'close');
  return answer.split('\r\n')[0] ?? '';
};

t.test('nonsense at the HTTP door', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const { http } = stage.office;
  const request = (line: string, ...headers: string[]) =>
    [line, 'Host: x', ...headers, 'Connection: close', '', ''].join('\r\n');
  const rows: [what: string, bytes: string, expected: RegExp][] = [
    ['bytes', String.fromCharCode(...Array.from({ length: 500 }, (_, i) => (i * 89) % 256)), /^HTTP\/1.1 400 |^$/],
    ['SIP', 'OPTIONS sip:100@127.0.0.1 SIP/2.0\r\n\r\n', /^HTTP\/1.1 400 |^$/],
    ['a page that is not there', request('GET /nothing HTTP/1.1'), / 404 /],
    ['a way out of the house', request('GET /../../etc/passwd HTTP/1.1'), / 40[04] /],
    ['an escape that is none', request('GET /%zz HTTP/1.1'), / 40[04] /],
    ['names of JavaScript', request('GET /__proto__?constructor=1 HTTP/1.1'), / 404 /],
    ['a method that is not for it', request('DELETE /livez HTTP/1.1'), / 40[45] /],
    ['a method that is none', request('DANCE /livez HTTP/1.1'), / 400 /],
    ['headers without end', request('GET /livez HTTP/1.1', `X: ${'x'.repeat(100_000)}`), / 431 |^$/],
    ['a long way', request(`GET /${'x'.repeat(15_000)} HTTP/1.1`), / 4(04|14|31) /],
    ['two lengths', `${request('POST /livez HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2')}ab`, / 400 /],
    [
      'a length and chunks',
      `${request('POST /livez HTTP/1.1', 'Content-Length: 1', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
      / 40[04] /,
    ],
    [
      'a body that is no JSON',
      `${request('POST /livez HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 5')}{"__p`,
      / 40[045] /,
    ],
    ['half a request', 'GET /livez HT', /^HTTP\/1.1 400 |^$/],
  ];
  for (const [what, bytes, expected] of rows) t.match(await throwAtHttp(http, bytes), expected, what);
  t.equal((await fetch(`${http}/livez`)).status, 200, 'it is alive');
  t.equal((await fetch(`${http}/readyz`)).status, 200, 'and ready');
  await stage.endsWell();
});
