import t from 'tap';
import { type HandEngine, handEngine, type PaperApp, type PaperPeer, paperPeer } from './hand-engine.js';
import { header, requestText, responseText, sdp, tagIn } from './sip-text.js';

const minute = 60_000;

interface Office {
  readonly hand: HandEngine;
  readonly alice: PaperPeer;
  readonly bob: PaperPeer;
  readonly app: PaperApp;
}

function office(proto: 'udp' | 'tcp' = 'udp'): Office {
  const alice = paperPeer(7001, proto);
  const bob = paperPeer(7002, proto);
  const hand = handEngine([alice, bob]);
  return { hand, alice, bob, app: hand.app('invite', 'options', 'register', 'subscribe') };
}

/** All that the engine still holds: nothing, when everything has ended. */
function held({ engine, clock }: HandEngine) {
  const { incoming, outgoing, dialogs, bindings } = engine;
  return [incoming.size, outgoing.size, dialogs.size, bindings.size, clock.running];
}
const nothing = [0, 0, 0, 0, 0];

/** Alice calls and the application answers. */
function answered({ hand, alice, app }: Office, callId = 'one'): { toTag: string; invite: string } {
  const invite = requestText('INVITE', { callId, branch: `z9hG4bK${callId}`, body: sdp });
  hand.arrive(invite, alice);
  app.order(app.lastTransaction(), `SIP/2.0 200 OK\r\n\r\n${sdp}`);
  return { invite, toTag: tagIn(alice.got.at(-1) ?? '', 'To') };
}

/** The application calls Bob; what Bob got. */
function calling({ app, bob }: Office, more = ''): { invite: string; transaction: string; dialogId: string } {
  const uri = `sip:bob@127.0.0.1:7002${bob.path.proto === 'tcp' ? ';transport=tcp' : ''}`;
  const answer = app.order('||', `INVITE ${uri} SIP/2.0\r\n${more}\r\n${sdp}`);
  const invite = bob.got.at(-1) ?? '';
  return {
    invite,
    transaction: answer.split('|')[7] ?? '',
    dialogId: `${header(invite, 'Call-ID')};from-tag=${tagIn(invite, 'From')}`,
  };
}

t.test('a 2xx is repeated until its ACK', async (t) => {
  const o = office();
  const { toTag } = answered(o);
  o.alice.news();
  const times: number[] = [];
  for (let at = 100; at <= 20_000; at += 100) {
    o.hand.clock.pass(100);
    if (o.alice.news().length > 0) times.push(at);
  }
  t.same(times, [500, 1500, 3500, 7500, 11_500, 15_500, 19_500]);
  o.hand.arrive(requestText('ACK', { callId: 'one', toTag }), o.alice);
  t.match(o.app.heard.at(-1), /^sip\|network\|\d+\|udp\|127\.0\.0\.1\|7001\|.*\r\nACK /);
  o.hand.clock.pass(20_000);
  t.same(o.alice.news(), [], 'and no longer');
  o.hand.arrive(requestText('ACK', { callId: 'one', toTag }), o.alice);
  t.equal(o.app.heard.filter((text) => text.includes('\r\nACK ')).length, 1, 'the application hears one ACK');
});

t.test('a 2xx to a re-INVITE is repeated and guarded like the first', async (t) => {
  const o = office();
  const { toTag } = answered(o);
  o.hand.arrive(requestText('ACK', { callId: 'one', toTag }), o.alice);
  o.hand.arrive(requestText('INVITE', { callId: 'one', toTag, seq: 2, body: sdp }), o.alice);
  o.app.order(o.app.lastTransaction(), `SIP/2.0 200 OK\r\n\r\n${sdp}`);
  o.alice.news();
  o.hand.clock.pass(1500);
  t.same(o.alice.news(), ['SIP/2.0 200 OK', 'SIP/2.0 200 OK']);
  o.hand.clock.pass(minute);
  t.match(o.alice.news().at(-1), /^BYE /);
  t.same(o.hand.engine.dialogs.size, 0);
});

