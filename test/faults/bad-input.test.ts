import t, { type Test } from 'tap';
import { type Call, type Calling, type Phone, phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { tortureOffice } from '../support/torture-office.js';
import { plainSdp } from '../support/torture-own.js';
import { onRealServer } from '../support/torture-server.js';
import { tortureStage } from '../support/torture-stage.js';

t.comment(`on ${ground}`);

/** A call that must be refused: what is wrong with it, how it is made, and every answer that is right. */
interface BadCall {
  readonly what: string;
  readonly dials: string;
  readonly calling?: Calling;
  readonly expected: number | readonly number[];
  /** A header that the answer must have. */
  readonly says?: readonly [name: string, value: RegExp];
  /** What drachtio-server does to it before the service sees anything. */
  readonly server?: 'drops' | 'dies';
}

const refuses = async (t: Test, who: Phone, bad: BadCall): Promise<void> => {
  const { what, dials, calling = {}, expected, says } = bad;
  const weakness = onRealServer ? bad.server : undefined;
  if (weakness === 'dies')
    return t.comment(`${what}: not sent to drachtio-server, which ends on it; the edge must refuse it`);
  const call = who.calls(dials, calling);
  if (weakness === 'drops') return dropped(t, what, call);
  const answer = await call.ends();
  t.ok([expected].flat().includes(answer.status), `${what}: ${[expected].flat().join(' or ')}`, {
    got: answer.startLine,
  });
  if (says) t.match(answer.get(says[0]) ?? '', says[1], `${what}: the answer says ${says[0]}`);
};

/** drachtio-server drops some requests without a word (docs/torture.md); the service never sees them. */
const dropped = async (t: Test, what: string, call: Call): Promise<void> => {
  await t.rejects(call.ends(700), `${what}: dropped by drachtio-server`);
};

const call = (
  what: string,
  headers: Calling['headers'],
  expected: BadCall['expected'],
  says?: BadCall['says'],
): BadCall => ({
  what,
  dials: '104',
  calling: { headers: headers ?? {} },
  expected,
  ...(says && { says }),
});

const sdp = (what: string, text: string, expected: BadCall['expected'] = 488): BadCall => ({
  what,
  dials: '*95104',
  calling: { sdp: text },
  expected,
});

const lines = (...more: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', ...more, ''].join('\r\n');

t.test('numbers that lead nowhere', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const { carol } = stage;
  const nobody = [
    '777',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toString',
    '%F0%9F%93%9E',
    '1'.repeat(65),
    '101*',
  ];
  const bad: BadCall[] = [
    ...nobody.map((number) => ({ what: `nobody is ${number.slice(0, 20)}`, dials: number, expected: 404 })),
    { what: 'half an escape', dials: '%2A95%3', expected: [400, 404], server: 'drops' },
    { what: 'escaped line ends', dials: '101%0d%0aX-Evil:1', expected: [400, 404] },
    { what: 'an escaped NUL', dials: '*95%00101', expected: [400, 404] },
    { what: 'no number at all', dials: `sip:${carol.aor.split('@')[1]}`, expected: [404, 484] },
    { what: 'the code of a group with nothing to pick up at 0', dials: '*950', expected: [404, 480, 484] },
    { what: 'a code and a name out of JavaScript', dials: '*95__proto__', expected: 404 },
    { what: 'a code and a very long number', dials: `*95${'1'.repeat(60)}`, expected: 404 },
    ...['*96', '*33', '*34', '*35'].map((dials) => ({ what: `${dials} wants an extension`, dials, expected: 484 })),
    ...['*96__proto__', '*94__proto__', '*33__proto__', '*35constructor'].map((dials) => ({
      what: `${dials}: nobody is called that`,
      dials,
      expected: 404,
    })),
    ...['*96104', '*33104', '*34104', '*35104'].map((dials) => ({
      what: `${dials} is allowed to nobody here`,
      dials,
      expected: 403,
    })),
    { what: 'nothing to be shown rings at 104', dials: '*94104', expected: 480 },
    { what: '*77101 wants a PIN', dials: '*77101', expected: 484 },
    { what: '*77101*12x4 has none', dials: '*77101*12x4', expected: 484 },
    { what: '*77__proto__*1234: nobody is called that', dials: '*77__proto__*1234', expected: 404 },
    { what: '*77101*1234 is allowed to nobody here', dials: '*77101*1234', expected: 403 },
    { what: 'nothing rings at 104', dials: '*95104', expected: 480, says: ['Reason', /cause=480/] },
    { what: 'nothing rings at 104, by a tel URI', dials: 'tel:*95104;phone-context=acme.example', expected: 480 },
    { what: 'a tel URI of nobody', dials: 'tel:+4930123456', expected: 404 },
    { what: 'a URI that is no telephone', dials: 'urn:service:sos', expected: 416 },
  ];
  for (const each of bad) await refuses(t, carol, each);

  const frank = await phone(t, { number: '105', server: stage.office.sip });
  await refuses(t, frank, { what: 'group pickup without a group', dials: '*95', expected: 403 });
  const stranger = await phone(t, { number: '900', server: stage.office.sip });
  await refuses(t, stranger, { what: 'a code dialled from outside', dials: '*95101', expected: 403 });
  const again = await stage.alice.calls('*95101').fails();
  t.equal(again.status, 403, 'one cannot pick up the call that one makes');
  await stage.endsWell();
});

t.test('one code in many spellings', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const { alice, carol } = stage;
  const eve = await phone(t, { number: '104', server: stage.office.sip });
  await eve.registers();
  const host = carol.aor.split('@')[1];
  const spellings = [
    '%2A95104',
    '*95%3104'.replace('%3104', '%31%30%34'),
    '*95104#',
    '%2a95104%23',
    `sip:*95104;phone-context=+49@${host};user=phone`,
    `sip:*95104@${host};user=phone`,
    `SIP:*95104@${host}`,
    `sips:*95104@${host}`.replace('sips', 'sip'),
    'tel:*95104;phone-context=acme.example',
    '**104',
    '*8104',
  ];
  for (const dials of spellings) {
    const ringing = alice.calls('104');
    const leg = await eve.isCalled();
    leg.rings();
    await ringing.rings();
    const pickup = carol.calls(dials);
    const answer = await pickup.ends();
    t.equal(answer.status, 200, dials);
    if (answer.status !== 200) await ringing.cancels();
    else {
      await Promise.all([ringing.answered(), leg.stopsRinging()]);
      await Promise.all([pickup.hangsUp(), ringing.isHungUp()]);
    }
  }
  await stage.endsWell();
});

