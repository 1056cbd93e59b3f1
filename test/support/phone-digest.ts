import { createHash, randomBytes } from 'node:crypto';

/** What a challenged request needs to be asked again with. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
}

const parametersOf = (challenge: string): Map<string, string> =>
  new Map(
    [...challenge.matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]+))/g)].map(([, name = '', quoted, plain]) => [
      name.toLowerCase(),
      quoted ?? plain ?? '',
    ]),
  );

/** The value of an Authorization field that answers a challenge (RFC 8760, with MD5 and SHA-256). */
export const answerTo = (challenge: string, { username, password, method, uri }: Credentials): string => {
  const given = parametersOf(challenge);
  const [realm, nonce] = [given.get('realm') ?? '', given.get('nonce') ?? ''];
  const algorithm = given.get('algorithm') ?? 'MD5';
  const hash = (...parts: string[]): string =>
    createHash(algorithm.toUpperCase() === 'SHA-256' ? 'sha256' : 'md5')
      .update(parts.join(':'))
      .digest('hex');
  const isCounted = (given.get('qop') ?? '').split(',').some((each) => each.trim() === 'auth');
  const [secret, asked, cnonce] = [hash(username, realm, password), hash(method, uri), randomBytes(8).toString('hex')];
  const response = isCounted ? hash(secret, nonce, '00000001', cnonce, 'auth', asked) : hash(secret, nonce, asked);
  const opaque = given.get('opaque');
  return [
    `Digest username="${username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(isCounted ? ['qop=auth', 'nc=00000001', `cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ].join(', ');
};