t.test('session timers are left to the phones and the application', async (t) => {
  const o = office();
  o.hand.arrive(requestText('INVITE', { callId: 'st', more: 'Supported: timer\r\nSession-Expires: 1800' }), o.alice);
  o.app.order(o.app.lastTransaction(), 'SIP/2.0 200 OK\r\n\r\n');
  const ok = o.alice.got.at(-1) ?? '';
  t.equal(header(ok, 'Session-Expires') + header(ok, 'Supported'), '', 'never echoed');
  o.hand.arrive(requestText('ACK', { callId: 'st', toTag: tagIn(ok, 'To') }), o.alice);
  o.hand.arrive(requestText('INVITE', { callId: 'st2', more: 'Session-Expires: 90' }), o.alice);
  o.app.order(o.app.lastTransaction(), 'SIP/2.0 200 OK\r\nSession-Expires: 90;refresher=uas\r\n\r\n');
  o.hand.arrive(requestText('ACK', { callId: 'st2', toTag: tagIn(o.alice.got.at(-1) ?? '', 'To') }), o.alice);
  o.alice.news();
  o.hand.clock.pass(60 * minute);
  t.same(o.alice.news(), [], 'no refresh, no BYE');
});

t.test('no ACK in 32 s: BYE, and the application hears of it', async (t) => {
  for (const proto of ['udp', 'tcp'] as const) {
    const o = office(proto);
    answered(o);
    o.hand.clock.pass(32_000);
    const bye = o.alice.got.find((text) => text.startsWith('BYE ')) ?? '';
    t.equal(header(bye, 'Reason'), 'SIP;cause=200;text="ACK timeout"', proto);
    t.match(o.app.heard.at(-1), /^sip\|application\|.*\|unsolicited\|one;from-tag=alice\|\r\nBYE /);
    t.equal(o.alice.got.filter((text) => text.startsWith('SIP/2.0 200')).length, proto === 'udp' ? 11 : 1);
    o.hand.clock.pass(2 * minute);
    t.same(held(o.hand), nothing, 'nothing is kept');
  }
});

t.test('a failure is repeated until its ACK, which the application does not hear', async (t) => {
  const o = office();
  const invite = requestText('INVITE', { callId: 'no', branch: 'z9hG4bKno' });
  o.hand.arrive(invite, o.alice);
  o.app.order(o.app.lastTransaction(), 'SIP/2.0 486 Busy Here\r\n\r\n');
  o.hand.clock.pass(1500);
  o.hand.arrive(invite, o.alice);
  t.equal(
    o.alice.news().filter((line) => line.includes('486')).length,
    4,
    'twice by time, once for the INVITE that came again',
  );
  const before = o.app.heard.length;
  o.hand.arrive(
    requestText('ACK', { callId: 'no', branch: 'z9hG4bKno', toTag: tagIn(o.alice.got.at(-1) ?? '', 'To') }),
    o.alice,
  );
  o.hand.clock.pass(4 * minute);
  t.same(o.alice.news(), []);
  t.equal(o.app.heard.length, before);
  t.same(held(o.hand), nothing);
});

t.test('an INVITE that comes again is absorbed, one that came another way is refused', async (t) => {
  const o = office();
  const invite = requestText('INVITE', { callId: 'twice', branch: 'z9hG4bKa' });
  o.hand.arrive(invite, o.alice);
  o.hand.arrive(invite, o.alice);
  t.same(o.alice.news(), ['SIP/2.0 100 Trying']);
  t.equal(o.app.heard.length, 1);
  const { length } = o.app.heard;
  o.hand.arrive(requestText('INVITE', { callId: 'twice', branch: 'z9hG4bKb' }), o.alice);
  t.same(o.alice.news(), ['SIP/2.0 100 Trying', 'SIP/2.0 482 Loop Detected']);
  t.equal(o.app.heard.length, length);
});

t.test('an application that says nothing: 408 after 64 s; one that rings may ring on', async (t) => {
  const o = office();
  o.hand.arrive(requestText('INVITE', { callId: 'mute' }), o.alice);
  const silent = o.app.lastTransaction();
  o.hand.arrive(requestText('INVITE', { callId: 'rings' }), o.alice);
  o.app.order(o.app.lastTransaction(), 'SIP/2.0 180 Ringing\r\n\r\n');
  o.alice.news();
  o.hand.clock.pass(64_000);
  t.same(o.alice.news(), ['SIP/2.0 408 Request Timeout']);
  t.match(o.app.order(silent, 'SIP/2.0 200 OK\r\n\r\n'), 'NOK|Response not sent due to unknown transaction');
  t.equal(o.hand.engine.dialogs.size, 1, 'the ringing one');
});

