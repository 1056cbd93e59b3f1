import { once } from 'node:events';
import Srf from 'drachtio-srf';
import t, { type Test } from 'tap';
import { type EngineProcess, secret, startEngine } from './engine-process.js';
import { type Peer, rawApp, tcpPeer, udpPeer } from './peers.js';
import { header, requestText } from './sip-text.js';

let engine: EngineProcess;
t.before(async () => {
  engine = await startEngine();
});
t.teardown(() => engine.stop());

async function phone(t: Test, kind = udpPeer): Promise<Peer> {
  const peer = await kind(engine.sipPort);
  t.teardown(() => peer.close());
  return peer;
}

/** The engine still answers: nobody routes OPTIONS here, so it says 503. */
async function alive(t: Test, what: string): Promise<void> {
  const peer = await phone(t);
  peer.say(requestText('OPTIONS', { port: peer.port }));
  t.match(await peer.hears(/^SIP\/2.0 /), /^SIP\/2.0 503/, what);
}

t.test('a header of 64 KB is refused, over UDP and TCP alike, and TCP goes on', async (t) => {
  for (const kind of [udpPeer, tcpPeer]) {
    const peer = await phone(t, kind);
    peer.say(requestText('INVITE', { port: peer.port, more: `X-Long: ${'x'.repeat(64_000)}` }));
    t.match(await peer.hears(/^SIP\/2.0 /), /^SIP\/2.0 513 Message Too Large/);
    peer.say(requestText('OPTIONS', { port: peer.port }));
    t.match(await peer.hears(/^SIP\/2.0 /), /^SIP\/2.0 503/);
  }
});

t.test('a TCP connection that cannot be framed is answered and closed', async (t) => {
  const wrongLength = await phone(t, tcpPeer);
  wrongLength.say(requestText('INVITE', { port: wrongLength.port }).replace('Content-Length: 0', 'Content-Length: -1'));
  t.match(await wrongLength.hears(/^SIP\/2.0 /), /^SIP\/2.0 400/);
  await wrongLength.hears(/^closed$/);
  const endless = await phone(t, tcpPeer);
  endless.say(
    requestText('INVITE', { port: endless.port }).replace('Content-Length: 0\r\n\r\n', `X: ${'y'.repeat(200_000)}`),
  );
  t.match(await endless.hears(/^SIP\/2.0 /), /^SIP\/2.0 513/);
  await endless.hears(/^closed$/);
  const binary = await phone(t, tcpPeer);
  binary.say(Buffer.alloc(300_000, 0x16));
  await binary.hears(/^closed$/);
  await alive(t, 'the others do not notice');
});

