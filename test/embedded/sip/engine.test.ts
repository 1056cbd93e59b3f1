import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import Srf from 'drachtio-srf';
import t, { type Test } from 'tap';
import { type EngineProcess, runEngine, secret, startEngine } from './engine-process.js';
import { type Peer, tcpPeer, udpPeer } from './peers.js';
import { header, requestText, responseText, sdp, tagIn } from './sip-text.js';

/** A connected application on the unmodified drachtio-srf; it is gone when the test ends. */
async function application(t: Test, engine: EngineProcess): Promise<Srf> {
  const srf = new Srf();
  srf.on('error', () => {});
  srf.connect({ host: '127.0.0.1', port: engine.adminPort, secret });
  await once(srf, 'connect');
  t.teardown(() => srf.disconnect());
  return srf;
}

/** Routes reach the engine behind the call that asks for them; nothing tells when. A request that is answered does. */
async function routed(phone: Peer, method: string): Promise<void> {
  for (;;) {
    phone.say(requestText(method, { port: phone.port }));
    const answer = await phone.hears(new RegExp(`^SIP/2.0 [2-6][\\s\\S]*CSeq: 1 ${method}`));
    if (!answer.startsWith('SIP/2.0 503')) return;
    await wait(10);
  }
}

/** What a promise was rejected with. */
async function problemOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (problem: unknown) => problem,
  );
}

async function phone(t: Test, engine: EngineProcess, kind = udpPeer): Promise<Peer> {
  const peer = await kind(engine.sipPort);
  t.teardown(() => peer.close());
  return peer;
}

t.test('it names itself and refuses what would be a mistake', async (t) => {
  const engine = await startEngine();
  t.match(engine.firstLine, { msg: /embedded SIP engine.*use drachtio-server in production/ });
  const taken = `127.0.0.1:${engine.sipPort}`;
  const mistakes: [string[], RegExp][] = [
    [['--admin', '127.0.0.1:0', '--sip', taken, '--secret', 's'], /EADDRINUSE.*127\.0\.0\.1/],
    [['--admin', '127.0.0.1:0', '--sip', '0.0.0.0:0', '--secret', 's'], /not a loopback address/],
    [['--admin', '127.0.0.1:0', '--sip', 'localhost:0', '--secret', 's'], /no IP address/],
    [['--admin', '127.0.0.1:0', '--sip', '127.0.0.1:0'], /a secret is needed/],
    [['--sip', '127.0.0.1:0', '--secret', 's'], /^SIP engine: usage:/],
    [['--frobnicate'], /frobnicate/],
  ];
  for (const [args, why] of mistakes) {
    const { code, stderr } = await runEngine(...args);
    t.equal(code, 2, args.join(' '));
    t.match(stderr, why);
  }
  engine.child.kill('SIGTERM');
  t.same(await once(engine.child, 'exit'), [0, null], 'SIGTERM ends it');
  const orphan = await startEngine('--stdin-guard');
  orphan.child.stdin?.end();
  t.same(await once(orphan.child, 'exit'), [0, null], 'and with the guard so does the end of its parent');
});

t.test('a call to an application', async (t) => {
  const engine = await startEngine();
  t.teardown(engine.stop);
  const alice = await phone(t, engine);
  const srf = await application(t, engine);
  const calls: { body: string; source: string | undefined }[] = [];
  srf.invite(async (req, res) => {
    calls.push({ body: req.body ?? '', source: `${req.source_address}:${req.source_port}` });
    const uas = await srf.createUAS(req, res, { localSdp: sdp, headers: { 'X-Name': 'J\u00fcrgen' } });
    uas.on('info', (info, answer) =>
      answer.send(200, { body: info.body ?? '', headers: { 'Content-Type': 'text/plain' } }),
    );
  });
  srf.options((_req, res) => res.send(200));
  await routed(alice, 'OPTIONS');

  const umlauts = Buffer.from(`${sdp}s=\u00e4\u00f6\u00fc\r\n`).toString('latin1');
  const invite = requestText('INVITE', { callId: 'call', port: alice.port }).replace(
    'Content-Length: 0',
    'Content-Type: application/sdp',
  );
  alice.say(`${invite.trimEnd()}\r\nContent-Length: ${umlauts.length}\r\n\r\n${umlauts}`);
  await alice.hears(/^SIP\/2.0 100/);
  const ok = await alice.hears(/^SIP\/2.0 200[\s\S]*INVITE/);
  t.same(calls, [{ body: `${sdp}s=äöü\r\n`, source: `127.0.0.1:${alice.port}` }]);
  t.equal(header(ok, 'Contact'), `<sip:127.0.0.1:${engine.sipPort}>`);
  t.equal(header(ok, 'X-Name'), Buffer.from('Jürgen').toString('latin1'), 'bytes, not characters');
  t.ok(ok.endsWith(`Content-Length: ${sdp.length}\r\n\r\n${sdp}`));

  const toTag = tagIn(ok, 'To');
  alice.say(requestText('ACK', { callId: 'call', toTag, port: alice.port }));
  alice.say(requestText('INFO', { callId: 'call', toTag, seq: 2, port: alice.port, body: 'Signal=5' }));
  t.match(await alice.hears(/^SIP\/2.0 200[\s\S]*INFO/), /\r\n\r\nSignal=5$/);
  alice.say(requestText('BYE', { callId: 'call', toTag, seq: 3, port: alice.port }));
  await alice.hears(/^SIP\/2.0 200[\s\S]*BYE/);
  alice.say(requestText('BYE', { callId: 'call', toTag, seq: 4, port: alice.port }));
  await alice.hears(/^SIP\/2.0 481[\s\S]*CSeq: 4 BYE/);
});

