import t from 'tap';
import { makePostLetter } from '../../src/adapters/http/webhook/post.js';
import { reachOf } from '../../src/adapters/http/webhook/reach.js';
import { signatureOf } from '../../src/adapters/http/webhook/signature.js';
import { type Answers, certificate, nobodyThere, receiver, swallower } from '../support/receiver.js';

const body = '{"id":"1","event":"waiting","tenant":"acme","data":{}}';
const secret = 'sixteen letters!';

const post = makePostLetter({ networks: ['127.0.0.0/8'], version: '1.2.3', now: () => 1_767_225_600_900 });
const to = (url: string) => ({ url, secret, events: new Set<never>() });

t.test('the signature, as any receiver makes it', async (t) => {
  // printf '1767225600.%s' "$body" | openssl dgst -sha256 -hmac 'sixteen letters!'
  const v1 = '2d8f9555b51bea81216cd4f4eb85f13cbf258ba426f50bebb2e6869ef9e45052';
  t.equal(signatureOf(secret, body, 1_767_225_600), `t=1767225600,v1=${v1}`);
  t.not(signatureOf(secret, body, 1_767_225_601), signatureOf(secret, body, 1_767_225_600), 'each try has its own');
});

t.test('a post as it stands on the wire', async (t) => {
  const there = await receiver(t);
  t.equal(await post(to(there.url), { id: 'id-1', body }), undefined);
  const { headers, text } = await there.next();
  t.equal(text, body);
  t.match(headers, {
    'content-type': 'application/json',
    'user-agent': 'callpickup/1.2.3',
    'callpickup-event-id': 'id-1',
    'callpickup-signature': signatureOf(secret, body, 1_767_225_600),
  });
  t.equal(await post(to(there.url), { id: 'id-2', body: '{"name":"Jørgen 電話"}' }), undefined);
  t.equal((await there.next()).body.name, 'Jørgen 電話');
  t.equal(there.connections, 1, 'on the same connection');
});

t.test('a connection that the receiver closed while it was idle is made anew at once', async (t) => {
  const closing = await receiver(t, (answer) => {
    answer.shouldKeepAlive = true;
    answer.writeHead(204).end(() => answer.socket?.resetAndDestroy());
  });
  for (const id of ['a', 'b', 'c']) t.equal(await post(to(closing.url), { id, body }), undefined);
});

const bad: Record<string, [answers: Answers, why: string | undefined]> = {
  'an error': [(answer) => void answer.writeHead(500).end(), 'status 500'],
  'a redirect is not followed': [
    (answer) => void answer.writeHead(307, { Location: 'http://127.0.0.1:1/' }).end(),
    'status 307',
  ],
  'a body that never ends': [(answer) => void answer.writeHead(200).write('.'), undefined],
  'a body without bounds': [
    (answer) => {
      answer.writeHead(200);
      const more = () => {
        while (!answer.destroyed && answer.write('x'.repeat(65_536)));
      };
      answer.on('drain', more);
      more();
    },
    undefined,
  ],
  'headers without bounds': [
    (answer) => void answer.writeHead(200, { 'X-Long': 'x'.repeat(100_000) }).end(),
    'HPE_HEADER_OVERFLOW',
  ],
  'no HTTP': [(answer) => void answer.socket?.end('hello\r\n\r\n'), 'HPE_INVALID_CONSTANT'],
  'closed without an answer': [(answer) => void answer.socket?.destroy(), 'ECONNRESET'],
};

t.test('receivers that fail or lie', async (t) => {
  for (const [what, [answers, why]] of Object.entries(bad)) {
    const there = await receiver(t, answers);
    t.equal(await post(to(there.url), { id: 'a', body }), why, what);
    t.equal(there.posted.length, 1, `${what}: one try`);
  }
});

t.test('a certificate that nobody whom we trust has signed is none', async (t) => {
  const there = await receiver(t, undefined, certificate(t));
  t.equal(await post(to(there.url), { id: 'a', body }), 'DEPTH_ZERO_SELF_SIGNED_CERT');
  t.equal(there.posted.length, 0);
});

t.test('receivers that are dead: nobody listens, nobody answers, nobody hears', async (t) => {
  t.equal(await post(to(await nobodyThere()), { id: 'a', body }), 'ECONNREFUSED');
  const silent = await receiver(t, () => undefined);
  const hasty = makePostLetter({ networks: ['127.0.0.0/8'], version: '1', now: Date.now, deadline: 300 });
  const late = Promise.all([silent.url, await swallower(t)].map((url) => hasty(to(url), { id: 'a', body })));
  t.same(await late, ['no answer in time', 'no answer in time']);
  // What a machine without a name server says besides.
  t.match(await post(to('http://no-such-host.invalid/'), { id: 'a', body }), /^(ENOTFOUND|EAI_AGAIN)$/);
});

t.test('where webhooks may not go', async (t) => {
  const careful = makePostLetter({ networks: [], version: '1', now: Date.now });
  const there = await receiver(t);
  const { port } = new URL(there.url);
  const why = 'webhooks may not go to this address (WEBHOOK_NETWORKS)';
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]']) {
    t.equal(await careful(to(`http://${host}:${port}/`), { id: 'a', body }), why, host);
  }
  t.equal(there.connections, 0);
  const [usual, only] = [reachOf([]), reachOf(['198.51.100.0/24', '2001:db8::1'])];
  const rows: [address: string, isUsual: boolean, isListed: boolean][] = [
    ['192.0.2.1', true, false],
    ['10.0.0.1', true, false],
    ['198.51.100.7', true, true],
    ['2001:db8::1', true, true],
    ['2001:db8::2', true, false],
    ['169.254.169.254', false, false],
    ['127.8.8.8', false, false],
    ['224.0.0.1', false, false],
    ['255.255.255.255', false, false],
    ['::', false, false],
    ['::1', false, false],
    ['::2', true, false],
    ['fe80::1', false, false],
    ['ff02::1', false, false],
    ['::ffff:169.254.169.254', false, false],
    ['::ffff:198.51.100.7', true, true],
  ];
  for (const [address, isUsual, isListed] of rows) {
    t.equal(usual(address), isUsual, address);
    t.equal(only(address), isListed, `${address} where some are named`);
  }
});