t.test('descriptions that cannot be read or crossed', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const { carol } = stage;
  const media = 'm=audio 40000 RTP/AVP 0';
  const unreadable = [
    sdp('no SDP', 'this is no SDP'),
    sdp('the first line alone', 'v=0\r\n'),
    sdp('no media', lines()),
    sdp('a media line without a port', lines('m=audio RTP/AVP 0')),
    sdp('a port out of range', lines('c=IN IP4 127.0.0.1', 'm=audio 99999 RTP/AVP 0')),
    sdp('a negative port', lines('c=IN IP4 127.0.0.1', 'm=audio -1 RTP/AVP 0')),
    sdp('a second media line that is none', lines('c=IN IP4 127.0.0.1', media, 'm=')),
    sdp('a version that is not ours', plainSdp.replace('v=0', 'v=9')),
    sdp('bytes', String.fromCharCode(...Array.from({ length: 200 }, (_, i) => 1 + ((i * 37) % 120)))),
    sdp('longer than 3000 bytes', plainSdp + 'a=x\r\n'.repeat(700), 413),
  ];
  for (const each of unreadable) {
    await refuses(t, carol, each);
    await refuses(t, carol, { ...each, dials: '104', what: `${each.what}, to a phone` });
  }
  const uncrossable = [
    ['video alone', lines('c=IN IP4 127.0.0.1', 'm=video 40000 RTP/AVP 31')],
    ['no codec in common', lines('c=IN IP4 127.0.0.1', 'm=audio 40000 RTP/AVP 97', 'a=rtpmap:97 NONE/8000')],
    ['SRTP without keys', lines('c=IN IP4 127.0.0.1', 'm=audio 40000 RTP/SAVP 0')],
    ['nowhere to send to', lines(media)],
  ] as const;
  for (const [what, text] of uncrossable) {
    const answer = await carol.calls('*95101', { sdp: text }).ends();
    t.equal(answer.status, 488, `a pickup with ${what}: 488, and the phone rings on`);
  }
  const javascript = lines('c=IN IP4 127.0.0.1', media, 'a=__proto__:1', 'a=constructor:x', 'a=rtpmap:__proto__ x/1');
  await refuses(t, carol, { ...sdp('names of JavaScript, which are only names', javascript, 480), dials: '104' });
  await stage.endsWell();
});

