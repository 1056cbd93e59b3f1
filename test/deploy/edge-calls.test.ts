import t, { type Test } from 'tap';
import { freeLoopbackAddress } from '../support/kamailio.js';
import { acknowledge, openEdgeOffice, registerPhone, sendAs } from './edge-office.js';
import { answerOf, type Peer, requestOf, tcpPeer, udpPeer } from './sip-peer.js';
import { all, first, method, request, response, type SipText, status, token } from './sip-text.js';

const trunkHost = await freeLoopbackAddress();
const office = await openEdgeOffice({ pingSeconds: 30, trunks: [`sip:${trunkHost}:5060`] });
const { edge, service } = office;
const phone = await udpPeer(await freeLoopbackAddress(), edge);
// The address that phones write into their Contact leads nowhere, as behind a NAT.
const unreachable = '10.9.8.7:5062';
const offer = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';
const sdp = 'Content-Type: application/sdp';
t.teardown(async () => {
  await phone.close();
  await office.close();
});

t.test('an INVITE of a phone goes to the service, and the dialog works both ways', async (t) => {
  const contact = `<sip:100@${unreachable}>`;
  const headers = [`Contact: ${contact}`, sdp, 'X-Callpickup-Identity: zenith/100', `Route: <sip:${edge.host};lr>`];
  const sent = await sendAs(phone, { method: 'INVITE', uri: 'sip:*95101@acme.example', headers, body: offer });
  const invite = await service.next(requestOf('INVITE'));
  t.equal(invite.startLine, 'INVITE sip:*95101@acme.example SIP/2.0', 'the star code is untouched');
  t.same(all(invite, 'X-Callpickup-Identity'), ['acme/100']);
  t.same(all(invite, 'Route'), [], 'a Route of the phone does not pass');
  t.same(all(invite, 'Proxy-Authorization'), []);
  t.match(first(invite, 'Record-Route'), `<sip:${edge.host};lr`);
  t.equal(first(invite, 'Max-Forwards'), '69');
  t.equal(first(invite, 'Contact'), `<sip:100@${unreachable};alias=${phone.host}~${phone.port}~1>`);
  t.equal(invite.body, offer);

  const answer = { tag: token(), headers: [`Contact: <${service.uri}>`] };
  service.send(response(invite, '180 Ringing', answer));
  await phone.next(answerOf(180, sent.callId));
  service.send(response(invite, '200 OK', answer));
  const ok = await phone.next(answerOf(200, sent.callId));
  const dialog = { from: sent.from, to: first(ok, 'To'), callId: sent.callId };
  const route = `Route: ${first(ok, 'Record-Route')}`;
  phone.send(request({ ...dialog, method: 'ACK', uri: service.uri, via: phone.via, cseq: 2, headers: [route] }));
  t.same(all(await service.next(requestOf('ACK')), 'X-Callpickup-Identity'), []);

  const smuggled = 'X-Callpickup-Identity: acme/101';
  phone.send(
    request({ ...dialog, method: 'INFO', uri: service.uri, via: phone.via, cseq: 3, headers: [route, smuggled] }),
  );
  const info = await service.next(requestOf('INFO'));
  t.same(all(info, 'X-Callpickup-Identity'), [], 'nothing is smuggled inside a dialog either');
  service.send(response(info, '200 OK'));
  await phone.next(answerOf(200, sent.callId));

  const target = first(invite, 'Contact').slice(1, -1);
  const away = { from: dialog.to, to: dialog.from, callId: sent.callId, uri: target, via: service.via };
  service.send(request({ ...away, method: 'BYE', headers: [`Route: ${first(invite, 'Record-Route')}`] }));
  const bye = await phone.next(requestOf('BYE'));
  t.equal(bye.startLine, `BYE sip:100@${unreachable} SIP/2.0`, 'it finds the phone by its source address');
  phone.send(response(bye, '200 OK'));
  await service.next(answerOf(200, sent.callId));
});