t.test('requests pipelined and cut anywhere on TCP are each answered', async (t) => {
  const peer = await tcpPeer(engine.sipPort);
  t.teardown(() => peer.close());
  const stream = Array.from({ length: 20 }, (_, n) =>
    requestText('OPTIONS', { proto: 'TCP', port: peer.port, seq: n + 1, body: 'b'.repeat(n * 7) }),
  ).join('\r\n');
  const bytes = Buffer.from(`\r\n\r\n${stream}`);
  for (let at = 0; at < bytes.length; at += 101) {
    peer.socket.write(bytes.subarray(at, at + 101));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await peer.hears(/^\r\n$/);
  for (let seq = 1; seq <= 20; seq++) await peer.hears(new RegExp(`^SIP/2.0 503[\\s\\S]*CSeq: ${seq} OPTIONS`));
  t.equal(peer.heard.filter((text) => text.startsWith('SIP')).length, 20);
});

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const scraps = [
  '\r\n',
  '\r\n\r\n',
  ';',
  ',',
  '<',
  '>',
  '"',
  '\\',
  ':',
  '\0',
  '\xff',
  '%00',
  ' ',
  '\t',
  '=',
  '@',
  'sip:',
  '99999999999',
  'SIP/2.0',
  ';tag=',
];

/** The message with a few bytes lost, doubled, changed or put in. */
function mutated(text: string, roll: (sides: number) => number): string {
  let out = text;
  for (let times = 1 + roll(4); times > 0; times--) {
    const at = roll(out.length);
    const length = roll(20);
    const kind = roll(4);
    const middle = [
      () => '',
      () => out.slice(at, at + length).repeat(2),
      () => scraps[roll(scraps.length)] ?? '',
      () => String.fromCharCode(roll(256)).repeat(1 + roll(300)),
    ][kind]?.();
    out = out.slice(0, at) + middle + out.slice(at + length);
  }
  return out;
}

t.test(
  'three thousand mutated messages: the engine lives, and the application hears only what it can read',
  async (t) => {
    const srf = new Srf();
    srf.on('error', () => {});
    srf.connect({ host: '127.0.0.1', port: engine.adminPort, secret });
    await once(srf, 'connect');
    for (const method of ['invite', 'message', 'subscribe', 'register'] as const)
      srf[method]((_req, res) => res.send(486));
    const unreadable: unknown[] = [];
    const complain = console.error;
    console.error = (...what: unknown[]) => unreadable.push(what);
    const peer = await phone(t);
    const onTcp = [await phone(t, tcpPeer)];
    const roll = dice(4475);
    for (let n = 0; n < 3000; n++) {
      const method =
        ['INVITE', 'MESSAGE', 'SUBSCRIBE', 'REGISTER', 'CANCEL', 'ACK', 'BYE', 'PRACK'][roll(8)] ?? 'INVITE';
      const more = ['Supported: 100rel', 'Record-Route: <sip:127.0.0.1:1;lr>', 'Event: dialog', 'RAck: 1 1 INVITE'][
        roll(5)
      ];
      const wanted = { callId: `fuzz-${roll(50)}`, port: peer.port, body: 'v=0\r\n', ...(more ? { more } : {}) };
      const text = mutated(requestText(method, wanted), roll);
      if (n % 10 === 0) {
        const connection = await tcpPeer(engine.sipPort);
        onTcp.push(connection);
        connection.say(text);
      } else peer.say(text);
      if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    peer.say(requestText('MESSAGE', { callId: 'last', port: peer.port }));
    await peer.hears(/^SIP\/2.0 486[\s\S]*Call-ID: last/);
    console.error = complain;
    for (const connection of onTcp) connection.close();
    srf.disconnect();
    t.same(unreadable, []);
    t.equal(engine.child.exitCode, null);
    await alive(t, 'and answers');
  },
);

t.test('no answer goes to what is no request, and nothing is relayed', async (t) => {
  const peer = await phone(t);
  const other = await phone(t);
  const via = `Via: SIP/2.0/UDP 127.0.0.1:${engine.sipPort};branch=z9hG4bKx\r\nVia: SIP/2.0/UDP 127.0.0.1:${other.port};branch=z9hG4bKy`;
  peer.say(
    `SIP/2.0 200 OK\r\n${via}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n`,
  );
  for (const junk of [
    '',
    '\r\n',
    '\0\0\0\0',
    'hello',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'SIP/2.0 4294967301 No\r\nVia: SIP/2.0/UDP h\r\n\r\n',
  ])
    peer.say(junk);
  peer.say(requestText('ACK', { port: peer.port }));
  await alive(t, 'everything before has been read');
  t.same([...peer.heard, ...other.heard], []);
});

t.test('the control port', async (t) => {
  const wrong = await rawApp(engine.adminPort);
  wrong.say('1', 'authenticate|wrong|');
  t.match(await wrong.hears(/\|1\|/), /\|response\|1\|NO\|incorrect secret$/);
  await wrong.hears(/^closed$/);
  const early = await rawApp(engine.adminPort);
  early.say('2', 'route|invite');
  t.match(await early.hears(/\|2\|/), /NO\|not authenticated/);
  await early.hears(/^closed$/);
  for (const bytes of ['x'.repeat(100), '99999999#', '-5#abcde']) {
    const junk = await rawApp(engine.adminPort);
    junk.socket.write(bytes);
    await junk.hears(/^closed$/);
  }
  const app = await rawApp(engine.adminPort);
  t.teardown(() => app.close());
  app.say('3', `authenticate|${secret}|tag1`);
  const greeting = new RegExp(
    `\\|OK\\|tcp/127.0.0.1:${engine.sipPort},udp/127.0.0.1:${engine.sipPort}\\|v\\d+\\.\\d+\\.\\d+`,
  );
  t.match(await app.hears(/\|3\|/), greeting);
  app.say('4', 'ping');
  t.match(await app.hears(/\|4\|/), /\|OK\|pong$/);
  app.say('5', 'sip||\r\nthis is no SIP at all');
  t.match(await app.hears(/\|5\|/), /\|NOK\|/);
  app.say('6', 'sip||\r\nMESSAGE sip:a@127.0.0.1:9 SIP/2.0\r\n\r\nwhat is this');
  t.match(await app.hears(/\|6\|/), /\|NOK\|missing content-type$/);
  app.say('7', 'constructor|x');
  t.match(await app.hears(/\|7\|/), /NO\|Unknown message type/);
  await app.hears(/^closed$/);
});

t.test('two applications take turns; one that withdraws gets no more', async (t) => {
  const withdrawn = await rawApp(engine.adminPort);
  t.teardown(() => withdrawn.close());
  for (const [id, order] of [
    `authenticate|${secret}|`,
    'route|publish',
    'route|info',
    'route|publish',
    'remove_route|publish',
  ].entries()) {
    withdrawn.say(`w${id}`, order);
    t.match(await withdrawn.hears(new RegExp(`\\|w${id}\\|`)), /\|OK/);
  }
  const peer = await phone(t);
  const answerer = async (name: string): Promise<void> => {
    const srf = new Srf();
    srf.connect({ host: '127.0.0.1', port: engine.adminPort, secret });
    await once(srf, 'connect');
    t.teardown(() => srf.disconnect());
    srf.publish((_req, res) => res.send(200, { headers: { 'X-App': name } }));
    // Nothing tells when its route has arrived, but its first answer.
    for (let answeredBy = ''; answeredBy !== name; ) {
      peer.say(requestText('PUBLISH', { port: peer.port }));
      answeredBy = header(await peer.hears(/^SIP\/2.0 [2-6][\s\S]*PUBLISH/), 'X-App');
    }
  };
  await answerer('ONE');
  await answerer('TWO');
  const names: string[] = [];
  for (let n = 0; n < 6; n++) {
    peer.say(requestText('PUBLISH', { port: peer.port }));
    names.push(header(await peer.hears(/^SIP\/2.0 200[\s\S]*PUBLISH/), 'X-App'));
  }
  t.same(names.sort(), ['ONE', 'ONE', 'ONE', 'TWO', 'TWO', 'TWO'], 'however often they ask for it');
  peer.say(requestText('INFO', { port: peer.port }));
  t.match(await withdrawn.hears(/\|sip\|network\|/), /\r\nINFO /, 'its other routes stand');
});

t.test('an application that does not read is not waited for, and loses nothing that it can still take', async (t) => {
  const app = await rawApp(engine.adminPort);
  app.say('a', `authenticate|${secret}|`);
  app.say('b', 'route|notify');
  await app.hears(/\|b\|OK$/);
  app.socket.pause();
  const peer = await tcpPeer(engine.sipPort);
  t.teardown(() => peer.close());
  for (let n = 1; n <= 1500; n++)
    peer.say(requestText('NOTIFY', { proto: 'TCP', port: peer.port, seq: n, body: 'n'.repeat(8000) }));
  await alive(t, 'the engine answers others meanwhile');
  app.socket.resume();
  const last = await app.hears(/CSeq: 1500 NOTIFY/);
  t.equal(header(last, 'Content-Length'), '8000');
  app.close();
});
