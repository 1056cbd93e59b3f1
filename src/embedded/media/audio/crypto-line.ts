import { type MasterKey, masterKeyBytes, type SuiteName, tagBytes } from './suite.js';

/** One `a=crypto` of a description (RFC 4568 section 9.1). */
export interface CryptoLine {
  readonly tag: string;
  readonly suite: SuiteName;
  readonly key: MasterKey;
  /** Bytes of the key's name in each packet. */
  readonly indexBytes: number;
}

const form = /^a=crypto:(\d{1,9}) (\w+) inline:([A-Za-z0-9+/]{40}=*)((?:\|[^|;\s]+)*)((?: \S+)*)\s*$/;

const isSuite = (name: string): name is SuiteName => Object.hasOwn(tagBytes, name);

/** Of the key's life and name, the length of the name; undefined if it is neither. */
const indexBytesIn = (parts: string): number | undefined => {
  const [first, second, ...more] = parts.split('|').slice(1);
  if (more.length > 0) return undefined;
  const name = second ?? (first?.includes(':') ? first : undefined);
  const life = name === first ? undefined : first;
  if (life !== undefined && !/^(2\^)?\d+$/.test(life)) return undefined;
  if (name === undefined) return 0;
  const length = Number(/^\d+:(\d{1,3})$/.exec(name)?.[1]);
  return length >= 1 && length <= 128 ? length : undefined;
};

/** A line that can be served: a suite we speak, one key, and nothing about it that we do not know; undefined otherwise. */
export const readCrypto = (line: string): CryptoLine | undefined => {
  const [, tag = '', suite = '', encoded = '', keyParts = '', session = ''] = form.exec(line) ?? [];
  const key = Buffer.from(encoded, 'base64');
  const indexBytes = indexBytesIn(keyParts);
  // Section 6.3.7: a parameter of the session may be passed over only if its name begins with a minus.
  const isUnderstood = session.split(' ').every((parameter) => parameter === '' || parameter.startsWith('-'));
  if (!isSuite(suite) || key.length !== masterKeyBytes || indexBytes === undefined || !isUnderstood) return undefined;
  return { tag, suite, key, indexBytes };
};

/** The line that answers another. */
export const writeCrypto = ({ tag, suite }: CryptoLine, key: MasterKey): string =>
  `a=crypto:${tag} ${suite} inline:${key.toString('base64')}`;
