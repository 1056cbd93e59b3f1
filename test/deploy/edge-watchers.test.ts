import t from 'tap';
import { freeLoopbackAddress } from '../support/kamailio.js';
import { openEdgeOffice, sendAs } from './edge-office.js';
import { answerOf, requestOf, udpPeer } from './sip-peer.js';
import { all, first, request, response, token } from './sip-text.js';

const office = await openEdgeOffice({ pingSeconds: 30 });
const { edge, service } = office;
const phone = await udpPeer(await freeLoopbackAddress(), edge);
const subscription = { method: 'SUBSCRIBE', uri: 'sip:101@acme.example' };
const contact = 'Contact: <sip:100@10.9.8.7:5062>';
t.teardown(async () => {
  await phone.close();
  await office.close();
});

for (const event of ['Event: dialog', 'o: dialog;sla', 'EVENT:dialog', 'Event: presence;id=5']) {
  t.test(`a subscription "${event}" goes to the service, and its NOTIFYs come back`, async (t) => {
    const sent = await sendAs(phone, { ...subscription, headers: [contact, event, 'Expires: 600'] });
    const subscribe = await service.next(requestOf('SUBSCRIBE'));
    t.same(all(subscribe, 'Event').length, 1, 'in the long form');
    t.match(first(subscribe, 'Event'), /^(dialog|presence;id=5)/);
    t.same(all(subscribe, 'o'), []);
    t.same(all(subscribe, 'X-Callpickup-Identity'), ['acme/100']);
    const headers = [`Contact: <${service.uri}>`, 'Expires: 600'];
    service.send(response(subscribe, '200 OK', { tag: 'watched', headers }));
    const ok = await phone.next(answerOf(200, sent.callId));

    const notify = {
      method: 'NOTIFY',
      uri: first(subscribe, 'Contact').slice(1, -1),
      via: service.via,
      from: first(ok, 'To'),
      to: first(ok, 'From'),
      callId: sent.callId,
    };
    const route = all(subscribe, 'Record-Route').map((value) => `Route: ${value}`);
    service.send(
      request({ ...notify, headers: [...route, 'Event: dialog', 'Subscription-State: active;expires=600'] }),
    );
    const received = await phone.next(requestOf('NOTIFY'));
    t.equal(received.startLine, 'NOTIFY sip:100@10.9.8.7:5062 SIP/2.0');
    phone.send(response(received, '200 OK'));
    await service.next(answerOf(200, sent.callId));

    const refresh = { ...subscription, via: phone.via, uri: service.uri, cseq: 5, from: notify.to, to: notify.from };
    const back = all(ok, 'Record-Route').map((value) => `Route: ${value}`);
    phone.send(request({ ...refresh, callId: sent.callId, headers: [...back, event, contact, 'Expires: 600'] }));
    const again = await service.next(requestOf('SUBSCRIBE'));
    t.match(first(again, 'Contact'), `;alias=${phone.host}~${phone.port}~1`, 'the refreshed target is reachable too');
    service.send(response(again, '481 Subscription does not exist'));
    await phone.next(answerOf(481, sent.callId));
  });
}

t.test('P15: what a phone publishes goes to the service under its own name, and the tag comes back', async (t) => {
  const body = '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:100@acme.example"/>';
  const forged = 'X-Callpickup-Identity: acme/101';
  const headers = [forged, 'o: presence', 'Expires: 600', 'SIP-If-Match: a1', 'Content-Type: application/pidf+xml'];
  const sent = await sendAs(phone, { method: 'PUBLISH', uri: 'sip:100@acme.example', headers, body });
  const publish = await service.next(requestOf('PUBLISH'));
  t.same(all(publish, 'X-Callpickup-Identity'), ['acme/100']);
  t.same([all(publish, 'Event'), all(publish, 'o')], [['presence'], []], 'in the long form');
  t.same([first(publish, 'SIP-If-Match'), publish.body], ['a1', body]);
  t.same(all(publish, 'Record-Route'), [], 'it makes no dialog');
  service.send(response(publish, '200 OK', { tag: 'p', headers: ['SIP-ETag: a2', 'Expires: 600'] }));
  const ok = await phone.next(answerOf(200, sent.callId));
  t.same([first(ok, 'SIP-ETag'), first(ok, 'Expires')], ['a2', '600']);
});

t.test('a publication without a password is challenged', async (t) => {
  const callId = token();
  const headers = ['Event: presence', 'Expires: 0'];
  phone.send(request({ method: 'PUBLISH', uri: 'sip:100@acme.example', via: phone.via, callId, headers }));
  t.match(first(await phone.next(answerOf(407, callId)), 'Proxy-Authenticate'), 'realm="acme.example"');
  t.notOk(service.inbox.length);
});

t.test('other packages, and none at all, are refused by the edge', async (t) => {
  for (const event of [['Event: presence.winfo'], ['Event: dialogue'], ['Event: x-dialog'], []]) {
    const sent = await sendAs(phone, { ...subscription, headers: [contact, ...event] });
    const refusal = await phone.next(answerOf(489, sent.callId));
    t.equal(first(refusal, 'Allow-Events'), 'dialog, presence', event.join() || 'no event');
  }
  t.notOk(service.inbox.length);
});

t.test('a subscription without a password is challenged', async (t) => {
  const callId = token();
  phone.send(request({ ...subscription, via: phone.via, callId, headers: [contact, 'Event: dialog'] }));
  t.match(first(await phone.next(answerOf(407, callId)), 'Proxy-Authenticate'), 'realm="acme.example"');
  t.notOk(service.inbox.length);
});
