import t from 'tap';
import { hashPin, isPin } from '../../../src/adapters/office/pin-hash.js';

t.test('a PIN is right for its own hash and for no other, and none is right where there is no hash', async (t) => {
  const [hash, other] = await Promise.all([hashPin('135791'), hashPin('135791')]);
  t.match(hash, /^scrypt-14-8-1:[\w-]{22}:[\w-]{43}$/);
  t.not(hash, other, 'each has a salt of its own');
  for (const each of [hash, other]) t.equal(await isPin('135791', each), true);
  for (const pin of ['135792', '13579', '1357910', '']) t.equal(await isPin(pin, hash), false, pin);
  const [name = '', salt = '', key = ''] = hash.split(':');
  const mixed = [name, salt, other.split(':')[2]].join(':');
  const nothing = [undefined, '', '135791', `${name}:${'A'.repeat(22)}:${'A'.repeat(43)}`, mixed];
  const broken = [`scrypt-1-1-1:${salt}:${key}`, `${name}:${salt}:${key}:`, `${name}:${salt}:${key.slice(1)}`];
  for (const each of [...nothing, ...broken]) t.equal(await isPin('135791', each), false, String(each));
});
