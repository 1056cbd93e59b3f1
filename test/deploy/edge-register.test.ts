import t from 'tap';
import { freeLoopbackAddress } from '../support/kamailio.js';
import { openEdgeOffice, otherPassword, password, registerPhone, sendAs } from './edge-office.js';
import { answerOf, type Peer, requestOf, tcpPeer, udpPeer } from './sip-peer.js';
import { all, digest, first, request, response, type SipText, token } from './sip-text.js';

// One worker, so that the counted uses of one nonce are read in the order in which they were sent.
const office = await openEdgeOffice({ pingSeconds: 30, defines: { EDGE_WORKERS: '1' } });
const phone = await udpPeer(await freeLoopbackAddress(), office.edge);
t.teardown(async () => {
  await phone.close();
  await office.close();
});

t.test('a REGISTER without a password is challenged and the service does not hear of it', async (t) => {
  phone.send(request({ method: 'REGISTER', uri: 'sip:acme.example', via: phone.via, to: '<sip:100@acme.example>' }));
  const challenge = await phone.next(answerOf(401));
  t.match(first(challenge, 'WWW-Authenticate'), /realm="acme\.example".*qop="auth"/);
  t.notOk(office.service.inbox.length);
});

t.test('wrong passwords are challenged again, unknown users alike, and the tenth is the last', async (t) => {
  const other = await udpPeer(await freeLoopbackAddress(), office.edge);
  t.teardown(() => other.close());
  const register = { method: 'REGISTER', uri: 'sip:acme.example', to: '<sip:100@acme.example>' };
  for (const username of ['bert', 'nobody']) {
    const sent = await sendAs(other, register, { username, password: 'wrong' });
    t.match(first(await other.next(answerOf(401, sent.callId)), 'WWW-Authenticate'), /nonce=/, username);
  }
  for (let attempt = 2; attempt <= 10; attempt += 1) {
    const sent = await sendAs(other, register, { username: 'bert', password: 'wrong' });
    await other.next(answerOf(401, sent.callId));
  }
  const { callId } = await sendAs(other, register, { username: 'bert', password: 'wrong' });
  t.ok(await other.next(answerOf(403, callId)));
  t.notOk(office.service.inbox.length, 'the service heard of none');
});

t.test('two companies may have the same user name, each with its own password', async (t) => {
  const zenith = {
    method: 'REGISTER',
    uri: 'sip:zenith.example',
    from: '<sip:anna@zenith.example>;tag=z',
    to: '<sip:100@zenith.example>',
  };
  const sent = await sendAs(phone, zenith, { username: 'anna', password });
  await phone.next(answerOf(401, sent.callId));
  t.notOk(office.service.inbox.length);

  const { callId } = await sendAs(phone, zenith, { username: 'anna', password: otherPassword });
  const register = await office.service.next(requestOf('REGISTER', callId));
  t.same(identities(register), ['X-Callpickup-Identity: zenith/100']);
  office.service.send(response(register, '200 OK', { tag: 'r' }));
  await phone.next(answerOf(200, callId));
});

t.test('the right password: one identity, a Path with the source, and nothing that was smuggled', async (t) => {
  const sent = await sendAs(phone, {
    method: 'REGISTER',
    uri: 'sip:acme.example',
    to: '<sip:100@acme.example>',
    headers: [
      'Contact: <sip:100@10.9.8.7:5062>',
      'X-Callpickup-Identity: zenith/100',
      'x-callpickup-identity : zenith/101',
      'X-CALLPICKUP-Path: <sip:10.0.0.1;lr>',
      'Path: <sip:10.0.0.1;lr>',
      'P-Asserted-Identity: <sip:200@acme.example>',
      'P-Preferred-Identity: <sip:200@acme.example>',
      'Remote-Party-ID: <sip:200@acme.example>;party=calling',
    ],
  });
  const register = await office.service.next(requestOf('REGISTER'));
  t.same(identities(register), ['X-Callpickup-Identity: acme/100']);
  t.same(all(register, 'Path'), [`<sip:${office.edge.host};lr;received=sip:${phone.host}:${phone.port}>`]);
  t.ok(all(register, 'Supported').includes('path'));
  t.equal(first(register, 'Contact'), '<sip:100@10.9.8.7:5062>', 'the Contact is left as the phone wrote it');
  for (const gone of ['Authorization', 'P-Asserted-Identity', 'P-Preferred-Identity', 'Remote-Party-ID']) {
    t.same(all(register, gone), [], `${gone} does not pass`);
  }
  office.service.send(response(register, '200 OK', { tag: 'r' }));
  await phone.next(answerOf(200, sent.callId));
});

t.test('a phone on TCP is registered with its connection', async (t) => {
  const connected = await tcpPeer(await freeLoopbackAddress(), office.edge);
  t.teardown(() => connected.close());
  const register = await registerPhone(office, connected, 'sip:100@10.9.8.7:5062;transport=tcp');
  const received = `sip:${connected.host}:${connected.port}%3Btransport%3Dtcp`;
  t.match(first(register, 'Path'), `received=${received}`);
});