t.test('an INVITE of ours is repeated doubling, then 408; its peer’s closed port is 503', async (t) => {
  const o = office();
  const { dialogId, transaction } = calling(o);
  const times = [0];
  o.bob.news();
  for (let at = 100; at < 32_000; at += 100) {
    o.hand.clock.pass(100);
    if (o.bob.news().length > 0) times.push(at);
  }
  t.same(times, [0, 500, 1500, 3500, 7500, 15_500, 31_500]);
  o.hand.clock.pass(100);
  t.match(
    o.app.heard.at(-1),
    new RegExp(`^sip\\|network\\|0\\|udp\\|\\|0\\|[^|]*\\|${transaction}\\|${dialogId}\\|\\r\\nSIP/2.0 408 `),
  );
  calling(o);
  o.bob.refuse();
  t.match(o.app.heard.at(-1), /\r\nSIP\/2\.0 503 /);
  t.same(held(o.hand), nothing);
});

t.test('a provisional ends the repetition; a failure is acknowledged, each time', async (t) => {
  const o = office();
  const { invite } = calling(o);
  o.hand.arrive(responseText(invite, '180 Ringing'), o.bob);
  o.hand.clock.pass(5 * minute);
  t.equal(o.bob.got.length, 1, 'it rings for minutes without another INVITE');
  const busy = responseText(invite, '486 Busy Here');
  o.hand.arrive(busy, o.bob);
  o.hand.arrive(busy, o.bob);
  const acks = o.bob.got.slice(1);
  t.equal(acks.length, 2);
  t.equal(header(acks[0] ?? '', 'Via'), header(invite, 'Via'), 'in the same transaction');
  t.match(header(acks[0] ?? '', 'CSeq'), /^\d+ ACK$/);
  t.equal(o.app.heard.filter((text) => text.includes('SIP/2.0 486')).length, 1);
  o.hand.clock.pass(minute);
  t.same(held(o.hand), nothing);
});

t.test('a 200 is told once and acknowledged by the application; again it gets the same ACK', async (t) => {
  const o = office();
  const { invite, dialogId } = calling(o);
  const ok = responseText(invite, '200 OK', { body: sdp });
  o.hand.arrive(ok, o.bob);
  o.hand.arrive(ok, o.bob);
  t.equal(o.app.heard.length, 1);
  t.equal(o.bob.got.length, 1, 'nobody acknowledges before the application does');
  t.match(o.app.order(`|${dialogId}`, 'ACK sip:x SIP/2.0\r\n\r\n'), /^OK\|/);
  o.hand.arrive(ok, o.bob);
  t.equal(o.bob.got.length, 3);
  t.equal(o.bob.got[1], o.bob.got[2]);
  t.match(o.bob.got[1], /^ACK sip:bob@127\.0\.0\.1:7002 SIP/);
});

t.test('a 200 of a second fork is acknowledged and hung up', async (t) => {
  const o = office();
  const { invite, dialogId } = calling(o);
  o.hand.arrive(responseText(invite, '200 OK', { tag: 'first' }), o.bob);
  o.app.order(`|${dialogId}`, 'ACK sip:x SIP/2.0\r\n\r\n');
  o.bob.news();
  o.hand.arrive(responseText(invite, '200 OK', { tag: 'second' }), o.bob);
  t.match(o.bob.news(), [/^ACK /, /^BYE /]);
  t.equal(tagIn(o.bob.got.at(-1) ?? '', 'To'), 'second');
  t.match(o.app.order(`|${dialogId}`, 'INFO sip:placeholder SIP/2.0\r\n\r\n'), /^OK\|/, 'the first stands');
  t.equal(tagIn(o.bob.got.at(-1) ?? '', 'To'), 'first');
});