t.test('a phone cannot have its requests sent elsewhere by an alias of its own', async (t) => {
  const victim = await udpPeer(await freeLoopbackAddress(), edge);
  t.teardown(() => victim.close());
  const forged = `sip:100@${unreachable};alias=${victim.host}~${victim.port}~1`;
  const call = { method: 'INVITE', uri: 'sip:101@acme.example' };
  const sent = await sendAs(phone, { ...call, headers: [`Contact: <${forged}>`] });
  const invite = await service.next(requestOf('INVITE', sent.callId));
  service.send(response(invite, '200 OK', { tag: 'a', headers: [`Contact: <${service.uri}>`] }));
  await phone.next(answerOf(200, sent.callId));
  const uri = first(invite, 'Contact').slice(1, -1);
  const away = { uri, via: service.via, from: '<sip:101@acme.example>;tag=a', to: sent.from, callId: sent.callId };
  service.send(request({ ...away, method: 'BYE', headers: [`Route: ${first(invite, 'Record-Route')}`] }));
  phone.send(response(await phone.next(requestOf('BYE', sent.callId)), '200 OK'));
  await service.next(answerOf(200, sent.callId));

  const twice = `${forged};alias=${victim.host}~${victim.port}~1`;
  phone.send(request({ ...call, via: phone.via, headers: [`Contact: <${twice}>`] }));
  await phone.next(answerOf(400));
  t.notOk(victim.inbox.length);
});

t.test('a refused INVITE: the refusal and its ACK stay hop by hop', async (t) => {
  const invite = { method: 'INVITE', uri: 'sip:999@acme.example', headers: [`Contact: <sip:100@${unreachable}>`] };
  const sent = await sendAs(phone, invite);
  service.send(response(await service.next(requestOf('INVITE')), '404 Not Found', { tag: 'n' }));
  const refusal = await phone.next(answerOf(404, sent.callId));
  phone.send(acknowledge(phone, sent, refusal));
  t.equal(first(await service.next(requestOf('ACK')), 'Call-ID'), sent.callId);
});

t.test('an INVITE with Replaces passes as it is, and its CANCEL follows it', async (t) => {
  const replaces = `${token()};to-tag=a;from-tag=b;early-only`;
  const headers = [`Contact: <sip:100@${unreachable}>`, `Replaces: ${replaces}`];
  const sent = await sendAs(phone, { method: 'INVITE', uri: 'sip:101@acme.example', headers });
  const invite = await service.next(requestOf('INVITE'));
  t.equal(first(invite, 'Replaces'), replaces);
  service.send(response(invite, '100 Trying'));
  service.send(response(invite, '180 Ringing', { tag: 'p' }));
  const ringing = await phone.next(answerOf(180, sent.callId));
  const via = first(ringing, 'Via').split(';branch=');
  const cancel = request({
    method: 'CANCEL',
    uri: sent.uri,
    via: phone.via,
    from: sent.from,
    callId: sent.callId,
    cseq: sent.cseq,
  });
  phone.send(cancel.replace(/branch=[^;]+/, `branch=${via[1]?.split(';')[0]}`));
  await phone.next(answerOf(200, sent.callId));
  const passed = await service.next(requestOf('CANCEL'));
  t.equal(first(passed, 'Via'), first(invite, 'Via'), 'in the transaction of its INVITE');
  service.send(response(passed, '200 OK', { tag: 'p' }));
  service.send(response(invite, '487 Request Terminated', { tag: 'p' }));
  await phone.next(answerOf(487, sent.callId));
});

for (const transport of ['udp', 'tcp'] as const) {
  t.test(`the service rings a registered phone over ${transport} by its Path`, async (t) => {
    const ringing = await (transport === 'udp' ? udpPeer : tcpPeer)(await freeLoopbackAddress(), edge);
    t.teardown(() => ringing.close());
    const contact = `sip:101@${unreachable};transport=${transport}`;
    const register = await registerPhone(office, ringing, contact);
    const { invite, sent } = await ringByPath(ringing, contact, register);
    t.equal(invite.startLine, `INVITE ${contact} SIP/2.0`);
    t.notMatch(invite.head, /x-callpickup/i, 'the Path is for the edge only');
    t.match(first(invite, 'Record-Route'), edge.host);

    const forged = ['X-Callpickup-Identity: acme/100', 'P-Asserted-Identity: <sip:1@acme.example>'];
    ringing.send(response(invite, '200 OK', { tag: 'callee', headers: [`Contact: <${contact}>`, ...forged] }));
    const ok = await service.next(answerOf(200, sent.callId));
    t.notMatch(ok.head, /x-callpickup|p-asserted/i, 'an answer of a phone asserts nothing');
    await hangUpBothWays(t, { ringing, invite, ok });
  });
}

