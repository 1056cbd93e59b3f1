import { createHash } from 'node:crypto';
import t from 'tap';
import { phone } from '../support/phone.js';
import { answerTo } from '../support/phone-digest.js';
import type { Message } from '../support/phone-message.js';
import { ground } from '../support/service.js';
import { tortureOffice } from '../support/torture-office.js';
import { composer } from '../support/torture-own.js';
import { openProbe } from '../support/torture-probe.js';
import { tortureStage } from '../support/torture-stage.js';

t.comment(`on ${ground}`);

const passwordOf = (number: string): string => `secret of ${number}`;

const digestOffice = tortureOffice
  .replace('sipAuth: none', 'sipAuth: digest')
  .replace(
    /'(\d+)': \{ name: ([^}]+) \}/g,
    (_, number: string, name: string) => `'${number}': { name: ${name}, password: '${passwordOf(number)}' }`,
  );

/** Moves the clock of the service ten minutes on at each SIGUSR2: a nonce grows old without anybody waiting. */
const clock = `
let ahead = 0; const now = Date.now;
Date.now = () => now() + ahead;
process.on('SIGUSR2', () => { ahead += 600_000; console.log('{"msg":"ten minutes later"}'); });
`;

const movableClock = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(clock)}` };

const digestStage = (t: Parameters<typeof tortureStage>[0]) =>
  tortureStage(t, { office: digestOffice, password: passwordOf, env: movableClock });

/** A phone that says of itself what it likes. */
const registrant = async (t: Parameters<typeof tortureStage>[0]) => {
  const stage = await digestStage(t);
  const server = stage.office.sip;
  const frank = await phone(t, { number: '105', server });
  const registers = (Authorization?: string): Promise<Message> =>
    frank.registers({ headers: { ...(Authorization !== undefined && { Authorization }) } });
  const challenge = async (): Promise<string> => (await registers()).get('WWW-Authenticate') ?? '';
  const uri = `sip:${server.host}:${server.port}`;
  const right = { username: '105', password: passwordOf('105'), method: 'REGISTER', uri };
  return { stage, frank, registers, challenge, right };
};

t.test('passwords', async (t) => {
  const { stage, registers, challenge, right } = await registrant(t);
  const first = await registers();
  t.equal(first.status, 401, 'without credentials: a challenge');
  t.match(first.get('WWW-Authenticate'), /^Digest realm="acme.example", nonce="[^"]+"/, 'for the realm of the tenant');
  const once = answerTo(await challenge(), right);
  t.equal((await registers(once)).status, 200, 'with the right ones: registered');

  const judy = { username: '109', password: passwordOf('109') };
  const wrong = {
    'a wrong password': answerTo(await challenge(), { ...right, password: 'secret' }),
    nobody: answerTo(await challenge(), { ...right, username: 'nobody' }),
    'a name of JavaScript': answerTo(await challenge(), { ...right, username: '__proto__' }),
    'a password for another method': answerTo(await challenge(), { ...right, method: 'INVITE' }),
    'a password for another number': answerTo(await challenge(), { ...right, uri: 'sip:+4990012345@x.example' }),
    'somebody else, who may only register himself': answerTo(await challenge(), { ...right, ...judy }),
    'a nonce that was never given': once.replace(/nonce="[^"]+"/, 'nonce="lx2k.0123456789abcdef"'),
    'a realm of another': answerTo((await challenge()).replace('acme.example', 'evil.example'), right),
    'no response': once.replace(/response="[^"]+"/, 'response=""'),
    'half a header': 'Digest username="105',
    'another scheme': 'Basic MTA1OnNlY3JldA==',
    nothing: '',
    'the digest of an empty password': answerTo(await challenge(), { ...right, password: '' }),
    'names without values': `Digest ${'username,'.repeat(100)}`,
    'the digest of another hash': once.replace(
      /response="[^"]+"/,
      `response="${createHash('sha256').update('x').digest('hex')}"`,
    ),
  };
  for (const [what, credentials] of Object.entries(wrong)) {
    const answer = await registers(credentials);
    t.ok([400, 401, 403].includes(answer.status), `${what}: 401 or 403`, { got: answer.startLine });
    t.equal(answer.get('Contact'), undefined, `${what}: nothing is told`);
  }
  await stage.endsWell();
});

t.test('what is old, or was meant for something else', async (t) => {
  const { stage, frank, registers, challenge, right } = await registrant(t);
  const used = answerTo(await challenge(), right);
  t.equal((await registers(used)).status, 200, 'once');
  const elsewhere = await frank.sends('INVITE', '*95101', { headers: { Authorization: used } });
  t.ok([401, 403].includes(elsewhere.status), 'credentials of a REGISTER are good for nothing else', {
    got: elsewhere.startLine,
  });

  process.kill(stage.office.pid, 'SIGUSR2');
  await stage.office.says(({ msg }) => msg === 'ten minutes later');
  const late = await registers(used);
  t.equal(late.status, 401, 'a nonce of ten minutes ago: a new challenge');
  t.match(late.get('WWW-Authenticate'), /stale=true/i, 'and the password was right');
  t.equal((await registers(answerTo(late.get('WWW-Authenticate') ?? '', right))).status, 200, 'the new one will do');
  const gone = await registers(answerTo(late.get('WWW-Authenticate') ?? '', { ...right, password: 'guess' }));
  t.notMatch(gone.get('WWW-Authenticate') ?? '', /stale=true/i, 'a guess is not told that the nonce was old');

  const headers = { 'P-Asserted-Identity': '<sip:102@acme.example>', 'X-Callpickup-Identity': 'acme/102' };
  for (const target of ['101', '*95101', '*95', '*96101']) {
    const answer = await frank.calls(target, { headers }).ends();
    t.equal(answer.status, 401, `INVITE ${target} with nothing but words: a challenge`);
  }
  for (const phone of [stage.alice, stage.bob, stage.carol]) await phone.registers();
  await stage.endsWell();
});

/** The longest life of a binding in an answer, in seconds. */
const longestIn = (answer: Message): number =>
  Math.max(0, ...[...(answer.get('Contact') ?? '').matchAll(/expires=(\d+)/g)].map(([, each]) => Number(each)));

t.test('registrations', async (t) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const server = stage.office.sip;
  const judy = await phone(t, { number: '109', server });
  const contact = (i: number, more = '') => `<sip:109@127.0.0.1:${20_000 + i}>${more}`;
  const asks = (contacts: readonly string[] | undefined, headers: Record<string, string | undefined> = {}) =>
    judy.registers({ ...(contacts && { contacts }), headers });

  const rows: [
    what: string,
    contacts: readonly string[],
    headers: Record<string, string | undefined>,
    expected: number[],
  ][] = [
    ['another extension', [contact(1)], { To: '<sip:101@acme.example>' }, [403]],
    ['nobody', [contact(1)], { To: '<sip:nobody@acme.example>' }, [403, 404]],
    ['a name of JavaScript', [contact(1)], { To: '<sip:__proto__@acme.example>' }, [403, 404]],
    ['a star that does not expire', ['*'], { Expires: '3600' }, [400]],
    ['a star without Expires', ['*'], { Expires: undefined }, [400]],
    ['a star beside a contact', ['*', contact(1)], { Expires: '0' }, [400]],
    ['two stars', ['*', '*'], { Expires: '0' }, [400]],
    ['eleven contacts', Array.from({ length: 11 }, (_, i) => contact(i)), {}, [400, 403]],
    [
      'a thousand contacts in one line',
      [Array.from({ length: 1000 }, (_, i) => contact(i)).join(',')],
      {},
      [400, 403, 513],
    ],
    ['a contact that is no URI', ['hello'], {}, [400]],
    ['a contact of the web', ['<https://127.0.0.1/>'], {}, [400]],
    ['a contact that brings headers', ['<sip:109@127.0.0.1?Route=%3Csip:127.0.0.1%3E>'], {}, [400]],
    ['a contact with a line end', ['<sip:109%0d%0aX:1@127.0.0.1 >'], {}, [400]],
    ['a contact of 10 KB', [`<sip:109@127.0.0.1;x=${'x'.repeat(10_000)}>`], {}, [400]],
    ['a Path that is no URI', [contact(1)], { Path: 'nowhere', Supported: 'path' }, [400]],
    ['one second', [contact(1)], { Expires: '1' }, [423]],
    ['one second, said by the contact', [contact(1, ';expires=1')], {}, [423]],
    ['a thousand years', [contact(1)], { Expires: '31536000000' }, [200, 400]],
    ['beyond all numbers', [contact(1)], { Expires: '9'.repeat(300) }, [200, 400]],
    ['less than nothing', [contact(1)], { Expires: '-1' }, [200, 400]],
    ['soon', [contact(1)], { Expires: 'soon' }, [200, 400]],
    ['a contact for beyond all numbers', [contact(1, `;expires=${'9'.repeat(30)}`)], {}, [200, 400]],
    ['a contact for less than nothing', [contact(1, ';expires=-5')], {}, [200, 400]],
  ];
  for (const [what, contacts, headers, expected] of rows) {
    const answer = await asks(contacts, headers);
    t.ok(expected.includes(answer.status), `${what}: ${expected.join(' or ')}`, { got: answer.startLine });
    const longest = longestIn(answer);
    t.ok(longest <= 7200, `${what}: no binding for longer than two hours`, { longest });
    if (answer.status === 423) t.match(answer.get('Min-Expires'), /^\d+$/, `${what}: how long it must be is said`);
  }
  t.equal((await asks(['*'], { Expires: '0' })).status, 200, 'a star with Expires 0 takes all back');
  t.equal((await judy.registers({ headers: { Contact: undefined } })).get('Contact'), undefined, 'none is left');
  t.equal(
    (await stage.bob.registers({ headers: { Contact: undefined } })).all('Contact').length,
    1,
    'Bob is where he was',
  );
  await stage.endsWell();
});

/** Each place where a byte may hide in or around the name of the header that only the edge may set. */
const spellings = (value: string): [what: string, line: string][] => {
  const name = 'X-Callpickup-Identity';
  const bytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).filter((byte) => !':\r\n'.includes(byte));
  return [
    ...bytes.map((byte): [string, string] => [`byte ${byte.charCodeAt(0)} behind`, `${name}${byte}: ${value}`]),
    ...bytes.map((byte): [string, string] => [`byte ${byte.charCodeAt(0)} before`, `${byte}${name}: ${value}`]),
    ['escaped at the front', `%58-Callpickup-Identity: ${value}`],
    ['escaped in the middle', `X-Callpickup%2DIdentity: ${value}`],
    ['escaped wholly', `${[...name].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('')}: ${value}`],
    ['lower case', `x-callpickup-identity: ${value}`],
    ['upper case', `X-CALLPICKUP-IDENTITY: ${value}`],
    ['folded', `${name}:\r\n ${value}`],
    ['folded inside', `${name}: acme\r\n\t/${value.split('/')[1]}`],
    ['in a folded line of another', `Subject: a\r\n ${name}: ${value}`],
    ['behind a bare line feed', `Subject: a\n${name}: ${value}`],
    ['behind a bare carriage return', `Subject: a\r${name}: ${value}`],
    ['twice in one line', `${name}: ${value}, ${value}`],
    ['with more behind', `${name}: ${value};x=1`],
  ];
};

const registerOf = (
  probe: { kind: 'udp' | 'tcp'; host: string; port: number },
  word: string,
  lines: readonly string[],
): string =>
  composer(probe, word)('REGISTER', {
    uri: 'sip:acme.example',
    fields: {
      To: '<sip:100@acme.example>',
      From: '<sip:100@acme.example>;tag=1',
      Contact: undefined,
      'Content-Length': undefined,
    },
    lines,
  });

t.test('the identity that only the edge may give', async (t) => {
  const edge = '127.0.0.9';
  const stage = await tortureStage(t, {
    office: digestOffice,
    password: passwordOf,
    env: { SIP_TRUSTED_EDGES: `${edge}/32` },
  });
  const server = stage.office.sip;
  const own = 'X-Callpickup-Identity: acme/102';
  let count = 0;
  // Who is taken for 100 may ask for the bindings of 100 and is told them: 200.
  const isBelieved = async (host: string, lines: readonly string[]): Promise<boolean> => {
    const probe = await openProbe({ host, server });
    count += 1;
    probe.send(registerOf(probe, `id${process.pid}x${count}`, lines));
    const answer = await probe.hears(({ status }) => status >= 200, 250);
    await probe.close();
    return answer?.status === 200;
  };

  t.ok(await isBelieved(edge, ['X-Callpickup-Identity: acme/100']), 'the edge is believed');
  t.notOk(await isBelieved('127.0.0.1', ['X-Callpickup-Identity: acme/100']), 'nobody else is');
  t.notOk(await isBelieved(edge, []), 'who is nobody to the edge is nobody to us');
  const believed: string[] = [];
  for (const [what, line] of spellings('acme/100')) {
    if (await isBelieved(edge, [line, own])) believed.push(`${what}, before the edge's own`);
    if (await isBelieved(edge, [own, line])) believed.push(`${what}, behind the edge's own`);
    if (await isBelieved('127.0.0.1', [line])) believed.push(`${what}, without the edge`);
  }
  t.same(believed, [], "no second header beside the edge's own makes somebody else of the sender");
  const values = [
    'acme/100/x',
    'acme',
    '/100',
    'acme/',
    'acme/100\0',
    'acme/__proto__',
    '__proto__/100',
    'constructor/100',
    'acme/100,acme/100',
    '*/*',
    'acme/1*',
  ];
  for (const value of values) {
    const isTaken = await isBelieved(edge, [`X-Callpickup-Identity: ${value}`]);
    t.notOk(isTaken, `${JSON.stringify(value)} is nobody`);
  }
  await stage.endsWell();
});
