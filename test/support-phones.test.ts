import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { LadderPrinter } from './support/ladder-print.js';
import { newPhone, type Phone, type PhoneOptions, phone } from './support/phone.js';
import * as manners from './support/phone-manners.js';
import { Message } from './support/phone-message.js';
import { opening, sealing, sessionKeys } from './support/phone-srtp.js';
import { writeRtp } from './support/rtp-packet.js';
import { hearing } from './support/who-hears-whom.js';

type Kind = 'udp' | 'tcp';

const pairOf = async (t: Test, transport: Kind, options: Partial<PhoneOptions> = {}): Promise<[Phone, Phone]> => {
  const alice = await phone(t, { number: '100', transport, ...options });
  const bob = await phone(t, { number: '101', transport });
  return [alice, bob];
};

const talking = async (t: Test, transport: Kind) => {
  const [alice, bob] = await pairOf(t, transport);
  const call = alice.calls(bob.uri);
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  await Promise.all([leg.answers(), call.answered()]);
  return { alice, bob, call, leg };
};

const nothingIsLeft = (t: Test, ...phones: readonly Phone[]): void => {
  for (const each of phones) t.same(each.unfinished(), [], `${each.number} has nothing left`);
};

for (const transport of ['udp', 'tcp'] as const) {
  t.test(`phones over ${transport}`, async (t) => {
    t.test('a call rings, is answered, is heard both ways, held, taken back, and ends', async (t) => {
      const { alice, bob, call, leg } = await talking(t, transport);
      t.same(alice.ladder(), ['INVITE →', '← 100', '← 180', '← 200', 'ACK →']);
      t.same(bob.ladder(), ['← INVITE', '100 →', '180 →', '200 →', '← ACK']);

      await alice.talks({ tone: 440 });
      await bob.talks({ tone: 880 });
      await Promise.all([alice.hears(880), bob.hears(440)]);
      t.ok(bob.rtp.toneNow(880) < 0.01, 'nobody hears himself');

      t.equal((await call.holds()).status, 200);
      t.match(call.remoteSdp, /a=recvonly/, 'who is held only listens');
      await alice.hearsNoMore(880);
      t.equal((await call.resumes()).status, 200);
      await alice.hears(880);

      t.equal((await leg.sends('INFO', { body: 'Signal=5', headers: { 'Content-Type': 'x/y' } })).status, 200);
      t.match(await call.receives('INFO'), { body: 'Signal=5', method: 'INFO' });
      t.equal((await leg.hangsUp()).status, 200);
      t.equal((await call.isHungUp()).method, 'BYE');
      nothingIsLeft(t, alice, bob);
      t.equal((await leg.sends('INFO')).status, 481, 'after the end nobody knows the dialog');
    });

    t.test('the caller gives up, and the reason is read as it was written', async (t) => {
      const [alice, bob] = await pairOf(t, transport);
      const call = alice.calls(bob.uri);
      const leg = await bob.isCalled();
      leg.rings();
      await call.rings();
      const reasons = ['SIP;cause=200;text="Call completed elsewhere"', 'Q.850;cause=26'];
      const final = call.cancels({ Reason: reasons });
      const cancel = await leg.stopsRinging();
      t.same(
        cancel.lines('Reason'),
        reasons.map((reason) => `Reason: ${reason}`),
      );
      t.equal((await final).status, 487);
      t.same(alice.ladder(), ['INVITE →', '← 100', '← 180', 'CANCEL →', '← 200', '← 487', 'ACK →']);
      await t.rejects(call.answered(), /487/);
      await t.rejects(leg.answers(), /was over/);
      nothingIsLeft(t, alice);
    });

    t.test('a refusal', async (t) => {
      const [alice, bob] = await pairOf(t, transport);
      const call = alice.calls(bob.uri, { headers: { 'X-Why': 'test' } });
      const leg = await bob.isCalled();
      t.equal(leg.request.get('x-why'), 'test');
      t.equal((await leg.declines(603)).method, 'ACK');
      t.equal((await call.fails()).startLine, 'SIP/2.0 603 Decline');
      nothingIsLeft(t, alice, bob);
    });

    t.test('without an offer, the answer is in the ACK', async (t) => {
      const [alice, bob] = await pairOf(t, transport);
      const call = alice.calls(bob.uri, { sdp: null });
      const leg = await bob.isCalled();
      t.equal(leg.request.body, '');
      const ack = await leg.answers();
      t.match((await call.answered()).body, /m=audio \d+ RTP\/AVP 0 8 101/);
      t.match(ack.body, /m=audio \d+ RTP\/AVP 0 8 101/);
      await alice.talks({ tone: 600 });
      await bob.talks({ tone: 900 });
      await Promise.all([bob.hears(600), alice.hears(900)]);
      await call.hangsUp();
      await leg.isHungUp();
      nothingIsLeft(t, alice, bob);
    });

    t.test('both sides change the session, or refuse to', async (t) => {
      const { call, leg, alice, bob } = await talking(t, transport);
      leg.onReinvite(() => ({ status: 488 }));
      t.equal((await call.holds()).status, 488);
      t.match(leg.remoteSdp, /a=sendrecv/, 'a refused change changes nothing');
      t.equal((await leg.reinvites(null)).status, 200, 'without an offer');
      const both = await Promise.all([leg.reinvites(), call.reinvites()]);
      t.ok(
        both.every(({ status }) => status === 491 || status === 488 || status === 200),
        'glare is answered',
      );
      await call.hangsUp();
      await leg.isHungUp();
      nothingIsLeft(t, alice, bob);
    });
  });
}