t.test('a CANCEL of the service reaches the phone with both Reason lines', async (t) => {
  const ringing = await udpPeer(await freeLoopbackAddress(), edge);
  t.teardown(() => ringing.close());
  const contact = `sip:101@${unreachable}`;
  const { invite, sent } = await ringByPath(ringing, contact, await registerPhone(office, ringing, contact));
  ringing.send(response(invite, '180 Ringing', { tag: 'callee' }));
  await service.next(answerOf(180, sent.callId));
  const reasons = ['SIP;cause=200;text="Call completed elsewhere"', 'Q.850;cause=26'];
  const cancel = sent.text.replace(/^INVITE/, 'CANCEL').replace('CSeq: 1 INVITE', 'CSeq: 1 CANCEL');
  const lines = reasons.map((reason) => `Reason: ${reason}\r\n`).join('');
  service.send(cancel.replace(/X-Callpickup-Path.*\r\n/, lines));
  t.same(all(await ringing.next(requestOf('CANCEL')), 'Reason'), reasons);
  ringing.send(response(invite, '487 Request Terminated', { tag: 'callee' }));
  await service.next(answerOf(487, sent.callId));
});

t.test('a Route with the Path does the same as the header', async () => {
  const ringing = await udpPeer(await freeLoopbackAddress(), edge);
  const contact = `sip:101@${unreachable}`;
  const register = await registerPhone(office, ringing, contact);
  const headers = [`Route: ${first(register, 'Path')}`, `Contact: <${service.uri}>`];
  const callId = token();
  service.send(request({ method: 'INVITE', uri: contact, via: service.via, callId, headers }));
  const invite = await ringing.next(requestOf('INVITE', callId));
  ringing.send(response(invite, '486 Busy Here', { tag: 'busy' }));
  await service.next(answerOf(486, callId));
  await ringing.close();
});

t.test('a phone whose connection is gone is unavailable at once', async (t) => {
  const leaving = await tcpPeer(await freeLoopbackAddress(), edge);
  const contact = `sip:101@${unreachable};transport=tcp`;
  const register = await registerPhone(office, leaving, contact);
  await leaving.close();
  const callId = token();
  const headers = [`X-Callpickup-Path: ${first(register, 'Path')}`, `Contact: <${service.uri}>`];
  service.send(request({ method: 'INVITE', uri: contact, via: service.via, callId, headers }));
  const refusal = await service.next((message) => answerOf(480, callId)(message) || answerOf(477, callId)(message));
  t.equal(refusal.startLine, 'SIP/2.0 480 Temporarily Unavailable');
});

t.test('the service calls where it says when there is no Path, but not the edge itself', async (t) => {
  const callee = await udpPeer(await freeLoopbackAddress(), edge);
  t.teardown(() => callee.close());
  const callId = token();
  service.send(request({ method: 'INVITE', uri: `sip:555@${callee.host}:${callee.port}`, via: service.via, callId }));
  callee.send(response(await callee.next(requestOf('INVITE', callId)), '486 Busy Here', { tag: 'b' }));
  await service.next(answerOf(486, callId));
  const looping = token();
  service.send(request({ method: 'INVITE', uri: `sip:101@${edge.host}`, via: service.via, callId: looping }));
  await service.next(answerOf(404, looping));
  t.notOk(service.inbox.some(requestOf('INVITE', looping)));
});

t.test('the Path header of anyone else leads nowhere', async (t) => {
  const victim = await udpPeer(await freeLoopbackAddress(), edge);
  t.teardown(() => victim.close());
  const path = `<sip:${edge.host};lr;received=${victim.uri}>`;
  const headers = [`X-Callpickup-Path: ${path}`, `Route: ${path}`, `Contact: <sip:100@${unreachable}>`];
  await sendAs(phone, { method: 'INVITE', uri: victim.uri, headers });
  const invite = await service.next(requestOf('INVITE'));
  t.notMatch(invite.head, /x-callpickup-path/i);
  service.send(response(invite, '404 Not Found', { tag: 'n' }));
  await phone.next(answerOf(404));

  const neighbour = await udpPeer(service.host, edge);
  t.teardown(() => neighbour.close());
  neighbour.send(request({ method: 'INVITE', uri: victim.uri, via: neighbour.via, headers }));
  t.ok(await neighbour.next(answerOf(407)), "another program at the service's address is not the service");

  const inside = { method: 'BYE', uri: victim.uri, via: phone.via, to: '<sip:1@acme.example>;tag=x', callId: token() };
  phone.send(request({ ...inside, headers: [`Route: <sip:${edge.host};lr>`] }));
  await phone.next(answerOf(481, inside.callId));
  phone.send(
    request({ ...inside, callId: token(), headers: [`Route: <sip:${edge.host};lr>`, `Route: <${victim.uri};lr>`] }),
  );
  await phone.next(answerOf(481));
  t.notOk(victim.inbox.length, 'the edge is no way to third parties');
});