t.test('CANCEL waits for a provisional', async (t) => {
  const o = office();
  const { invite, transaction } = calling(o);
  const answer = o.app.order(
    transaction,
    'CANCEL sip:x SIP/2.0\r\nReason: SIP;cause=200;text="Call completed elsewhere"\r\n\r\n',
  );
  t.match(answer, /^OK\|application\|0\|/);
  t.equal(o.bob.got.length, 1);
  o.hand.arrive(responseText(invite, '100 Trying'), o.bob);
  const cancel = o.bob.got[1] ?? '';
  t.match(cancel, /^CANCEL sip:bob@127\.0\.0\.1:7002 SIP/);
  t.equal(header(cancel, 'Reason'), 'SIP;cause=200;text="Call completed elsewhere"');
  t.equal(header(cancel, 'Via'), header(invite, 'Via'));
  o.hand.arrive(responseText(cancel, '200 OK'), o.bob);
  t.equal(o.app.heard.length, 0, 'the answer to the CANCEL is nobody’s business');
  o.hand.arrive(responseText(invite, '487 Request Terminated'), o.bob);
  t.match(o.app.heard.at(-1), /\r\nSIP\/2\.0 487 /);
  o.hand.clock.pass(minute);
  t.same(held(o.hand), nothing);
});

t.test('a phone that ignores the CANCEL is given up after 32 s', async (t) => {
  const o = office();
  const { invite, transaction } = calling(o);
  o.hand.arrive(responseText(invite, '180 Ringing'), o.bob);
  o.app.order(transaction, 'CANCEL sip:x SIP/2.0\r\n\r\n');
  o.hand.clock.pass(minute);
  t.match(o.app.heard.at(-1), /\r\nSIP\/2\.0 408 /);
  t.same(held(o.hand), nothing);
});

t.test('a caller who cancels: 200, 487, and the application hears it', async (t) => {
  for (const rang of [false, true]) {
    const o = office();
    o.hand.arrive(requestText('INVITE', { callId: 'c', branch: 'z9hG4bKc' }), o.alice);
    const transaction = o.app.lastTransaction();
    if (rang) o.app.order(transaction, 'SIP/2.0 180 Ringing\r\n\r\n');
    o.alice.news();
    o.hand.arrive(requestText('CANCEL', { callId: 'c', branch: 'z9hG4bKc' }), o.alice);
    t.same(o.alice.news(), ['SIP/2.0 200 OK', 'SIP/2.0 487 Request Terminated']);
    t.match(o.app.heard.at(-1), new RegExp(`\\|${transaction}\\|${rang ? 'c;from-tag=alice' : ''}\\|\\r\\nCANCEL `));
    t.match(o.app.order(transaction, 'SIP/2.0 200 OK\r\n\r\n'), /^NOK\|/);
    o.hand.clock.pass(2 * minute);
    t.same(held(o.hand), nothing);
  }
});

t.test('CANCEL after the 200: 481; the call stands, or is hung up if the CANCEL names the dialog', async (t) => {
  const o = office();
  const { toTag } = answered(o);
  o.alice.news();
  o.hand.arrive(requestText('CANCEL', { callId: 'one', branch: 'z9hG4bKone' }), o.alice);
  t.same(o.alice.news(), ['SIP/2.0 481 Call/Transaction Does Not Exist']);
  t.equal(o.hand.engine.dialogs.size, 1);
  o.hand.arrive(requestText('CANCEL', { callId: 'one', branch: 'z9hG4bKother', toTag }), o.alice);
  t.match(o.alice.news(), [/481/, /^BYE /]);
  t.equal(header(o.alice.got.at(-1) ?? '', 'Reason'), 'SIP;cause=200;text="CANCEL after 200 OK"');
  t.match(o.app.heard.at(-1), /\|unsolicited\|/);
});

