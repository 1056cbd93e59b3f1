import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { freeLoopbackAddress, startKamailio } from '../support/kamailio.js';
import { sendAs, users } from './edge-office.js';
import { answersPings, type Peer, requestOf, udpPeer } from './sip-peer.js';
import { first, response, type SipText, status, token } from './sip-text.js';

/** An instance of the service that is busy to every call and notes its Call-ID. */
interface Instance {
  peer: Peer;
  state: 'up' | 'refusing calls' | 'silent to calls' | 'draining';
  calls: string[];
}

t.test('the service stopped: 503 with Retry-After; back again: calls again', async (t) => {
  const edgeAt = { host: await freeLoopbackAddress(), port: 5060 };
  const instance = await openInstance(edgeAt);
  const edge = await startKamailio({ services: [instance.peer.uri], users, host: edgeAt.host, pingSeconds: 1 });
  const phone = await udpPeer(await freeLoopbackAddress(), edge);
  t.teardown(() => Promise.all([phone.close(), edge.stop()]));
  t.equal(status(await callOnce(phone)), 486, 'up');

  await instance.peer.close();
  const refusal = await untilStatus(phone, 503);
  t.equal(first(refusal, 'Retry-After'), '5');

  const revived = await openInstance(edgeAt, instance.peer);
  t.teardown(() => revived.peer.close());
  t.ok(await untilStatus(phone, 486), 'the next answered ping brings it back');
});

t.test('with two instances', async (t) => {
  const edgeAt = { host: await freeLoopbackAddress(), port: 5060 };
  const [one, two] = [await openInstance(edgeAt), await openInstance(edgeAt)];
  const services = [one.peer.uri, two.peer.uri];
  const defines = { EDGE_SERVICE_TIMEOUT: '400' };
  const edge = await startKamailio({ services, users, host: edgeAt.host, pingSeconds: 1, defines });
  const phone = await udpPeer(await freeLoopbackAddress(), edge);
  t.teardown(() => Promise.all([phone, one.peer, two.peer].map((peer) => peer.close())).then(() => edge.stop()));

  for (let call = 0; call < 20; call += 1) await callOnce(phone);
  t.ok(one.calls.length && two.calls.length, `both get calls: ${one.calls.length} and ${two.calls.length}`);

  const callId = token();
  for (let call = 0; call < 4; call += 1) await callOnce(phone, callId);
  const counts = [one, two].map(({ calls }) => calls.filter((id) => id === callId).length).sort();
  t.same(counts, [0, 4], 'one Call-ID always meets the same one');

  one.state = 'refusing calls';
  const heard = one.calls.length;
  for (let call = 0; call < 12; call += 1) t.equal(status(await callOnce(phone)), 486, 'a 503 is tried elsewhere');
  t.ok(one.calls.length > heard, 'it was asked first');

  one.state = 'silent to calls';
  for (let call = 0; call < 6; call += 1) t.equal(status(await callOnce(phone)), 486, 'the other one answers');

  one.state = 'draining';
  const taken = await untilNoCalls(phone, one);
  for (let call = 0; call < 10; call += 1) t.equal(status(await callOnce(phone)), 486);
  t.equal(one.calls.length, taken, 'the draining one gets no call any more');
});

async function openInstance(edge: { host: string; port: number }, at?: Peer): Promise<Instance> {
  const instance: Omit<Instance, 'peer'> = { state: 'up', calls: [] };
  const answering = (message: SipText): string | undefined => {
    if (requestOf('OPTIONS')(message)) {
      return instance.state === 'draining' ? response(message, '503 Draining', { tag: 'd' }) : answersPings(message);
    }
    if (!requestOf('INVITE')(message) || instance.state === 'silent to calls') return undefined;
    instance.calls.push(first(message, 'Call-ID'));
    return response(message, instance.state === 'up' ? '486 Busy Here' : '503 Service Unavailable', { tag: 'b' });
  };
  const peer = await udpPeer(at?.host ?? (await freeLoopbackAddress()), edge, { answering, port: at?.port });
  return Object.assign(instance, { peer });
}

/** One call; its final answer. */
async function callOnce(phone: Peer, callId = token()): Promise<SipText> {
  await sendAs(phone, { method: 'INVITE', uri: 'sip:101@acme.example', callId });
  return phone.next((message) => status(message) >= 200 && first(message, 'Call-ID') === callId);
}

/** Calls until a call ends with this status. */
async function untilStatus(phone: Peer, code: number): Promise<SipText> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const final = await callOnce(phone);
    if (status(final) === code) return final;
    await sleep(100);
  }
  throw new Error(`no call ended with ${code}`);
}

/** Calls until ten in a row pass an instance by; how many it had by then. */
async function untilNoCalls(phone: Peer, instance: Instance): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const before = instance.calls.length;
    for (let call = 0; call < 10; call += 1) {
      if (status(await callOnce(phone)) !== 486) throw new Error('a 503 came through though another instance is up');
    }
    if (instance.calls.length === before) return before;
    await sleep(100);
  }
  throw new Error('it still gets calls');
}