t.test('a call from a trunk needs no password and has no identity', async (t) => {
  const trunk = await udpPeer(trunkHost, edge);
  t.teardown(() => trunk.close());
  const asserted = '<sip:+4930123456@trunk.example>';
  const headers = ['X-Callpickup-Identity: acme/100', `P-Asserted-Identity: ${asserted}`, `Contact: <${trunk.uri}>`];
  trunk.send(request({ method: 'INVITE', uri: 'sip:101@acme.example', via: trunk.via, headers }));
  const invite = await service.next(requestOf('INVITE'));
  t.same(all(invite, 'X-Callpickup-Identity'), []);
  t.same(all(invite, 'P-Asserted-Identity'), [asserted]);
  service.send(response(invite, '486 Busy Here', { tag: 'b' }));
  await trunk.next(answerOf(486));
  trunk.send(request({ method: 'REGISTER', uri: 'sip:acme.example', via: trunk.via }));
  await trunk.next(answerOf(403));
});

t.test('MESSAGE is authenticated and passed; other requests outside a dialog are not', async (t) => {
  const sent = await sendAs(phone, { method: 'MESSAGE', uri: 'sip:101@acme.example' });
  const message = await service.next(requestOf('MESSAGE'));
  t.same(all(message, 'X-Callpickup-Identity'), ['acme/100']);
  service.send(response(message, '405 Method Not Allowed', { tag: 'm' }));
  await phone.next(answerOf(405, sent.callId));
  for (const other of ['REFER', 'NOTIFY', 'INFO', 'NEWMETHOD']) {
    const callId = token();
    phone.send(request({ method: other, uri: 'sip:101@acme.example', via: phone.via, callId }));
    t.match(first(await phone.next(answerOf(405, callId)), 'Allow'), 'INVITE', other);
  }
  t.notOk(service.inbox.some((message) => !status(message) && !['ACK', 'CANCEL'].includes(method(message))));
});

type Sent = { callId: string; text: string };

/** The service rings a binding: request URI = Contact, next hop = edge, the Path in its header. */
async function ringByPath(ringing: Peer, contact: string, register: SipText): Promise<{ invite: SipText; sent: Sent }> {
  const callId = token();
  const headers = [`X-Callpickup-Path: ${first(register, 'Path')}`, `Contact: <${service.uri}>`, sdp];
  const text = request({ method: 'INVITE', uri: contact, via: service.via, callId, headers, body: offer });
  service.send(text);
  return { invite: await ringing.next(requestOf('INVITE', callId)), sent: { callId, text } };
}

/** ACK and BYE of the service to the phone, then a BYE of the phone: each by Record-Route and alias alone. */
async function hangUpBothWays(t: Test, { ringing, invite, ok }: { ringing: Peer; invite: SipText; ok: SipText }) {
  const target = first(ok, 'Contact').slice(1, -1);
  const routes = all(ok, 'Record-Route')
    .map((route) => `Route: ${route}`)
    .reverse();
  const dialog = { from: first(ok, 'From'), to: first(ok, 'To'), callId: first(ok, 'Call-ID') };
  service.send(request({ ...dialog, method: 'ACK', uri: target, via: service.via, headers: routes }));
  t.equal(first(await ringing.next(requestOf('ACK')), 'Call-ID'), dialog.callId);
  service.send(request({ ...dialog, method: 'BYE', uri: target, via: service.via, cseq: 2, headers: routes }));
  ringing.send(response(await ringing.next(requestOf('BYE')), '200 OK'));
  await service.next(answerOf(200, dialog.callId));

  const reversed = { from: dialog.to, to: dialog.from, callId: dialog.callId };
  const back = all(invite, 'Record-Route').map((route) => `Route: ${route}`);
  ringing.send(request({ ...reversed, method: 'BYE', uri: service.uri, via: ringing.via, headers: back }));
  service.send(response(await service.next(requestOf('BYE')), '200 OK'));
  await ringing.next(answerOf(200, dialog.callId));
}