t.test('messages that get lost are sent again, and seen once', async (t) => {
  const [alice, bob] = await pairOf(t, 'udp');
  alice.loses(1, 'INVITE');
  bob.loses(1, 200);
  alice.loses(1, 'ACK');
  const call = alice.calls(bob.uri);
  const leg = await bob.isCalled();
  const [ack] = await Promise.all([leg.answers(), call.answered()]);
  t.equal(ack.method, 'ACK');
  t.same(alice.ladder(), ['INVITE →', '← 100', '← 200', 'ACK →']);
  t.equal(bob.log.filter(({ lost }) => lost).length, 1);
  bob.loses(1, 200);
  t.equal((await call.hangsUp()).status, 200, 'a repeated BYE gets its answer again');
  t.equal((await leg.isHungUp()).callId, call.callId);
  nothingIsLeft(t, alice, bob);
});

t.test('who lifts the handset while the caller gives up is hung up on', async (t) => {
  const [alice, bob] = await pairOf(t, 'udp');
  const call = alice.calls(bob.uri);
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  bob.misses(1, 'CANCEL');
  const final = call.cancels();
  await leg.answers();
  t.equal((await final).status, 200);
  t.equal((await leg.isHungUp()).method, 'BYE');
  t.ok((await leg.stopsRinging()).method === 'CANCEL', 'the CANCEL came late and changed nothing');
});

t.test('a caller that never acknowledges', async (t) => {
  const [alice, bob] = await pairOf(t, 'udp');
  const call = alice.calls(bob.uri, { ack: false });
  const leg = await bob.isCalled();
  const answered = leg.answers();
  await call.answered();
  t.match(bob.unfinished().join(), /not acknowledged/);
  await call.acknowledgesNow();
  await answered;
  await leg.hangsUp();
  nothingIsLeft(t, alice, bob);
});

t.test('what belongs to no call is answered as such', async (t) => {
  const [alice, bob] = await pairOf(t, 'udp');
  const stray = await alice.sends('BYE', bob.uri, { headers: { To: `<${bob.uri}>;tag=nobody` } });
  t.equal(stray.status, 481);
  t.equal((await alice.sends('OPTIONS', bob.uri)).status, 200);
  t.equal((await bob.receives()).method, 'OPTIONS');
});

t.test('a phone that answers by itself has nothing left after many calls', async (t) => {
  const bob = await newPhone({ number: '101', autoRing: true, autoAnswer: { sdp: 'v=0\r\n' }, isForgetful: true });
  const alice = await newPhone({ number: '100', isForgetful: true });
  t.teardown(() => Promise.all([alice.close(), bob.close()]));
  for (let round = 0; round < 10; round += 1) {
    const calls = Array.from({ length: 20 }, () => alice.calls(bob.uri, { sdp: 'v=0\r\n' }));
    await Promise.all(calls.map((call) => call.answered()));
    await Promise.all(calls.map((call) => call.hangsUp()));
  }
  nothingIsLeft(t, alice, bob);
  t.equal(alice.log.length, 0, 'and it has written nothing down');
});