t.test('a phone on TCP registers and is called over the same connection', async (t) => {
  const engine = await startEngine();
  t.teardown(engine.stop);
  const srf = await application(t, engine);
  const bob = await phone(t, engine, tcpPeer);
  const alice = await phone(t, engine);
  let contact = '';
  let joined = () => {};
  // srf tells a BYE once, and only whom it finds listening.
  const bothListen = new Promise<void>((resolve) => {
    joined = resolve;
  });
  srf.register((req, res) => {
    contact = req.getParsedHeader('contact')[0]?.uri ?? '';
    res.send(200, { headers: { Contact: req.get('Contact') ?? '', Expires: '60' } });
  });
  srf.invite(async (req, res) => {
    const { uas, uac } = await srf.createB2BUA(req, res, contact, { passProvisionalResponses: true });
    uas.on('destroy', () => void uac.destroy());
    uac.on('destroy', () => void uas.destroy());
    joined();
  });
  await routed(alice, 'REGISTER');
  const where = { proto: 'TCP', port: bob.port, contact: `<sip:bob@127.0.0.1:${bob.port};transport=tcp>` };
  bob.say(requestText('REGISTER', { ...where, more: 'Expires: 60' }));
  await bob.hears(/^SIP\/2.0 200/);

  alice.say(requestText('INVITE', { callId: 'to-bob', port: alice.port, body: sdp }));
  const invite = await bob.hears(/^INVITE/);
  t.match(header(invite, 'Via'), new RegExp(`^SIP/2.0/TCP 127.0.0.1:${engine.sipPort};`));
  const lines = [`Contact: ${where.contact}`];
  bob.say(responseText(invite, '180 Ringing', { lines }));
  await alice.hears(/^SIP\/2.0 180/);
  bob.say(responseText(invite, '200 OK', { lines, body: sdp }));
  await bob.hears(/^ACK/);
  const ok = await alice.hears(/^SIP\/2.0 200/);
  alice.say(requestText('ACK', { callId: 'to-bob', port: alice.port, toTag: tagIn(ok, 'To') }));
  await bothListen;
  alice.say(requestText('BYE', { callId: 'to-bob', port: alice.port, toTag: tagIn(ok, 'To'), seq: 2 }));
  bob.say(responseText(await bob.hears(/^BYE/), '200 OK'));
  await alice.hears(/^SIP\/2.0 200[\s\S]*BYE/);
});

t.test('a caller hangs up while it rings: the callee stops', async (t) => {
  const engine = await startEngine();
  t.teardown(engine.stop);
  const srf = await application(t, engine);
  const alice = await phone(t, engine);
  const bob = await phone(t, engine);
  let heard = '';
  srf.invite((req, res) => {
    req.on('cancel', (cancel) => {
      heard = cancel.get('Reason') ?? '';
    });
    srf.createB2BUA(req, res, `sip:bob@127.0.0.1:${bob.port}`).catch(() => {});
  });
  srf.options((_req, res) => res.send(200));
  await routed(alice, 'OPTIONS');
  alice.say(requestText('INVITE', { callId: 'gone', branch: 'z9hG4bKgone', port: alice.port, body: sdp }));
  const invite = await bob.hears(/^INVITE/);
  bob.say(responseText(invite, '180 Ringing'));
  await alice.hears(/^SIP\/2.0 180/);
  alice.say(
    requestText('CANCEL', { callId: 'gone', branch: 'z9hG4bKgone', port: alice.port, more: 'Reason: SIP;cause=487' }),
  );
  await alice.hears(/^SIP\/2.0 200[\s\S]*CANCEL/);
  await alice.hears(/^SIP\/2.0 487/);
  const cancel = await bob.hears(/^CANCEL/);
  bob.say(responseText(cancel, '200 OK'));
  bob.say(responseText(invite, '487 Request Terminated'));
  await bob.hears(/^ACK/);
  t.equal(heard, 'SIP;cause=487');
});

