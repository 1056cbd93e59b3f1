import t from 'tap';
import { handEngine, type PaperApp, paperPeer } from './hand-engine.js';
import { header, requestText, responseText, sdp } from './sip-text.js';

const bobUri = 'sip:bob@127.0.0.1:7002';
const carolUri = 'sip:carol@127.0.0.1:7003';

function office() {
  const [alice, bob, carol] = [paperPeer(7001), paperPeer(7002), paperPeer(7003)];
  const hand = handEngine([alice, bob, carol]);
  return { hand, alice, bob, carol, app: hand.app('invite', 'options') };
}

/** Alice calls; the application has it proxied as told. */
function proxied(o: ReturnType<typeof office>, how: { options?: string; targets?: string; more?: string } = {}): void {
  const more = how.more ? { more: how.more } : {};
  o.hand.arrive(requestText('INVITE', { callId: 'px', branch: 'z9hG4bKpx', body: sdp, ...more }), o.alice);
  const transaction = o.app.lastTransaction();
  const tokens = `${transaction}|${how.options ?? '|fullResponse||serial||'}|${how.targets ?? `${bobUri}|${carolUri}`}`;
  o.app.proxy(tokens, `INVITE ${bobUri} SIP/2.0\r\nX-Added: yes\r\n\r\n`);
  o.alice.news();
}

const answers = (app: PaperApp) =>
  app.heard.filter((text) => text.startsWith('answer p ')).map((text) => text.split('|', 2).join('|'));

t.test('a request is copied to a target and its answer comes back', async (t) => {
  const o = office();
  proxied(o, { options: 'remainInDialog|fullResponse||serial||', more: 'Record-Route: <sip:other;lr>' });
  const copy = o.bob.got[0] ?? '';
  t.match(
    copy,
    /^INVITE sip:bob@127\.0\.0\.1:7002 SIP\/2\.0\r\nVia: SIP\/2\.0\/UDP 127\.0\.0\.1:5060;rport;branch=z9hG4bK[0-9a-f]+\r\n/,
  );
  t.equal(copy.match(/^Via:/gm)?.length, 2);
  t.equal(header(copy, 'Max-Forwards'), '69');
  t.equal(header(copy, 'X-Added'), 'yes');
  t.match(copy, /Record-Route: <sip:127\.0\.0\.1:5060;lr>[\s\S]*Record-Route: <sip:other;lr>/);
  t.ok(copy.endsWith(sdp));
  o.hand.arrive(responseText(copy, '180 Ringing'), o.bob);
  const ok = responseText(copy, '200 OK', { body: sdp });
  o.hand.arrive(ok, o.bob);
  t.same(o.alice.news(), ['SIP/2.0 180 Ringing', 'SIP/2.0 200 OK']);
  t.equal(o.alice.got.at(-1)?.match(/^Via:/gm)?.length, 1, 'without our Via');
  t.same(answers(o.app), ['answer p OK|network', 'answer p OK|done']);
  o.hand.clock.pass(10_000);
  t.same(o.alice.news(), [], 'a proxy does not repeat a 2xx');
  o.hand.arrive(ok, o.bob);
  t.same(o.alice.news(), ['SIP/2.0 200 OK'], 'it passes repetitions on');
  o.hand.clock.pass(60_000);
  t.same([o.hand.engine.incoming.size, o.hand.engine.outgoing.size, o.hand.clock.running], [0, 0, 0]);
});

t.test('what follows in the dialog comes by and is passed on', async (t) => {
  const o = office();
  const wanted = { callId: 'px', toTag: 'bob', uri: bobUri, more: 'Route: <sip:127.0.0.1:5060;lr>' };
  o.hand.arrive(requestText('ACK', wanted), o.alice);
  t.match(o.bob.got.at(-1), /^ACK sip:bob@127\.0\.0\.1:7002 SIP/);
  t.equal(header(o.bob.got.at(-1) ?? '', 'Route'), '', 'our Route has done its work');
  o.hand.arrive(requestText('BYE', { ...wanted, seq: 2 }), o.alice);
  o.hand.arrive(responseText(o.bob.got.at(-1) ?? '', '200 OK'), o.bob);
  t.same(o.alice.news(), ['SIP/2.0 200 OK']);
  o.hand.arrive(requestText('BYE', { ...wanted, seq: 3, uri: 'sip:x@127.0.0.1:5060' }), o.alice);
  t.same(o.alice.news(), ['SIP/2.0 481 Call/Transaction Does Not Exist'], 'never to ourselves');
});

