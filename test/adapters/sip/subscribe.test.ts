import t from 'tap';
import { readEvent } from '../../../src/adapters/sip/event-header.js';
import { watcherPhone } from '../../../src/adapters/sip/notify.js';
import { makeEarlyDigits } from '../../../src/adapters/sip/preview-digits.js';
import { openSipDoors } from '../../../src/adapters/sip/server.js';
import type { SipRequest, SipResponse, Srf } from '../../../src/adapters/sip/srf.js';
import { screenSubscribe } from '../../../src/adapters/sip/subscribe-screen.js';
import type { Heard } from '../../../src/flows/watch/watcher-phone.js';
import { acme, bob, carol } from '../../domain/acme.js';
import { noting } from '../../flows/stage.js';
import { hostile, isOneLine, label } from './hostile.js';
import { requestOf, responseFor, type Sent } from './request.js';
import { type Answer, doorStage, fakeSrf, frameLength, subscribeOf } from './subscribe-stage.js';

t.test('S1, D1, D2: the Event header', async (t) => {
  const read = (event: string | undefined, more = {}) => readEvent(subscribeOf({ Event: event, ...more }));
  t.strictSame(read('dialog'), { name: 'dialog', text: 'dialog' });
  t.strictSame(read(undefined, { o: 'dialog' }), { name: 'dialog', text: 'dialog' }, 'in its short form');
  t.strictSame(
    read(' dialog ;id=7 ; sla'),
    { name: 'dialog', text: 'dialog ;id=7 ; sla', id: '7' },
    'as it was written',
  );
  t.strictSame(read('DIALOG;ID=a'), { name: 'dialog', text: 'DIALOG;ID=a', id: 'a' });
  t.strictSame(read('dialog;include-session-description'), {
    name: 'dialog',
    text: 'dialog;include-session-description',
  });
  const one = 'dialog;call-id="a b\\"c@d";to-tag=local;from-tag=remote';
  t.strictSame(read(one), {
    name: 'dialog',
    text: one,
    only: { sipCallId: 'a b"c@d', localTag: 'local', remoteTag: 'remote' },
  });
  t.strictSame(read('dialog;to-tag=local'), { name: 'dialog', text: 'dialog;to-tag=local' }, 'tags alone say nothing');
  const presence = 'Presence;id=1;call-id=a';
  t.strictSame(read(presence), { name: 'presence', text: presence, id: '1' }, 'a presence is of no one dialog');
  t.match(read(undefined), { status: 400, headers: { 'Allow-Events': 'dialog, presence' } });
  t.match(read(''), { status: 400 });
  for (const other of [
    'presence.winfo',
    'dialog.winfo',
    'constructor',
    'message-summary',
    'dialogs',
    ';dialog',
    'x;dialog',
  ]) {
    t.match(read(other), { status: 489, headers: { 'Allow-Events': 'dialog, presence' } }, other);
  }
  for (const bad of ['dialog, presence', 'dialog;id=1, dialog;id=2', 'dialog;=1', 'dialog;id="open', 'dialog id=1']) {
    t.match(read(bad), { status: 400, headers: { 'Allow-Events': 'dialog, presence' } }, bad);
  }
  for (const text of hostile) {
    for (const event of [text, `dialog;${text}`, `dialog;id=${text}`, `dialog;call-id="${text}"`]) {
      const result = readEvent({ get: () => event } as unknown as SipRequest);
      if ('text' in result) t.ok(isOneLine(result.text), label(event));
    }
  }
});

