import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { checkConfiguration, edgeConfiguration, freeLoopbackAddress } from '../support/kamailio.js';
import { openEdgeOffice, password, sendAs } from './edge-office.js';
import { answerOf, requestOf, udpPeer } from './sip-peer.js';
import { first, request, response, status, token } from './sip-text.js';

const tlsConfiguration = fileURLToPath(new URL('../../sip-config/kamailio/tls.cfg', import.meta.url));
const office = await openEdgeOffice({ pingSeconds: 30 });
const { edge, service } = office;
const phone = await udpPeer(await freeLoopbackAddress(), edge);
const call = { method: 'INVITE', uri: 'sip:101@acme.example', via: phone.via };
t.teardown(async () => {
  await phone.close();
  await office.close();
});

t.test('kamailio -c accepts the configuration, with and without its options', async (t) => {
  const withTls = { WITH_TLS: '1', EDGE_TLS_CONFIG: `"${tlsConfiguration}"` };
  const variants: Record<string, string>[] = [{}, { WITH_METRICS: '1' }, withTls];
  for (const defines of variants) {
    const { code, output } = await checkConfiguration(edgeConfiguration, defines);
    t.equal(code, 0, output);
    t.match(output, 'config file ok');
  }
});

t.test('what is too large, without end or of the wrong kind is refused before it is read on', async (t) => {
  const refusals = [
    { code: 513, headers: [`X-Fill: ${'a'.repeat(8000)}`] },
    { code: 415, headers: ['Content-Type: multipart/mixed;boundary=b'], body: '--b--' },
    { code: 415, headers: ['c: Multipart/mixed;boundary=b'], body: '--b--' },
    { code: 415, headers: [`Content-Type: application/sdp${';a'.repeat(130)}`], body: 'v=0' },
    { code: 400, headers: ['Content-Type: application/sdp', 'Content-Type: text/plain'], body: 'v=0' },
    { code: 483, headers: [], maxForwards: 0 },
    { code: 420, headers: ['Proxy-Require: moon'] },
    { code: 400, headers: ['Subject: a\u0001b'] },
    { code: 400, headers: ['Contact: *'] },
    { code: 400, headers: ['m: <tel:+4930123>'] },
  ];
  for (const { code, ...parts } of refusals) {
    const callId = token();
    phone.send(request({ ...call, ...parts, callId }));
    const refusal = await phone.next((message) => status(message) >= 300 && first(message, 'Call-ID') === callId);
    t.equal(status(refusal), code, JSON.stringify(parts).slice(0, 80));
  }
  t.notOk(service.inbox.length, 'the service saw none of them');
});

t.test('a large but allowed request passes', async (t) => {
  const sent = await sendAs(phone, { ...call, headers: [`X-Fill: ${'a'.repeat(6000)}`] });
  const invite = await service.next(requestOf('INVITE'));
  t.equal(first(invite, 'X-Fill').length, 6000);
  service.send(response(invite, '486 Busy Here', { tag: 'b' }));
  await phone.next(answerOf(486, sent.callId));
});

t.test('two spaces in the request line, on which drachtio-server hangs, do not pass', async (t) => {
  const mutate = (text: string) => text.replace('INVITE sip:', 'INVITE  sip:').replace(' SIP/2.0', '  SIP/2.0');
  await sendAs(phone, call, { username: 'anna', password, mutate });
  await afterTheEdgeHasRead();
  t.notOk(service.inbox.some(requestOf('INVITE')));
});

t.test('a reply that belongs to no transaction is dropped, whatever its second Via says', async (t) => {
  const victim = await udpPeer(await freeLoopbackAddress(), edge);
  t.teardown(() => victim.close());
  const stray = (vias: string[]) =>
    [
      'SIP/2.0 200 OK',
      ...vias.map((via) => `Via: ${via};branch=z9hG4bK${token()}`),
      'From: <sip:100@acme.example>;tag=a',
      'To: <sip:101@acme.example>;tag=b',
      `Call-ID: ${token()}`,
      'CSeq: 1 INVITE',
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n');
  const ours = `SIP/2.0/UDP ${edge.host}:${edge.port}`;
  phone.send(stray([ours, `SIP/2.0/UDP ${victim.host}:${victim.port}`]));
  service.send(stray([ours, `SIP/2.0/UDP ${victim.host}:${victim.port}`]));
  phone.send(stray([ours, service.via]));
  await afterTheEdgeHasRead();
  t.notOk(victim.inbox.length);
  t.notOk(service.inbox.some(status));
});

// The edge reads in several workers: a few round trips through it, so that none of them can be behind any more.
async function afterTheEdgeHasRead(): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const callId = token();
    phone.send(request({ method: 'OPTIONS', uri: edge.uri, via: phone.via, callId }));
    await phone.next(answerOf(200, callId));
    await sleep(10);
  }
}
