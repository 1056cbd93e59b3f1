import { createHash } from 'node:crypto';
import t from 'tap';
import { type DigestAsk, makeDigest, readCredentials } from '../../../src/adapters/sip/digest.js';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Credentials as a phone makes them (RFC 7616 3.4). */
export const credentialsFor = (
  challenge: string,
  { user = '102', password = 'secret of 102', method = 'INVITE', uri = 'sip:101@acme.example' } = {},
): string => {
  const said = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const [realm, nonce] = [said('realm'), said('nonce')];
  const ha = [md5(`${user}:${realm}:${password}`), md5(`${method}:${uri}`)];
  const response = md5(`${ha[0]}:${nonce}:00000001:c:auth:${ha[1]}`);
  return `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, cnonce="c", qop=auth, nc=00000001`;
};

const secret = 'a secret of this test';
const ask: DigestAsk = {
  method: 'INVITE',
  realm: 'acme.example',
  uri: 'sip:101@acme.example',
  password: 'secret of 102',
};

const read = (header: string) => readCredentials(header) ?? new Map();

t.test('RFC 7616 3.9.1 and RFC 2617 3.5: the examples', async (t) => {
  const digest = makeDigest(secret);
  const uri = '/dir/index.html';
  const rows = [
    {
      header: `Digest username="Mufasa", realm="http-auth@example.org", uri="${uri}", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="8ca523f5e9506fed4657c9700eebdbec"`,
      realm: 'http-auth@example.org',
      password: 'Circle of Life',
    },
    {
      header: `Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="${uri}", qop=auth, nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1"`,
      realm: 'testrealm@host.com',
      password: 'Circle Of Life',
    },
  ];
  for (const { header, realm, password } of rows) {
    const verdict = (changes: Partial<DigestAsk>) =>
      digest.verify(read(header), { method: 'GET', uri, realm, password, ...changes });
    t.equal(verdict({}), 'stale', 'the response is right; only the nonce is not ours');
    t.equal(verdict({ password: 'Circle of life' }), 'wrong');
    t.equal(verdict({ method: 'POST' }), 'wrong');
    t.equal(verdict({ realm: 'acme.example' }), 'wrong');
    t.equal(verdict({ password: undefined }), 'wrong');
  }
});

t.test('our own challenge, answered', async (t) => {
  let now = 1_700_000_000_000;
  const digest = makeDigest(secret, () => now);
  const challenge = digest.challenge('acme.example', false);
  t.match(challenge, /^Digest realm="acme\.example", nonce="[^"]+", algorithm=MD5, qop="auth"$/);
  t.match(digest.challenge('acme.example', true), /, stale=true$/);
  const verdict = (header: string, changes: Partial<DigestAsk> = {}) =>
    digest.verify(read(header), { ...ask, ...changes });
  const right = credentialsFor(challenge);
  t.equal(verdict(right), 'right');
  t.equal(verdict(right.replace(/response="([^"]+)"/, (_, hex: string) => `response="${hex.toUpperCase()}"`)), 'right');
  t.equal(makeDigest(secret, () => now).verify(read(right), ask), 'right', 'an instance with the same secret agrees');
  t.equal(makeDigest('another', () => now).verify(read(right), ask), 'stale', 'one with another asks once more');

  t.equal(verdict(credentialsFor(challenge, { password: 'guess' })), 'wrong');
  t.equal(verdict(right, { password: undefined }), 'wrong', 'nobody has this number');
  t.equal(verdict(right, { password: '' }), 'wrong');
  t.equal(verdict(right, { method: 'REGISTER' }), 'wrong', 'made for another method');
  t.equal(verdict(right, { uri: 'sip:900123@acme.example' }), 'wrong', 'made for another number (RFC 7616 3.4.6)');
  t.equal(verdict(right, { realm: 'other.example' }), 'wrong', 'made for another tenant');
  t.equal(verdict(right.replace('username="102"', 'username="101"')), 'wrong', 'another name under it');
  t.equal(verdict(right.replace('realm="acme.example"', 'realm="acme"')), 'wrong', 'said to be of another realm');
  t.equal(verdict(right.replace('nc=00000001', 'nc=00000002')), 'wrong');
  t.equal(verdict(right.replace('qop=auth', 'qop=auth-int')), 'wrong');

  now += 299_000;
  t.equal(verdict(right), 'right', 'a nonce is good for five minutes');
  now += 2_000;
  t.equal(verdict(right), 'stale', 'then the phone is asked again');
  t.equal(
    verdict(credentialsFor(challenge, { password: 'guess' })),
    'wrong',
    'but only who knows the password is told so',
  );
});

t.test('a nonce that we did not make opens nothing', async (t) => {
  const now = 1_700_000_000_000;
  const digest = makeDigest(secret, () => now);
  const own = /nonce="([^"]*)"/.exec(digest.challenge('acme.example', false))?.[1] ?? '';
  const [time = '', signature = ''] = own.split('.');
  const later = (now + 1e9).toString(36);
  const forged = [
    '',
    '.',
    time,
    `${time}.`,
    `.${signature}`,
    `${later}.${signature}`,
    `${time}.${'0'.repeat(32)}`,
    `${time}.${signature.slice(1)}`,
    `${own}x`,
    `Infinity.${signature}`,
    'x'.repeat(500),
  ];
  for (const nonce of forged) {
    const challenge = `Digest realm="acme.example", nonce="${nonce}"`;
    t.not(digest.verify(read(credentialsFor(challenge)), ask), 'right', nonce.slice(0, 60));
  }
  t.equal(
    digest.verify(read(credentialsFor(`Digest realm="acme.example", nonce="${own}"`)), ask),
    'right',
    'ours does',
  );
});

t.test('headers that are no credentials', async (t) => {
  const digest = makeDigest(secret);
  for (const header of [
    '',
    'Basic MTAyOnNlY3JldA==',
    'Digest',
    'Digestx y="z"',
    'Bearer x',
    `Digest ${'x'.repeat(2_000)}`,
  ]) {
    t.equal(readCredentials(header), undefined, header.slice(0, 30));
  }
  const parts = ['username="102"', 'realm="acme.example"', 'nonce="x"', 'uri="sip:101@acme.example"', 'response="x"'];
  const needed = new Set([0, 3, 4]);
  for (const [index, part] of parts.entries()) {
    const header = `Digest ${parts.filter((each) => each !== part).join(', ')}`;
    t.equal(digest.verify(read(header), ask), needed.has(index) ? 'malformed' : 'wrong', `without ${part}`);
  }
  t.equal(digest.verify(read('Digest username="", uri="", response=""'), ask), 'malformed');
  t.match(
    Object.fromEntries(read('DIGEST  UserName = "1,02" ,\tqop=auth, uri="sip:a;b=c,d"')),
    { username: '1,02', qop: 'auth', uri: 'sip:a;b=c,d' },
    'names have no case, quotes hide commas',
  );
  t.same(read('Digest __proto__="x", constructor="y"').get('constructor'), 'y', 'a map, not an object');
  t.equal(({} as Record<string, unknown>).x, undefined);
});