t.test('S2, S3, D3, D4, D5: what a SUBSCRIBE asks for', async (t) => {
  const screen = (headers: Record<string, string | undefined>, more = {}) =>
    screenSubscribe(subscribeOf(headers, more));
  t.match(screen({}), { event: { text: 'dialog' }, seconds: 3600, contact: 'sip:102@192.0.2.9:5062' });
  const seconds = (Expires: string) => {
    const asked = screen({ Expires });
    return 'status' in asked ? asked : asked.seconds;
  };
  for (const [asked, granted] of [
    ['0', 0],
    ['60', 60],
    ['3600', 3600],
    ['3601', 3600],
    ['4294967295', 3600],
    [' 90 ', 90],
  ] as const) {
    t.equal(seconds(asked), granted, `Expires: ${asked}`);
  }
  for (const brief of ['1', '59']) t.match(seconds(brief), { status: 423, headers: { 'Min-Expires': '60' } });
  for (const bad of ['soon', '-1', '1.5', '99999999999', '0x10']) t.match(seconds(bad), { status: 400 }, bad);

  for (const accept of ['application/dialog-info+xml', 'text/plain, application/*;q=0.5', '*/*', '', undefined]) {
    t.match(screen({ Accept: accept }), { seconds: 3600 }, `Accept: ${accept}`);
  }
  const other = screen({ Accept: 'application/pidf+xml' });
  t.match(other, { status: 406, headers: { Accept: 'application/dialog-info+xml' } });
  const presence = { Event: 'presence', Accept: 'application/pidf+xml' };
  t.match(screen(presence), { event: { name: 'presence' }, seconds: 3600 });
  const none = screen({ ...presence, Accept: 'application/dialog-info+xml' });
  t.match(none, { status: 406, headers: { Accept: 'application/pidf+xml' } });
  t.match(screen({ Require: 'eventlist' }), { status: 420, headers: { Unsupported: 'eventlist' } });
  t.match(screen({ 'Max-Forwards': '0' }), { status: 483 });
  t.match(screen({ 'Max-Forwards': 'many' }), { status: 400 });
  t.match(screen({}, { uri: 'tel:101' }), { status: 416 });
  for (const contact of [undefined, '*', '<tel:101>', '<sip:1@a>, <sip:2@a>', '<sip:1@a?Event=x>', 'nobody']) {
    t.match(screen({ Contact: contact }), { status: 400 }, `Contact: ${contact}`);
  }
  t.match(screen({}, { body: '<filter/>' }), { seconds: 3600 }, 'a body says nothing');
});

t.test('what would make our frames too long is refused', async (t) => {
  const long = (length: number) => 'x'.repeat(length);
  const event = `dialog;id=${long(100)}`;
  const callId = long(320 - event.length - 'from'.length);
  const tooLong = { status: 400, phrase: 'Event And Call-ID Too Long' };
  t.match(screenSubscribe(subscribeOf({ Event: event, 'Call-ID': callId })), { seconds: 3600 });
  for (const headers of [
    { Event: event, 'Call-ID': `${callId}x` },
    { Event: `dialog;id=${long(1_000)}` },
    { Event: undefined, o: `dialog;id=${long(1_000)}` },
    { From: `<sip:102@acme.example>;tag=${long(400)}` },
  ]) {
    t.match(screenSubscribe(subscribeOf(headers)), tooLong, JSON.stringify(headers));
  }
  t.match(screenSubscribe(subscribeOf({ Contact: `<sip:${long(250)}@a>` })), {
    status: 400,
    phrase: 'Contact Too Long',
  });
});

t.test('D28: the longest NOTIFY stays under 4 KB', async (t) => {
  const { sends, subscriptions, requests } = doorStage();
  const event = `dialog;id=${'e'.repeat(80)}`;
  await sends(subscribeOf({ Event: event, 'Call-ID': 'i'.repeat(320 - event.length - 'from'.length) }));
  await subscriptions[0]?.phone?.notify({
    state: { kind: 'terminated', reason: 'deactivated' },
    document: 'x'.repeat(3_500),
  });
  const [frame] = requests;
  // Our own Contact is that of the server: an IPv6 address is 25 longer than the one here.
  t.ok(frame && frameLength(frame) + 25 < 4_096, `the frame has ${frame && frameLength(frame)} bytes`);
});

t.test('S3, S4, S5: a subscription is accepted with 200, Expires and the package, and then begins', async (t) => {
  const { sends, subscriptions, counted } = doorStage();
  const [sent, ...more] = await sends(subscribeOf({ Expires: '7200' }));
  t.strictSame(sent, {
    status: 200,
    phrase: undefined,
    headers: { Expires: '3600', 'Allow-Events': 'dialog, presence' },
  });
  t.same(more, []);
  t.strictSame(subscriptions[0]?.done, ['begin 3600']);
  t.match(subscriptions[0]?.subscription.who, {
    ...{ tenant: 'acme', watcher: carol, extension: bob, entity: 'sip:101@acme.example' },
    ...{ userAgent: 'Example 7', contact: 'sip:102@192.0.2.9:5062' },
  });
  t.same(counted, []);
});