t.test('a CANCEL that crosses the 200: the callee is hung up, the application is told', async (t) => {
  const engine = await startEngine();
  t.teardown(engine.stop);
  const srf = await application(t, engine);
  const bob = await phone(t, engine);
  let request: { cancel(): void } | undefined;
  const progress: Srf.ProgressCallbacks = {
    cbProvisional: () => request?.cancel(),
    cbRequest: (_problem, req) => {
      request = req;
    },
  };
  // The callback listens before the next frame is read: the news of the BYE may come in the same breath.
  const told = new Promise((resolve, reject) => {
    srf.createUAC(`sip:bob@127.0.0.1:${bob.port}`, { localSdp: sdp }, progress, (problem, dialog) => {
      if (dialog && 'once' in dialog) dialog.once('destroy', resolve);
      else reject(problem);
    });
  });
  const invite = await bob.hears(/^INVITE/);
  bob.say(responseText(invite, '180 Ringing'));
  await bob.hears(/^CANCEL/);
  bob.say(responseText(invite, '200 OK', { body: sdp }));
  await bob.hears(/^ACK/);
  const bye = await bob.hears(/^BYE/);
  t.equal(header(bye, 'Reason'), 'SIP;cause=200;text="ACK-BYE due to cancel race condition"');
  await told;
});

t.test('peers that are not there', async (t) => {
  const engine = await startEngine();
  t.teardown(engine.stop);
  const srf = await application(t, engine);
  const gone = await udpPeer(engine.sipPort);
  gone.close();
  for (const transport of ['udp', 'tcp']) {
    const uri = `sip:bob@127.0.0.1:${gone.port};transport=${transport}`;
    t.match(
      await problemOf(srf.createUAC(uri, { localSdp: sdp })),
      { status: 503 },
      `${transport}: the kernel says so at once`,
    );
  }
  const own = `sip:bob@127.0.0.1:${engine.sipPort}`;
  t.match(await problemOf(srf.createUAC(own, { localSdp: sdp })), { message: 'can not send request to myself' });
  const secure = srf.createUAC('sip:bob@127.0.0.1;transport=tls', { localSdp: sdp });
  t.match(await problemOf(secure), { message: 'requested protocol/transport not available' });
  const nowhere = srf.createUAC('sip:bob@no-such-host.invalid', { localSdp: sdp });
  t.match(await problemOf(nowhere), { status: 503 }, 'a name that nobody knows');
});

t.test('a host name that only this machine knows is found', async (t) => {
  const engine = await startEngine();
  t.teardown(engine.stop);
  const srf = await application(t, engine);
  const bob = await phone(t, engine);
  const sent = srf.request(`sip:bob@localhost:${bob.port}`, { method: 'OPTIONS' });
  const options = await bob.hears(/^OPTIONS/);
  t.match(options, new RegExp(`^OPTIONS sip:bob@localhost:${bob.port} SIP`));
  bob.say(responseText(options, '200 OK'));
  await sent;
});

t.test('every other method, both ways', async (t) => {
  const engine = await startEngine();
  t.teardown(engine.stop);
  const srf = await application(t, engine);
  const alice = await phone(t, engine);
  const methods = ['message', 'publish', 'notify', 'refer', 'info', 'subscribe', 'options', 'register'] as const;
  for (const method of methods) srf[method]((_req, res) => res.send(202, { headers: { 'X-Method': method } }));
  await routed(alice, 'REGISTER');
  for (const method of methods) {
    const name = method.toUpperCase();
    alice.say(requestText(name, { port: alice.port, body: 'hello' }));
    t.equal(header(await alice.hears(new RegExp(`^SIP/2.0 202[\\s\\S]*CSeq: 1 ${name}`)), 'X-Method'), method);
    const sent = srf.request(`sip:alice@127.0.0.1:${alice.port}`, {
      method: name,
      headers: { Event: 'x' },
      body: sdp,
    } as never);
    const got = await alice.hears(new RegExp(`^${name} `));
    t.match(header(got, 'Content-Type'), 'application/sdp');
    alice.say(responseText(got, '200 OK'));
    await sent;
  }
  for (const name of ['BYE', 'UPDATE', 'PRACK']) {
    alice.say(requestText(name, { port: alice.port, toTag: 'nobody' }));
    await alice.hears(new RegExp(`^SIP/2.0 481[\\s\\S]*CSeq: 1 ${name}`));
  }
  alice.say(requestText('DANCE', { port: alice.port }));
  t.match(header(await alice.hears(/^SIP\/2.0 501/), 'Allow'), /INVITE/, 'a method that nobody knows is answered');
  t.pass('and the engine is still there');
});