t.test('serial: the next target after a failure; the caller hears the best', async (t) => {
  const o = office();
  proxied(o);
  o.hand.arrive(responseText(o.bob.got[0] ?? '', '486 Busy Here'), o.bob);
  t.match(o.bob.news(), [/^INVITE/, /^ACK/]);
  t.match(o.carol.news(), [/^INVITE/]);
  t.same(o.alice.news(), [], 'not yet');
  o.hand.arrive(responseText(o.carol.got[0] ?? '', '503 Service Unavailable'), o.carol);
  t.same(o.alice.news(), ['SIP/2.0 486 Busy Here']);
  t.same(answers(o.app), ['answer p OK|network', 'answer p OK|network', 'answer p OK|done']);
});

t.test('a challenge or a 6xx ends the search', async (t) => {
  for (const status of ['407 Proxy Authentication Required', '603 Decline']) {
    const o = office();
    proxied(o);
    o.hand.arrive(responseText(o.bob.got[0] ?? '', status), o.bob);
    t.same(o.alice.news(), [`SIP/2.0 ${status}`]);
    t.same(o.carol.news(), []);
  }
});

t.test('simultaneous: the first to accept is heard, the others are cancelled', async (t) => {
  const o = office();
  proxied(o, { options: '|fullResponse||simultaneous||' });
  const [toBob = '', toCarol = ''] = [o.bob.got[0], o.carol.got[0]];
  o.hand.arrive(responseText(toBob, '180 Ringing'), o.bob);
  o.hand.arrive(responseText(toCarol, '180 Ringing'), o.carol);
  o.hand.arrive(responseText(toCarol, '200 OK'), o.carol);
  t.same(o.alice.news(), ['SIP/2.0 180 Ringing', 'SIP/2.0 180 Ringing', 'SIP/2.0 200 OK']);
  t.match(o.bob.news(), [/^INVITE/, /^CANCEL/]);
  o.hand.arrive(responseText(toBob, '487 Request Terminated'), o.bob);
  t.same(o.alice.news(), []);
  t.equal(answers(o.app).at(-1), 'answer p OK|done');
});

t.test('redirects are followed if asked for', async (t) => {
  const o = office();
  proxied(o, { options: '|fullResponse|followRedirects|serial||', targets: bobUri });
  o.hand.arrive(responseText(o.bob.got[0] ?? '', '302 Moved', { lines: [`Contact: <${carolUri}>`] }), o.bob);
  t.match(o.carol.news(), [/^INVITE sip:carol@/]);
  t.same(o.alice.news(), []);
});

t.test('a target that says nothing is passed over, one that rings for ever is cancelled', async (t) => {
  const o = office();
  proxied(o, { options: '|fullResponse||serial|500ms|' });
  o.hand.clock.pass(400);
  t.same(o.carol.news(), []);
  o.hand.clock.pass(100);
  t.match(o.carol.news(), [/^INVITE/]);
  o.hand.arrive(responseText(o.carol.got[0] ?? '', '180 Ringing'), o.carol);
  o.hand.clock.pass(184_000);
  t.same(o.carol.news(), []);
  o.hand.clock.pass(2000);
  t.match(o.carol.news(), [/^CANCEL/]);
});

t.test('the caller gives up: all targets are cancelled', async (t) => {
  const o = office();
  proxied(o, { options: '|fullResponse||simultaneous||' });
  o.hand.arrive(responseText(o.bob.got[0] ?? '', '180 Ringing'), o.bob);
  o.hand.arrive(requestText('CANCEL', { callId: 'px', branch: 'z9hG4bKpx' }), o.alice);
  t.same(o.alice.news(), ['SIP/2.0 180 Ringing', 'SIP/2.0 200 OK', 'SIP/2.0 487 Request Terminated']);
  t.match(o.bob.news(), [/^INVITE/, /^CANCEL/]);
  t.match(o.carol.news(), [/^INVITE/], 'its CANCEL waits for a provisional');
  o.hand.arrive(responseText(o.carol.got[0] ?? '', '100 Trying'), o.carol);
  t.match(o.carol.news(), [/^CANCEL/]);
});

t.test('nowhere to go, and no hop left', async (t) => {
  const o = office();
  proxied(o, { targets: 'sip:x@127.0.0.1:5060|http://no' });
  t.same(
    o.alice.got.map((text) => text.split('\r\n', 1)[0]),
    ['SIP/2.0 100 Trying', 'SIP/2.0 408 Request Timeout'],
  );
  const p = office();
  p.hand.arrive(requestText('OPTIONS', { callId: 'mf' }).replace('Max-Forwards: 70', 'Max-Forwards: 0'), p.alice);
  p.app.proxy(`${p.app.lastTransaction()}||||serial|||${bobUri}`, `OPTIONS ${bobUri} SIP/2.0\r\n\r\n`);
  t.same(p.alice.news(), ['SIP/2.0 483 Too Many Hops']);
});