t.test('D15: the entity is what the phone wrote', async (t) => {
  const entity = async (to: string, uri = 'sip:101@acme.example') => {
    const { sends, subscriptions } = doorStage();
    await sends(subscribeOf({ To: to }, { uri }));
    return subscriptions[0]?.subscription.who.entity;
  };
  t.equal(await entity('<sip:101@ACME.example:5060>'), 'sip:101@ACME.example:5060');
  t.equal(await entity('"Bob" <sip:101@acme.example;user=phone>'), 'sip:101@acme.example');
  t.equal(await entity('<sip:%31%301@acme.example>'), 'sip:%31%301@acme.example');
  t.equal(await entity('<sip:me@acme.example>', 'sip:101@192.0.2.1;transport=udp'), 'sip:101@192.0.2.1');
  t.equal(await entity('<sip:102@acme.example>'), 'sip:101@acme.example', 'To means somebody else');
  const long = 'a'.repeat(150);
  t.equal(await entity(`<sip:101@${long}.example>`), 'sip:101@acme.example');
  t.ok(((await entity('<sip:x@y>', `sip:101@${long}.example`)) ?? '').length <= 160);
});

t.test('S15, D6: who is refused, and how', async (t) => {
  const first = async (options: Parameters<typeof doorStage>[0], req = subscribeOf()) => {
    const { sends, counted, subscriptions } = doorStage(options);
    const sent = await sends(req);
    t.equal(sent.length, 1);
    t.equal(subscriptions.length, 0);
    return { ...sent[0], counted };
  };
  const challenge = await first({ sender: { kind: 'challenge', value: 'Digest x' } });
  t.match(challenge, { status: 401, headers: { 'WWW-Authenticate': 'Digest x' }, counted: [] });
  t.match(await first({ sender: { kind: 'forbidden', why: '' } }), { status: 403, counted: ['identity'] });
  t.match(await first({ sender: { kind: 'outside', tenant: acme } }), { status: 403, counted: ['identity'] });
  for (const [refusal, status, retryAfter] of [
    ['unknown-extension', 404, undefined],
    ['not-allowed', 403, undefined],
    ['watcher-full', 403, undefined],
    ['all-full', 503, '60'],
    ['store-unreachable', 503, '5'],
    ['draining', 503, '5'],
  ] as const) {
    const refused = await first({ refusal });
    t.match(refused, { status, counted: ['not-watched'] }, refusal);
    t.equal(refused.headers?.['Retry-After'], retryAfter);
  }
  t.match(await first({}, subscribeOf({ Event: 'presence.winfo' })), { status: 489, counted: ['bad-subscribe'] });
  for (const uri of ['sip:acme.example', 'sip:@acme.example', 'sip:a%00b@acme.example', 'sip:a%20b@acme.example']) {
    t.match(await first({}, subscribeOf({}, { uri })), { status: 404 }, uri);
  }
  t.match(
    await first({}, subscribeOf({ To: '<sip:101@acme.example>;tag=x' })),
    { status: 481 },
    'a dialog that is not',
  );
});

t.test('a 200 that was not sent begins nothing', async (t) => {
  const { sends, subscriptions } = doorStage({ error: 'transport gone' });
  await sends(subscribeOf());
  t.strictSame(subscriptions[0]?.done, ['lose not-told']);
});

t.test('RFC 3856: a subscription to presence says so in all that it sends', async (t) => {
  const { sends, subscriptions, requests } = doorStage();
  const [sent] = await sends(subscribeOf({ Event: 'presence;id=3' }));
  t.match(sent, { status: 200, headers: { Expires: '3600' } });
  t.equal(subscriptions[0]?.subscription.who.event, 'presence');
  await subscriptions[0]?.phone?.notify({ state: { kind: 'active', seconds: 60 }, document: '<presence/>' });
  const headers = { Event: 'presence;id=3', 'Content-Type': 'application/pidf+xml' };
  t.match(requests[0]?.options, { method: 'NOTIFY', headers, body: '<presence/>' });
});