/** Somebody who is no phone of ours: answers each message with the texts that a function gives. */
const stranger = async (t: Test, answers: (message: Message, index: number) => readonly string[]) => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  const heard: Message[] = [];
  socket.on('message', (bytes, { port, address }) => {
    const message = new Message(bytes.toString());
    heard.push(message);
    for (const answer of answers(message, heard.length - 1)) socket.send(answer, port, address);
  });
  await once(socket, 'listening');
  t.teardown(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return { host: '127.0.0.1', port: socket.address().port, heard };
};

const response = (request: Message, status: string, { tag = 'x', lines = [] as string[] } = {}): string =>
  [
    `SIP/2.0 ${status}`,
    ...request.lines('via'),
    ...request.lines('from'),
    `To: ${request.get('to')}${request.toTag ? '' : `;tag=${tag}`}`,
    ...request.lines('call-id'),
    ...request.lines('cseq'),
    ...lines,
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');

t.test('a registration answers its challenge with the password, and is refreshed', async (t) => {
  const challenge = 'WWW-Authenticate: Digest realm="acme.example", nonce="n1", qop="auth", algorithm=MD5';
  const registrar = await stranger(t, (request) => [
    request.get('authorization')
      ? response(request, '200 OK')
      : response(request, '401 Unauthorized', { lines: [challenge] }),
  ]);
  const alice = await phone(t, { number: '100', server: registrar, domain: 'acme.example', password: 'secret' });
  t.equal((await alice.registers({ expires: 60, headers: { 'X-More': 'yes' } })).status, 200);
  const [first, second] = registrar.heard;
  t.equal(first?.startLine, 'REGISTER sip:acme.example SIP/2.0');
  t.match(first?.lines('Expires'), ['Expires: 60']);
  t.match(first?.lines('X-More'), ['X-More: yes']);
  t.equal(first?.callId, second?.callId);
  t.ok((second?.sequence ?? 0) > (first?.sequence ?? 0));

  const given = second?.get('authorization') ?? '';
  const md5 = (...parts: string[]) => createHash('md5').update(parts.join(':')).digest('hex');
  const cnonce = /cnonce="(\w+)"/.exec(given)?.[1] ?? '';
  const asked = md5('REGISTER', 'sip:acme.example');
  const expected = md5(md5('100', 'acme.example', 'secret'), 'n1', '00000001', cnonce, 'auth', asked);
  t.match(given, `response="${expected}"`);

  t.equal((await alice.unregisters()).status, 200);
  t.match(registrar.heard.at(-1)?.lines('Expires'), ['Expires: 0']);
  t.equal(registrar.heard.at(-1)?.callId, first?.callId, 'it is the same registration');
  t.same(alice.unfinished(), []);
});

t.test('of two that answer one call, the second is acknowledged and hung up on', async (t) => {
  const fork = await stranger(t, (request) => {
    const contact = [`Contact: <sip:fork@127.0.0.1:${fork.port}>`];
    if (request.method === 'BYE') return [response(request, '200 OK')];
    if (request.method !== 'INVITE') return [];
    return ['one', 'two'].map((tag) => response(request, '200 OK', { tag, lines: contact }));
  });
  const alice = await phone(t, { number: '100', server: fork, domain: 'acme.example' });
  const call = alice.calls('101');
  t.equal((await call.answered()).toTag, 'one');
  while (!fork.heard.some(({ method }) => method === 'BYE')) await new Promise((resolve) => setTimeout(resolve, 5));
  t.same(
    fork.heard.map(({ method, toTag }) => `${method} ${toTag}`.trim()),
    ['INVITE', 'ACK one', 'ACK two', 'BYE two'],
  );
  t.equal((await call.hangsUp()).status, 200);
});

t.test('a ladder is printed as it happens, in a hundred columns', async (t) => {
  const [alice, bob] = await pairOf(t, 'udp');
  const rows: string[] = [];
  const lifelines = ['Alice', 'Bob', 'Carol', 'Dave'].map((name) => ({ name, colour: 36 }));
  const printer = new LadderPrinter({ lifelines, middle: 1, isColoured: false, print: (row) => rows.push(row) });
  printer.heads();
  alice.watch((logged) => printer.message(0, logged));
  alice.loses(1, 'ACK');
  const call = alice.calls(bob.uri, { sdp: 'v=0\r\n' });
  const leg = await bob.isCalled();
  await leg.answers({ sdp: null, headers: { Reason: 'only a request says why' } });
  await call.hangsUp({ Reason: 'Q.850;cause=16' });
  printer.talk(0, 3, 'RTP');
  const drawn = rows.slice(2).map((row) => row.slice(8).replace(/[─┄]+/g, '-').replace(/ +/g, ' ').trim());
  t.same(drawn, [
    '│- INVITE 101 (SDP) -▶│ │ │',
    '│◀- 100 Trying -│ │ │',
    '│◀- 200 OK -│ │ │',
    '│- ACK (lost) -▶│ │ │',
    '│◀- 200 OK (again) -│ │ │',
    '│- ACK (again) -▶│ │ │',
    '│- BYE -▶│ │ │',
    '│ │ Reason: Q.850;cause=16 │ │',
    '│◀- 200 OK -│ │ │',
    '│◀-│- RTP -│-▶│',
  ]);
  t.ok(
    rows.every((row) => row.length <= 100),
    'it fits',
  );
  const coloured: string[] = [];
  const other = new LadderPrinter({ lifelines, middle: 1, isColoured: true, print: (row) => coloured.push(row) });
  other.heads();
  t.ok(coloured[0]?.includes('\u001b[36mAlice\u001b[0m'), 'in colour where it may be');
});

const connected = async (t: Test, one: Partial<PhoneOptions>, other: Partial<PhoneOptions>) => {
  const alice = await phone(t, { number: '100', ...one });
  const bob = await phone(t, { number: '101', ...other });
  const call = alice.calls(bob.uri);
  const leg = await bob.isCalled();
  await Promise.all([leg.answers(), call.answered()]);
  return { alice, bob, call, leg };
};

t.test('a phone has the laws, the keys and the protection that it is set up with', async (t) => {
  const { alice, bob, call, leg } = await connected(
    t,
    { media: { laws: ['PCMA', 'PCMU'], events: 96 } },
    { media: { laws: ['PCMU'] } },
  );
  t.match(call.localSdp, /m=audio \d+ RTP\/AVP 8 0 96/);
  t.match(leg.localSdp, /m=audio \d+ RTP\/AVP 0 96/, 'what both have, and the numbers of the offer');
  const room = await hearing({ A: alice, B: bob });
  await room.exactly({ A: ['B'], B: ['A'] });
  await Promise.all([call.presses('7'), leg.presses('#', { by: 'info' })]);
  await call.presses('7');
  t.match(await call.receives('INFO'), { body: /^Signal=#/ });
  t.same(bob.rtp.keys, ['7', '7'], 'each key once, and twice where it was pressed twice');
  t.same(alice.rtp.keys, []);

  bob.sets({ laws: ['PCMA'] });
  t.equal((await leg.reinvites()).status, 200);
  t.match(call.localSdp, /RTP\/AVP 8 101/);
  await room.exactly({ A: ['B'], B: ['A'] });
  alice.sets({ laws: ['PCMU'] });
  t.equal((await leg.reinvites()).status, 488, 'a phone takes no change that leaves it nothing to hear');
  await room.exactly({ A: ['B'], B: ['A'] });
  await call.hangsUp();
  await leg.isHungUp();
  nothingIsLeft(t, alice, bob);
});

t.test('protected audio is heard by who has the key, and a phone without keys refuses it', async (t) => {
  const { alice, bob, call, leg } = await connected(t, { media: { srtp: 'must' } }, { media: { srtp: 'may' } });
  t.match(leg.localSdp, /RTP\/SAVP 0 8 101\r\n/);
  t.match(leg.localSdp, /^a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:/m);
  const room = await hearing({ A: alice, B: bob });
  await room.exactly({ A: ['B'], B: ['A'] });
  await call.presses('5');
  t.same(bob.rtp.keys, ['5'], 'keys are protected too');
  leg.localSdp = leg.localSdp?.replace(/inline:./, 'inline:Z');
  await room.exactly({ A: [], B: ['A'] }, 20_000);
  t.pass('what is protected by another key is not heard');
  await call.hangsUp();

  const carol = await phone(t, { number: '102' });
  const refused = alice.calls(carol.uri);
  const offered = await carol.isCalled();
  await t.rejects(offered.answers(), /no audio that the phone has/);
  t.equal((await refused.fails()).status, 488);
  nothingIsLeft(t, alice, carol);
});

t.test('SRTP: the keys of RFC 3711 appendix B.3, and sequence numbers that begin anew', (t) => {
  const master = Buffer.from('E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6', 'hex');
  const { cipher, salt, auth } = sessionKeys(master);
  t.equal(cipher.toString('hex'), 'c61e7a93744f39ee10734afe3ff7a087');
  t.equal(salt.toString('hex'), '30cbbc08863d8c85d49db34a9ae1');
  t.equal(auth.toString('hex'), 'cebe321f6ff7716b6fd4ab49af256a156d38baa4');
  const [seal, open] = [sealing(master.toString('base64')), opening(master.toString('base64'))];
  for (let count = 0; count < 70_000; count += 999) {
    const packet = writeRtp(
      { payload: 0, sequence: 60_000 + count, timestamp: count, source: 7 },
      Buffer.from(`${count}`),
    );
    const sealed = seal(packet);
    t.notOk(sealed.includes(`${count}`.padStart(4, '-')), 'enciphered');
    const spoilt = Buffer.from(sealed);
    spoilt[13] = (spoilt[13] ?? 0) ^ 1;
    t.equal(open(spoilt), undefined, 'not what was sent');
    t.same(open(sealed), packet);
  }
  t.end();
});

t.test('who hears whom is judged by voices, and what must not be heard is watched', async (t) => {
  const { alice, bob, call, leg } = await connected(t, {}, {});
  const carol = await phone(t, { number: '102' });
  const room = await hearing({ A: alice, B: bob, C: carol });
  await room.exactly({ A: ['B'], B: ['A'], C: [] });
  const watches = [room.watch('A', 'C'), room.watch('A', 'B')];
  await t.rejects(
    room.exactly({ A: ['B', 'C'] }, 300),
    /A should hear B, C, but A hears B \d+ %; B hears A \d+ %; C hears/,
  );
  const third = carol.calls(alice.uri);
  const offered = await alice.isCalled();
  await Promise.all([offered.answers(), third.answered()]);
  await room.exactly({ A: ['B', 'C'], B: ['A'], C: ['A'] });
  const [ofCarol = 0, ofBob = 0] = watches.map((watch) => watch.stop());
  t.ok(ofCarol > 0.5 && ofBob > 0.5, 'each source is heard by itself');
  const privacy = room.watch('B', 'C');
  await call.holds();
  await room.exactly({ A: ['C'], B: ['A'], C: ['A'] });
  t.ok(privacy.stop() < 0.01, 'Bob never heard Carol');
  await Promise.all([call.hangsUp(), third.hangsUp()]);
  await leg.isHungUp();
  nothingIsLeft(t, alice, bob, carol);
});

t.test('phones that do not like changes', async (t) => {
  const { alice, bob, call, leg } = await connected(t, {}, {});
  leg.onReinvite(manners.isBusyChanging(2));
  const statuses = [];
  for (let time = 0; time < 3; time += 1) statuses.push((await call.reinvites()).status);
  t.same(statuses, [491, 491, 200]);
  leg.onReinvite(manners.refuses());
  t.equal((await call.reinvites()).status, 488);
  leg.onReinvite(manners.answersWithoutSdp());
  t.equal((await call.reinvites()).body, '');
  const silent = manners.neverAnswers();
  leg.onReinvite(silent.handler);
  const asked = call.reinvites();
  silent.says();
  t.equal((await asked).status, 487);
  leg.onReinvite(manners.hangsUpWhenAsked(leg));
  t.equal((await call.reinvites()).status, 487);
  await call.isHungUp();
  // The ACK of the last refusal is still on its way.
  while (bob.unfinished().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  nothingIsLeft(t, alice, bob);
});