t.test('a reliable provisional is repeated until its PRACK', async (t) => {
  const o = office();
  o.hand.arrive(requestText('INVITE', { callId: 'r', more: 'Supported: timer, 100rel' }), o.alice);
  const transaction = o.app.lastTransaction();
  o.app.order(transaction, `SIP/2.0 183 Session Progress\r\nRequire: 100rel\r\n\r\n${sdp}`);
  const progress = o.alice.got.at(-1) ?? '';
  o.hand.clock.pass(1500);
  t.equal(o.alice.got.filter((text) => text === progress).length, 3);
  t.ok(header(progress, 'Contact'), 'the PRACK must find its way');
  const prack = (rack: string) =>
    o.hand.arrive(
      requestText('PRACK', { callId: 'r', seq: 2, toTag: tagIn(progress, 'To'), more: `RAck: ${rack}` }),
      o.alice,
    );
  prack('1 1 INVITE');
  t.match(o.alice.got.at(-1), /^SIP\/2\.0 481/, 'a PRACK for something else');
  prack(`${header(progress, 'RSeq')} 1 INVITE`);
  t.match(o.app.heard.at(-1), /\|r;from-tag=alice\|\r\nPRACK /);
  o.alice.news();
  o.hand.clock.pass(20_000);
  t.same(o.alice.news(), []);
  o.hand.arrive(requestText('INVITE', { callId: 'r2' }), o.alice);
  t.equal(
    o.app.order(o.app.lastTransaction(), 'SIP/2.0 183 Session Progress\r\nRequire: 100rel\r\n\r\n'),
    'NOK|Remote endpoint does not support 100rel',
  );
});

t.test('other requests: repeated up to 4 s apart, then 408; their answer is repeated for who asks again', async (t) => {
  const o = office();
  o.app.order('||', 'OPTIONS sip:bob@127.0.0.1:7002 SIP/2.0\r\n\r\n');
  o.hand.clock.pass(32_000);
  t.equal(o.bob.got.length, 11);
  t.match(o.app.heard.at(-1), /\r\nSIP\/2\.0 408 /);
  const options = requestText('OPTIONS');
  o.hand.arrive(options, o.alice);
  o.hand.arrive(options, o.alice);
  t.equal(o.alice.got.length, 0);
  o.app.order(o.app.lastTransaction(), 'SIP/2.0 200 OK\r\n\r\n');
  o.hand.arrive(options, o.alice);
  t.equal(o.alice.got[0], o.alice.got[1]);
  o.hand.arrive(requestText('OPTIONS'), o.alice);
  o.hand.clock.pass(2 * minute);
  t.same(held(o.hand), nothing, 'one that the application never answers is forgotten, too');
});

t.test('a subscription that nobody refreshes is forgotten', async (t) => {
  const o = office();
  o.hand.arrive(requestText('SUBSCRIBE', { callId: 's', more: 'Event: dialog\r\nExpires: 60' }), o.alice);
  const echo = o.app.order(o.app.lastTransaction(), 'SIP/2.0 202 Accepted\r\nExpires: 60\r\n\r\n');
  t.match(echo, /\|s;from-tag=alice\|\|Msg sent:/);
  const notify = 'NOTIFY sip:placeholder SIP/2.0\r\nEvent: dialog\r\nSubscription-State: active\r\n\r\n';
  t.match(o.app.order('|s;from-tag=alice', notify), /^OK\|/);
  o.hand.arrive(responseText(o.alice.got.at(-1) ?? '', '200 OK'), o.alice);
  o.hand.clock.pass(minute);
  t.equal(o.hand.engine.dialogs.size, 1, 'the last NOTIFY may still be sent');
  o.hand.clock.pass(2 * minute);
  t.match(o.app.order('|s;from-tag=alice', notify), 'NOK|Server error: unable to find dialog for dialog id provided');
  t.same(held(o.hand), nothing);
});

t.test('the last NOTIFY ends a subscription, and so does a watcher that knows it no more', async (t) => {
  for (const [state, status] of [
    ['terminated;reason=timeout', '200 OK'],
    ['active', '481 Subscription Does Not Exist'],
  ] as const) {
    const o = office();
    o.hand.arrive(requestText('SUBSCRIBE', { callId: 's', more: 'Event: dialog' }), o.alice);
    o.app.order(o.app.lastTransaction(), 'SIP/2.0 200 OK\r\nExpires: 3600\r\n\r\n');
    o.app.order('|s;from-tag=alice', `NOTIFY sip:placeholder SIP/2.0\r\nSubscription-State: ${state}\r\n\r\n`);
    o.hand.arrive(responseText(o.alice.got.at(-1) ?? '', status), o.alice);
    t.equal(o.hand.engine.dialogs.size, 0, state);
  }
});