t.test('headers that are wrong', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const type = (value: string) => ({ 'Content-Type': value });
  const bad: BadCall[] = [
    call('no Contact', { Contact: undefined }, 400),
    { ...call('a Contact that is a star', { Contact: '*' }, 400), server: 'dies' },
    { ...call('a Contact that is empty', { Contact: '' }, 400), server: 'dies' },
    { ...call('a Contact that is no SIP URI', { Contact: '<tel:+4930123>' }, [400, 480]), server: 'dies' },
    call('no hops left', { 'Max-Forwards': '0' }, 483),
    call('hops that are no number', { 'Max-Forwards': 'many' }, 400),
    call('hops below zero', { 'Max-Forwards': '-1' }, 400),
    call('Require of an unknown extension', { Require: 'teleport' }, 420, ['Unsupported', /teleport/]),
    call('Require of several', { Require: ['100rel, a', 'b'] }, 420, ['Unsupported', /a.*b/]),
    call('an unknown body', type('application/poem'), 415, ['Accept', /application\/sdp/]),
    call('a body in parts', type('multipart/mixed;boundary=b'), 415, ['Accept', /application\/sdp/]),
    call('a type without a subtype', type('application'), [400, 415]),
    call('a body that is packed', { 'Content-Encoding': 'gzip' }, 415, ['Accept-Encoding', /identity/]),
    call('a body that is packed, in short', { e: 'gzip' }, 415, ['Accept-Encoding', /identity/]),
    call('no SDP is accepted', { Accept: 'text/html, application/poem;q=0.3' }, 406, ['Accept', /application\/sdp/]),
    call('two To', { To: ['<sip:104@acme.example>', '<sip:105@acme.example>'] }, 400),
    call('two Call-IDs', { 'Call-ID': ['one', 'two'] }, 400),
    call('a From that is no address', { From: 'someone;tag=1;;' }, 400),
    call('two Replaces', { Replaces: ['a;to-tag=1;from-tag=2', 'b;to-tag=1;from-tag=2'] }, [400, 481]),
  ];
  for (const each of bad) await refuses(t, stage.carol, each);

  const harmless = [
    [
      'fifty kinds accepted, SDP among them',
      { Accept: [...Array.from({ length: 49 }, (_, i) => `text/x${i}`), 'application/sdp'] },
    ],
    ['hops with zeros before', { 'Max-Forwards': '0068' }],
    [
      'names of JavaScript as headers',
      { __proto: 'x', ['__proto__' as string]: 'x', constructor: 'y', hasOwnProperty: 'z', toString: 'w' },
    ],
    ['Require of what we can', { Require: '100rel' }],
    ['a language that nobody speaks', { 'Accept-Language': 'tlh', Priority: 'emergency', Subject: '%s%n%x' }],
  ] as const;
  for (const [what, headers] of harmless) await refuses(t, stage.carol, call(what, { ...headers }, 480));
  await stage.endsWell();
});

t.test('requests that are no calls', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const { carol } = stage;
  const rows: [method: string, target: string, expected: number[], headers?: Record<string, string>][] = [
    ['OPTIONS', '104', [200]],
    ['OPTIONS', '104', [420], { Require: 'teleport' }],
    ['MESSAGE', '104', [415]],
    ['MESSAGE', '104', [480], { 'Content-Type': 'text/plain' }],
    ['SUBSCRIBE', '104', [489], { Event: 'presence.winfo' }],
    ['PUBLISH', '104', [489], { Event: 'presence.winfo' }],
    ['PUBLISH', '104', [400], { Event: 'presence' }],
    ['PUBLISH', '104', [412], { Event: 'presence', 'SIP-If-Match': 'x y' }],
    ['NOTIFY', '101', [481], { Event: 'dialog', 'Subscription-State': 'active' }],
    ['INFO', '101', [481]],
    ['UPDATE', '101', [481]],
    ['BYE', '101', [481]],
    ['CANCEL', '101', [481]],
  ];
  const document =
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:102@acme.example"><note>&a;</note></presence>';
  const published: [body: string, answer: string, headers?: Record<string, string>][] = [
    [`<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>${document}`, '400 Document Types Not Taken'],
    [`<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY a "${'&b;'.repeat(99)}">]>${document}`, '400 Document Types Not Taken'],
    [document.slice(0, -3), '400 Bad Presence Document'],
    ['{"presence": {}}', '400 Bad Presence Document'],
    [document, '415 Unsupported Media Type', { 'Content-Type': 'text/xml' }],
    [document, '415 Unsupported Media Type', { 'Content-Encoding': 'gzip' }],
  ];
  for (const [body, answer, more] of published) {
    const headers = { Event: 'presence', 'Content-Type': 'application/pidf+xml', ...more };
    t.equal((await carol.sends('PUBLISH', '102', { headers, body })).startLine, `SIP/2.0 ${answer}`, body.slice(0, 60));
  }
  // drachtio-server drops what it does not know, and a REFER or a PRACK that is in no dialog.
  if (!onRealServer) {
    rows.push(['DANCE', '104', [405, 501]], ['invite', '104', [405, 501]]);
    rows.push(['REFER', '104', [405], { 'Refer-To': '<sip:101@acme.example>' }]);
    rows.push(['PRACK', '101', [481], { RAck: '1 1 INVITE' }]);
  }
  for (const [method, target, expected, headers = {}] of rows) {
    const answer = await carol.sends(method, target, { headers });
    t.ok(expected.includes(answer.status), `${method}: ${expected.join(' or ')}`, { got: answer.startLine });
  }
  await stage.endsWell();
});