t.test('S8, S9: a refresh, an unsubscribe, and what is neither', async (t) => {
  const { sends, subscriptions, now } = doorStage();
  await sends(subscribeOf({ Event: 'dialog;id=7' }));
  const again = async (headers: Record<string, string | undefined>) => {
    const to = { To: '<sip:101@acme.example>;tag=us', Event: 'dialog;id=7' };
    const [sent] = await sends(subscribeOf({ ...to, ...headers }));
    return sent;
  };
  const ours = { Contact: '<sip:192.0.2.1:5060>', 'Allow-Events': 'dialog, presence' };
  t.strictSame((await again({ Expires: '600' }))?.headers, { Expires: '600', ...ours });
  t.strictSame((await again({ Expires: '0', Contact: undefined }))?.headers, { Expires: '0', ...ours });
  t.match(await again({ Expires: '30' }), { status: 423, headers: { 'Min-Expires': '60' } });
  t.match(await again({ Expires: 'x' }), { status: 400 });
  t.match(await again({ Event: 'presence.winfo' }), { status: 489 });
  t.match(await again({ Event: 'presence;id=7', Accept: '*/*' }), { status: 481 }, 'another package');
  t.match(await again({ Event: 'dialog' }), { status: 481 }, 'another subscription');
  t.match(await again({ Require: 'x' }), { status: 420 });
  t.match(await again({ Contact: '*' }), { status: 400 });
  t.match(await again({ 'Call-ID': 'another' }), { status: 481 });
  t.strictSame(subscriptions[0]?.done, ['begin 3600', 'refresh 600', 'refresh 0']);
  now.sender = { kind: 'extension', tenant: acme, extension: bob };
  t.match(await again({}), { status: 403 }, 'somebody else');
  for (const sender of [{ kind: 'challenge', value: 'x' } as const, { kind: 'outside', tenant: acme } as const]) {
    now.sender = sender;
    t.match(await again({}), { status: 200 }, 'nobody is challenged inside a dialog');
  }
  await subscriptions[0]?.over();
  t.match(await again({}), { status: 481 }, 'when it is over nobody knows it');
});

t.test('a phone that begins anew with the same Call-ID must take another', async (t) => {
  const { sends, subscriptions } = doorStage();
  await sends(subscribeOf());
  t.match(await sends(subscribeOf()), [{ status: 480 }]);
  t.equal(subscriptions.length, 1);
  await subscriptions[0]?.over();
  t.match(await sends(subscribeOf()), [{ status: 200 }]);
});

t.test('S6, S7: a NOTIFY as drachtio is given it', async (t) => {
  const { sends, subscriptions, requests } = doorStage();
  const event = 'dialog;id=7;sla';
  await sends(subscribeOf({ Event: event }));
  const phone = subscriptions[0]?.phone;
  t.match(await phone?.notify({ state: { kind: 'active', seconds: 99 }, document: '<x/>' }), { kind: 'taken' });
  t.strictSame(
    { ...requests[0]?.options, _socket: 0, uri: requests[0]?.uri },
    {
      ...{ method: 'NOTIFY', stackDialogId: 'watch@192.0.2.9;from-tag=from', _socket: 0, uri: 'sip:placeholder' },
      body: '<x/>',
      headers: {
        ...{ Event: event, 'Subscription-State': 'active;expires=99', Contact: '<sip:192.0.2.1:5060>' },
        'Content-Type': 'application/dialog-info+xml',
      },
    },
  );
  await phone?.notify({ state: { kind: 'terminated', reason: 'giveup', retryAfter: 60 } });
  const headers = { 'Subscription-State': 'terminated;reason=giveup;retry-after=60' };
  t.match(requests[1], { options: { headers } });
  t.notOk(JSON.stringify(requests[1]).includes('Content-Type'), 'without a document there is no type');
});

t.test('S6: a refresh counts from its 200 on, however long drachtio takes to say that it is sent', async (t) => {
  const { sends, subscriptions, now } = doorStage();
  await sends(subscribeOf());
  now.isSlow = true;
  await sends(subscribeOf({ To: '<sip:101@acme.example>;tag=us', Expires: '600' }));
  t.strictSame(subscriptions[0]?.done, ['begin 3600', 'refresh 600']);
});

t.test('a phone that moves must subscribe anew: drachtio-server would tell it where it was', async (t) => {
  const { sends, subscriptions } = doorStage();
  await sends(subscribeOf());
  const to = { To: '<sip:101@acme.example>;tag=us' };
  t.match(await sends(subscribeOf({ ...to, Contact: '"Carol" <sip:102@192.0.2.9:5062>;x=y' })), [{ status: 200 }]);
  t.match(await sends(subscribeOf({ ...to, Contact: '<sip:102@192.0.2.77>' })), [{ status: 481 }]);
  t.strictSame(subscriptions[0]?.done, ['begin 3600', 'refresh 3600', 'end deactivated']);
});

