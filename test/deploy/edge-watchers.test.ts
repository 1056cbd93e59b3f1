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

for (const event of ['Event: dialog', 'o: dialog;sla', 'EVENT:dialog']) {
  t.test(`a subscription "${event}" goes to the service, and its NOTIFYs come back`, async (t) => {
    const sent = await sendAs(phone, { ...subscription, headers: [contact, event, 'Expires: 600'] });
    const subscribe = await service.next(requestOf('SUBSCRIBE'));
    t.same(all(subscribe, 'Event').length, 1, 'in the long form');
    t.match(first(subscribe, 'Event'), /^dialog/);
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

t.test('other packages, and none at all, are refused by the edge', async (t) => {
  for (const event of [['Event: presence'], ['Event: dialogue'], ['Event: x-dialog'], []]) {
    const sent = await sendAs(phone, { ...subscription, headers: [contact, ...event] });
    const refusal = await phone.next(answerOf(489, sent.callId));
    t.equal(first(refusal, 'Allow-Events'), 'dialog', event.join() || 'no event');
  }
  t.notOk(service.inbox.length);
});

t.test('a subscription without a password is challenged', async (t) => {
  const callId = token();
  phone.send(request({ ...subscription, via: phone.via, callId, headers: [contact, 'Event: dialog'] }));
  t.match(first(await phone.next(answerOf(407, callId)), 'Proxy-Authenticate'), 'realm="acme.example"');
  t.notOk(service.inbox.length);
});
