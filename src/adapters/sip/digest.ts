import { createHash, createHmac, randomBytes } from 'node:crypto';
import { sameText } from './same-text.js';

/** What a client proves its identity with (RFC 7616 section 3.4, MD5 as phones have it). */
export type Credentials = ReadonlyMap<string, string>;

/** How a check of credentials ended. */
export type DigestVerdict = 'right' | 'wrong' | 'stale' | 'malformed';

/** The asked method and whose password is compared with. */
export interface DigestAsk {
  readonly method: string;
  /** The request URI: credentials are good for the number they were made for and no other (RFC 7616 section 3.4.6). */
  readonly uri: string;
  readonly realm: string;
  readonly password: string | undefined;
}

/** Digest authentication without state: a nonce is a time and its signature, so every instance can check it. */
export interface Digest {
  challenge(realm: string, stale: boolean): string;
  verify(credentials: Credentials, ask: DigestAsk): DigestVerdict;
}

/** How long a nonce may be used, in milliseconds; a phone with an older one is asked again with `stale=true`. */
const nonceLife = 300_000;

/** Digest with a secret that signs nonces; instances that share it accept each other's. */
export const makeDigest = (secret: string | Buffer = randomBytes(32), now: () => number = Date.now): Digest => {
  const sign = (time: string) => createHmac('sha256', secret).update(time).digest('hex').slice(0, 32);

  const isFresh = (nonce: string): boolean | undefined => {
    const [time = '', signature = ''] = nonce.split('.');
    if (!sameText(sign(time), signature)) return undefined;
    return now() - Number.parseInt(time, 36) < nonceLife;
  };

  return {
    challenge: (realm, stale) => {
      const time = now().toString(36);
      const nonce = `${time}.${sign(time)}`;
      return `Digest realm="${realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
    },
    verify: (credentials, { method, uri, realm, password }) => {
      const given = (name: string) => credentials.get(name) ?? '';
      if (!given('username') || !given('response') || !given('uri')) return 'malformed';
      const fresh = isFresh(given('nonce'));
      // Compared with something even where there is no such user, so that the time tells nothing (reliability.md V29).
      const expected = responseOf(given, { method, realm, password: password ?? randomBytes(16).toString('hex') });
      const knows = sameText(expected, given('response').toLowerCase()) && password !== undefined;
      if (!knows || given('realm') !== realm || addressIn(given('uri')) !== addressIn(uri)) return 'wrong';
      // A nonce of another instance, or of before a restart: the phone knows its password, so it is asked once more.
      return fresh ? 'right' : 'stale';
    },
  };
};

/** A URI without its parameters, which phones often leave out of their credentials. */
const addressIn = (uri: string): string => (uri.split(/[;?]/)[0] ?? '').toLowerCase();

interface Secret {
  readonly method: string;
  readonly realm: string;
  readonly password: string;
}

const responseOf = (given: (name: string) => string, { method, realm, password }: Secret): string => {
  const a1 = md5(`${given('username')}:${realm}:${password}`);
  const a2 = md5(`${method}:${given('uri')}`);
  return given('qop')
    ? md5(`${a1}:${given('nonce')}:${given('nc')}:${given('cnonce')}:${given('qop')}:${a2}`)
    : md5(`${a1}:${given('nonce')}:${a2}`);
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const parameter = /([a-z]{1,20})\s{0,9}=\s{0,9}(?:"([^"]{0,512})"|([^\s",]{1,256}))/gi;

/** Reads an Authorization header; undefined if it is no Digest or too long to be one. */
export const readCredentials = (header: string): Credentials | undefined => {
  if (header.length > 2000 || !/^\s*digest\s/i.test(header)) return undefined;
  const found = new Map<string, string>();
  for (const [, name = '', quotedText, token] of header.matchAll(parameter)) {
    found.set(name.toLowerCase(), quotedText ?? token ?? '');
  }
  return found;
};