t.test('S13: what a phone answers to a NOTIFY', async (t) => {
  const heard = async (answer: Answer): Promise<Heard> => {
    const { srf } = fakeSrf([answer]);
    const dialog = {
      srf,
      req: subscribeOf(),
      dialogId: 'x',
      event: 'dialog',
      documentType: 'x/y',
      contact: '<sip:us>',
    };
    return watcherPhone(dialog).notify({ state: { kind: 'active', seconds: 1 }, document: '' });
  };
  for (const status of [200, 202]) t.strictSame(await heard({ status }), { kind: 'taken' }, `${status}`);
  for (const status of [404, 405, 408, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604]) {
    t.strictSame(await heard({ status, headers: { 'Retry-After': '9' } }), { kind: 'gone' }, `${status}`);
  }
  for (const status of [302, 400, 401, 403, 415, 486, 491, 500, 503, 600]) {
    t.strictSame(await heard({ status }), { kind: 'refused' }, `${status}`);
  }
  const later = { status: 503, headers: { 'Retry-After': '17 (busy);duration=3' } };
  t.strictSame(await heard(later), { kind: 'later', seconds: 17 });
  t.strictSame(await heard({ status: 503, headers: { 'Retry-After': 'soon' } }), { kind: 'refused' });
  t.strictSame(await heard(new Error('no such dialog')), { kind: 'gone' });
});

t.test('S13: a phone that says nothing for ten seconds is gone', async (t) => {
  const clock = t.intercept(globalThis, 'setTimeout', {
    value: (act: () => void, milliseconds: number) => setImmediate(() => milliseconds === 10_000 && act()),
  });
  const { srf } = fakeSrf([undefined]);
  const dialog = { srf, req: subscribeOf(), dialogId: 'x', event: 'dialog', documentType: 'x/y', contact: '<sip:us>' };
  const heard = await watcherPhone(dialog).notify({ state: { kind: 'active', seconds: 1 } });
  clock.restore();
  t.strictSame(heard, { kind: 'gone' });
});

t.test('R1: Replaces stands in an INVITE and nowhere else', async (t) => {
  type Route = (req: SipRequest, res: SipResponse) => Promise<void>;
  const routes = new Map<string, Route>();
  const srf = new Proxy({}, { get: (_srf, verb: string) => (door: Route) => void routes.set(verb, door) });
  const opened: string[] = [];
  const door = (name: string) => () => void opened.push(name);
  openSipDoors(
    srf as Srf,
    {
      ...{ invite: door('invite'), register: door('register'), subscribe: door('subscribe'), publish: door('publish') },
      ...{ info: makeEarlyDigits().door, message: door('message') },
      ...{ isDraining: () => false, seen: () => undefined },
    },
    noting([]),
  );
  const ask = async (verb: string, more: readonly string[] = ['Replaces: a@b;to-tag=1;from-tag=2']) => {
    const sent: Sent[] = [];
    const lines = ['From: <sip:102@acme.example>;tag=1', 'To: <sip:101@acme.example>', 'Call-ID: x', `CSeq: 1 ${verb}`];
    const req = requestOf([`${verb} sip:101@acme.example SIP/2.0`, ...lines, ...more]);
    await routes.get(verb.toLowerCase())?.(req, responseFor(sent));
    return sent[0];
  };
  const verbs = [...routes.keys()].filter((verb) => verb !== 'invite').map((verb) => verb.toUpperCase());
  t.ok(verbs.length >= 8, `${verbs}`);
  for (const verb of verbs) t.match(await ask(verb), { status: 400, phrase: 'Replaces Outside INVITE' }, verb);
  t.strictSame(opened, []);
  t.equal(await ask('INVITE'), undefined);
  t.equal(await ask('SUBSCRIBE', []), undefined);
  t.strictSame(opened, ['invite', 'subscribe']);
});

t.test('no call is made inside a subscription', async (t) => {
  const routes = new Map<string, (req: SipRequest, res: SipResponse) => Promise<void>>();
  const srf = new Proxy({}, { get: (_srf, verb: string) => (door: never) => void routes.set(verb, door) });
  const fail = () => void t.fail('no door is opened');
  const [isDraining, seen] = [() => false, () => undefined];
  const doors = {
    ...{ invite: fail, register: fail, subscribe: fail, publish: fail, info: fail, message: fail },
    ...{ isDraining, seen },
  };
  openSipDoors(srf as Srf, doors, noting([]));
  const sent: Sent[] = [];
  const lines = [
    'From: <sip:102@acme.example>;tag=1',
    'To: <sip:101@acme.example>;tag=2',
    'Call-ID: x',
    'CSeq: 2 INVITE',
  ];
  await routes.get('invite')?.(requestOf(['INVITE sip:101@acme.example SIP/2.0', ...lines]), responseFor(sent));
  t.match(sent, [{ status: 488 }]);
});