t.test('a subscription of ours: NOTIFY may come before the 2xx, and the last one ends it', async (t) => {
  const o = office();
  o.app.order('||', 'SUBSCRIBE sip:bob@127.0.0.1:7002 SIP/2.0\r\nEvent: dialog\r\nExpires: 60\r\n\r\n');
  const subscribe = o.bob.got.at(-1) ?? '';
  const dialogId = `${header(subscribe, 'Call-ID')};from-tag=${tagIn(subscribe, 'From')}`;
  const notify = (seq: number, state: string) => {
    const wanted = {
      callId: header(subscribe, 'Call-ID'),
      seq,
      fromTag: 'bob',
      toTag: tagIn(subscribe, 'From'),
      port: 7002,
    };
    o.hand.arrive(requestText('NOTIFY', { ...wanted, more: `Subscription-State: ${state}` }), o.bob);
    t.match(o.app.heard.at(-1), new RegExp(`\\|${dialogId}\\|\\r\\nNOTIFY `));
    o.app.order(o.app.lastTransaction(), 'SIP/2.0 200 OK\r\n\r\n');
    t.match(o.bob.got.at(-1), /^SIP\/2.0 200/);
  };
  notify(1, 'active');
  o.hand.arrive(
    responseText(subscribe, '202 Accepted', { lines: ['Expires: 60', 'Contact: <sip:bob@127.0.0.1:7002>'] }),
    o.bob,
  );
  t.match(o.app.heard.at(-1), new RegExp(`\\|${dialogId}\\|\\r\\nSIP/2.0 202 `));
  notify(2, 'terminated;reason=noresource');
  o.hand.clock.pass(minute);
  t.same(held(o.hand), nothing);
});

t.test('the application is gone', async (t) => {
  const o = office();
  const { toTag } = answered(o, 'up');
  o.hand.arrive(requestText('ACK', { callId: 'up', toTag }), o.alice);
  o.hand.arrive(requestText('INVITE', { callId: 'waits' }), o.alice);
  const { invite } = calling(o);
  o.hand.arrive(responseText(invite, '180 Ringing'), o.bob);
  o.alice.news();
  o.bob.news();
  o.app.leave();
  t.same(o.alice.news(), ['SIP/2.0 503 Service Unavailable'], 'who waits hears it at once');
  t.match(o.bob.news(), [/^CANCEL /], 'what rings for it stops');
  o.hand.arrive(responseText(invite, '200 OK'), o.bob);
  t.match(o.bob.news(), [/^ACK /, /^BYE /], 'and what answers all the same is hung up');
  o.hand.arrive(requestText('INFO', { callId: 'up', seq: 2, toTag }), o.alice);
  t.same(o.alice.news(), ['SIP/2.0 481 Call/Transaction Does Not Exist']);
  const heir = o.hand.app('invite');
  t.match(
    heir.order('|up;from-tag=alice', 'BYE sip:placeholder SIP/2.0\r\n\r\n'),
    /^OK\|/,
    'another may hang up for it',
  );
  o.hand.arrive(responseText(o.alice.got.at(-1) ?? '', '200 OK'), o.alice);
  t.match(heir.heard.at(-1), /\r\nSIP\/2\.0 200 OK/);
  o.hand.clock.pass(3 * minute);
  t.same(held(o.hand), nothing);
});

t.test('a route set leads the way: loose routers keep it, strict ones see themselves', async (t) => {
  for (const [lr, line, route] of [
    [';lr', /^BYE sip:alice@127\.0\.0\.1:7001 SIP/, '<sip:127.0.0.1:7002;lr>'],
    ['', /^BYE sip:127\.0\.0\.1:7002 SIP/, '<sip:alice@127.0.0.1:7001>'],
  ] as const) {
    const o = office();
    o.hand.arrive(requestText('INVITE', { callId: 'rr', more: `Record-Route: <sip:127.0.0.1:7002${lr}>` }), o.alice);
    o.app.order(o.app.lastTransaction(), 'SIP/2.0 200 OK\r\n\r\n');
    t.equal(header(o.alice.got.at(-1) ?? '', 'Record-Route'), `<sip:127.0.0.1:7002${lr}>`);
    o.app.order('|rr;from-tag=alice', 'BYE sip:placeholder SIP/2.0\r\n\r\n');
    t.match(o.bob.got.at(-1), line);
    t.equal(header(o.bob.got.at(-1) ?? '', 'Route'), route);
  }
});
