import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { freeLoopbackAddress } from '../support/kamailio.js';
import { openEdgeOffice, registerPhone } from './edge-office.js';
import { answerOf, requestOf, tcpPeer } from './sip-peer.js';
import { first, request, response, token } from './sip-text.js';

const folder = mkdtempSync(join(tmpdir(), 'callpickup-tls-'));
t.teardown(() => rmSync(folder, { recursive: true }));

t.test('a phone over TLS registers, and is rung on its connection', async (t) => {
  const office = await openEdgeOffice({
    pingSeconds: 30,
    defines: { WITH_TLS: '1', EDGE_TLS_CONFIG: `"${certify()}"` },
  });
  const phone = await tcpPeer(await freeLoopbackAddress(), { host: office.edge.host, port: 5061, secure: true });
  t.teardown(async () => {
    await phone.close();
    await office.close();
  });
  const contact = 'sip:100@10.9.8.7:5062;transport=tls';
  const register = await registerPhone(office, phone, contact);
  t.match(first(register, 'Path'), `received=sip:${phone.host}:${phone.port}%3Btransport%3Dtls`);
  const callId = token();
  const headers = [`X-Callpickup-Path: ${first(register, 'Path')}`, `Contact: <${office.service.uri}>`];
  office.service.send(request({ method: 'INVITE', uri: contact, via: office.service.via, callId, headers }));
  phone.send(response(await phone.next(requestOf('INVITE', callId)), '486 Busy Here', { tag: 'b' }));
  await office.service.next(answerOf(486, callId));
});

t.test('Prometheus is answered on its own port, phones are not', async (t) => {
  const metrics = await freeLoopbackAddress();
  const office = await openEdgeOffice({
    pingSeconds: 30,
    defines: { WITH_METRICS: '1', EDGE_METRICS_ADDRESS: metrics },
  });
  t.teardown(() => office.close());
  const answer = await fetch(`http://${metrics}:9494/metrics`);
  t.equal(answer.status, 200);
  t.match(await answer.text(), /^kamailio_core_rcv_requests/m);
  t.equal((await fetch(`http://${metrics}:9494/`)).status, 404);
  const [refusal] = await once(get(`http://${office.edge.host}:5060/metrics`), 'response');
  t.equal(refusal.resume().statusCode, 404);
});

/** A certificate of its own, and the configuration that names it. */
function certify(): string {
  const [key, certificate, configuration] = ['key.pem', 'cert.pem', 'tls.cfg'].map((name) => join(folder, name));
  const subject = ['-subj', '/CN=edge.acme.example', '-days', '2', '-keyout', `${key}`, '-out', `${certificate}`];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject], { stdio: 'pipe' });
  const lines = ['[server:default]', 'method = TLSv1.2+', `private_key = ${key}`, `certificate = ${certificate}`];
  writeFileSync(`${configuration}`, `${lines.join('\n')}\n`);
  return `${configuration}`;
}