t.test('a phone that speaks to the edge by its address is asked in the default realm', async (t) => {
  const uri = `sip:${office.edge.host}`;
  const sent = await sendAs(phone, {
    method: 'REGISTER',
    uri,
    from: `<sip:100@${office.edge.host}>;tag=a`,
    to: `<sip:100@${office.edge.host}>`,
  });
  const register = await office.service.next(requestOf('REGISTER'));
  t.same(identities(register), ['X-Callpickup-Identity: acme/100']);
  office.service.send(response(register, '200 OK', { tag: 'r' }));
  await phone.next(answerOf(200, sent.callId));
});

t.test('no spelling of the identity header comes through, with any byte in any place', async (t) => {
  const smuggler = await udpPeer(await freeLoopbackAddress(), office.edge);
  t.teardown(() => smuggler.close());
  const { passed, sent } = await smuggle(smuggler);
  t.ok(sent > 1500, `${sent} variants were sent`);
  t.ok(passed.length > 200, `${passed.length} of them were passed on, without the header`);
  const leaks = passed.filter((register) => identities(register).join() !== 'X-Callpickup-Identity: acme/100');
  t.same(
    leaks.map((register) => JSON.stringify(identities(register))),
    [],
  );
});

/** Every place in the message head where something like our header stands. */
function identities(message: SipText): string[] {
  const bare = message.head.replace(/[^\x20-\x7e\r\n]/g, '');
  return bare.split(/[\r\n]+/).filter((line) => /x-?callpickup/i.test(line));
}

/** Registers with valid credentials and one smuggled line each; returns what the service was shown. */
async function smuggle(smuggler: Peer): Promise<{ passed: SipText[]; sent: number }> {
  const variants = [...everyByte(), ...oddLines()];
  const passed: SipText[] = [];
  for (let start = 0; start < variants.length; start += 20) {
    passed.push(...(await smuggleBatch(smuggler, variants.slice(start, start + 20))));
  }
  return { passed, sent: variants.length };
}

async function smuggleBatch(smuggler: Peer, lines: readonly string[]): Promise<SipText[]> {
  const register = {
    method: 'REGISTER',
    uri: 'sip:acme.example',
    via: smuggler.via,
    from: '<sip:anna@acme.example>;tag=s',
    to: '<sip:100@acme.example>',
  };
  const callId = token();
  smuggler.send(request({ ...register, callId }));
  const challenge = first(await smuggler.next(answerOf(401, callId)), 'WWW-Authenticate');
  for (const [index, line] of lines.entries()) {
    const login = { username: 'anna', password, method: 'REGISTER', uri: 'sip:acme.example', nc: index + 1 };
    const text = request({ ...register, headers: ['@', `Authorization: ${digest(challenge, login)}`] });
    smuggler.send(
      Buffer.from(
        text.replace('\r\n@\r\n', () => `\r\n${line}\r\n`),
        'latin1',
      ),
    );
  }
  return settle(smuggler);
}

function everyByte(): string[] {
  return Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).flatMap((byte) => [
    `X-Callpickup-Identity${byte}: zenith/100`,
    `X-Callpickup-Identity${byte}x: zenith/100`,
    `${byte}X-Callpickup-Identity: zenith/100`,
    `X-Call${byte}pickup-Identity: zenith/100`,
    `X-Callpickup-Identity:${byte}zenith/100`,
    `Subject: hello${byte}X-Callpickup-Identity: zenith/100`,
  ]);
}

function oddLines(): string[] {
  return [
    'X-Callpickup-Identity \t : zenith/100',
    'X-Callpickup-Identity\r\n : zenith/100',
    'X-Callpickup-Identity:\r\n zenith/100',
    'Subject: hello\r\n X-Callpickup-Identity: zenith/100',
    'Subject: hello\r\n\tX-Callpickup-Identity: zenith/100',
    'Subject: hello\nX-Callpickup-Identity: zenith/100',
    'Subject: hello\rX-Callpickup-Identity: zenith/100',
    'X-Callpickup-Identity: zenith/100\r\nX-Callpickup-Identity: zenith/101',
    'X-Callpickup-Identity: zenith/100, acme/101',
    'x-CALLpickup-idENTITY: zenith/100',
    'X-Callpickup-Identity;x=1: zenith/100',
    '"X-Callpickup-Identity": zenith/100',
  ];
}

// OPTIONS is answered by the edge itself: when its answer is here, the edge has read all that was sent before it.
// Then one REGISTER more is passed on, and when the service has it, it has all of them.
async function settle(from: Peer): Promise<SipText[]> {
  const callId = token();
  from.send(request({ method: 'OPTIONS', uri: office.edge.uri, via: from.via, callId }));
  await from.next(answerOf(200, callId));
  await registerPhone(office, phone, 'sip:100@10.9.8.7:5062');
  const passed = office.service.inbox.splice(0).filter(requestOf('REGISTER'));
  for (const register of passed) office.service.send(response(register, '200 OK', { tag: 's' }));
  return passed;
}
