import { fileURLToPath } from 'node:url';
import t from 'tap';
import { freeLoopbackAddress, startKamailio } from '../support/kamailio.js';
import { answerOf, requestOf, tcpPeer, udpPeer } from './sip-peer.js';
import { all, first, request, response, token } from './sip-text.js';

t.test('a site with its own usrloc tells the service of every binding', async (t) => {
  const edgeAt = { host: await freeLoopbackAddress(), port: 5060 };
  const service = await udpPeer(await freeLoopbackAddress(), edgeAt);
  const file = fileURLToPath(new URL('sites/own-usrloc.cfg', import.meta.url));
  const site = await startKamailio({ services: [service.uri], host: edgeAt.host, file });
  t.teardown(async () => {
    await service.close();
    await site.stop();
  });
  for (const [transport, open] of [
    ['udp', udpPeer],
    ['tcp', tcpPeer],
  ] as const) {
    const phone = await open(await freeLoopbackAddress(), site);
    t.teardown(() => phone.close());
    const callId = token();
    const contact = `<sip:100@10.9.8.7:5062;transport=${transport}>`;
    const headers = [`Contact: ${contact}`, 'Expires: 300'];
    const parts = {
      method: 'REGISTER',
      uri: 'sip:acme.example',
      to: '<sip:100@acme.example>',
      callId,
      cseq: 41,
      headers,
    };
    phone.send(request({ ...parts, via: phone.via }));
    await phone.next(answerOf(200, callId));

    const copy = await service.next(requestOf('REGISTER'));
    t.equal(copy.startLine, 'REGISTER sip:acme.example SIP/2.0');
    t.match(first(copy, 'To'), 'sip:100@acme.example');
    t.not(first(copy, 'Call-ID'), callId, 'a registration of its own');
    t.same(all(copy, 'Contact'), [contact]);
    t.same(all(copy, 'X-Callpickup-Identity'), ['acme/100']);
    t.equal(first(copy, 'Expires'), '300');
    const received = `sip:${phone.host}:${phone.port}${transport === 'tcp' ? '%3Btransport%3Dtcp' : ''}`;
    t.same(all(copy, 'Path'), [`<sip:${site.host}:${site.port};lr;received=${received}>`]);
    t.same(copy.source.address, site.host, 'from an address that the service can trust');
    service.send(response(copy, '200 OK', { tag: 'r' }));
  }
});
