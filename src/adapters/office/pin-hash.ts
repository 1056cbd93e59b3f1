import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** What it costs to try a PIN stands in the hash's name, so that it can be raised one day: log2 N, r and p of RFC 7914. */
const name = 'scrypt-14-8-1';
const cost: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 };

/** Lengths in bytes. */
const lengths = { salt: 16, key: 32 };

/** A PIN as documents have it: name, salt and key, the latter two in base64url. */
export const pinHashForm = `^${name}:[A-Za-z0-9_-]{22}:[A-Za-z0-9_-]{43}$`;

const keyOf = (pin: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(pin, salt, lengths.key, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });

const form = new RegExp(pinHashForm);

/** Hashes a PIN with a salt of its own. */
export const hashPin = async (pin: string): Promise<string> => {
  const salt = randomBytes(lengths.salt);
  return [name, salt.toString('base64url'), (await keyOf(pin, salt)).toString('base64url')].join(':');
};

/** Compared with where there is no PIN: the time it takes tells nothing. */
const nobodys = { salt: Buffer.alloc(lengths.salt), key: Buffer.alloc(lengths.key) };

/** Whether this is the PIN of that hash; where there is no hash, no PIN is right. */
export const isPin = async (pin: string, hash: string | undefined): Promise<boolean> => {
  const known = hash === undefined ? undefined : partsOf(hash);
  const { salt, key } = known ?? nobodys;
  return timingSafeEqual(await keyOf(pin, salt), key) && known !== undefined;
};

const partsOf = (hash: string) => {
  const [, salt = '', key = ''] = hash.split(':');
  return form.test(hash) ? { salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') } : undefined;
};
