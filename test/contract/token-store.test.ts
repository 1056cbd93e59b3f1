import t from 'tap';
import { redisTokens } from '../../src/adapters/redis/token-store.js';
import type { Extension, TenantId } from '../../src/domain/names.js';
import { faultOfGrant, type TokenGrant, type TokenId } from '../../src/domain/token.js';
import type { UserId } from '../../src/domain/user.js';
import { connect, connectAgain, redis } from './call-store/office.js';

const owner: TokenGrant = { role: 'OWNER', tenant: 'acme' as TenantId, name: 'the first' };
const personal: TokenGrant = {
  role: 'PERSONAL',
  tenant: 'acme' as TenantId,
  extension: '101' as Extension,
  user: 'bob' as UserId,
  name: '<script>\u2028"\'',
};
const reseller: TokenGrant = { role: 'RESELLER', brand: 'Nordic & Søn', name: '' };

t.beforeEach(() => redis.flushall());

t.test('a token is found by its text alone, with all that it was given', async (t) => {
  let time = 1_000;
  const tokens = redisTokens(redis, () => time);
  t.same(await tokens.list(), []);
  for (const grant of [owner, personal, reseller, { role: 'ADMIN', name: 'root' } as const]) {
    time += 1;
    const { token, text } = await tokens.issue(grant);
    t.match(text, /^cp_[0-9a-f]{12}_[\w-]{43}$/, 'twelve hexadecimal digits, and 32 bytes');
    t.same(token, { ...grant, id: text.slice(3, 15), createdAt: time });
    t.same(await tokens.find(text), token);
    t.same(await redisTokens(redis).find(text), token, 'by another instance too');
  }
  t.same(
    (await tokens.list()).map(({ role, createdAt }) => [role, createdAt]),
    [
      ['OWNER', 1_001],
      ['PERSONAL', 1_002],
      ['RESELLER', 1_003],
      ['ADMIN', 1_004],
    ],
    'oldest first',
  );
});

t.test('whatever is not the text of a token finds nothing', async (t) => {
  const tokens = redisTokens(redis);
  const { token, text } = await tokens.issue(owner);
  const other = await tokens.issue(personal);
  const secret = text.slice(16);
  const wrong = {
    'another secret': `cp_${token.id}_${'A'.repeat(43)}`,
    'the secret of another token': `cp_${token.id}_${other.text.slice(16)}`,
    'an unknown id': `cp_${'0'.repeat(12)}_${secret}`,
    'one letter in another case': text.slice(0, -1) + (text.at(-1) === 'a' ? 'b' : 'a'),
    'a part': text.slice(0, -1),
    more: `${text}A`,
    'a space before it': ` ${text}`,
    'no id': `cp__${secret}`,
    'an id that is a key': `cp_*_${secret}`,
    nothing: '',
    'only the id': `cp_${token.id}`,
    'far too much': `cp_${token.id}_${'A'.repeat(10_000)}`,
  };
  for (const [what, text] of Object.entries(wrong)) t.equal(await tokens.find(text), undefined, what);
  t.same(await tokens.find(text), token, 'and then the right one');
});

t.test('the secret is nowhere in Redis', async (t) => {
  const tokens = redisTokens(redis);
  const { text, token } = await tokens.issue(owner);
  const stored = await redis.hgetall(`cp:token:${token.id}`);
  t.match(stored.hash, /^[0-9a-f]{64}$/);
  const everything = JSON.stringify([stored, await redis.keys('*'), await redis.smembers('cp:tokens')]);
  t.notMatch(everything, text.slice(16));
  t.notMatch(everything, Buffer.from(text.slice(16)).toString('hex'));
});

t.test('what is taken back is believed no longer than a second, anywhere', async (t) => {
  let time = 0;
  const here = redisTokens(redis, () => time);
  const there = redisTokens(await connectAgain(), () => time);
  const { text, token } = await here.issue(owner);
  t.ok((await here.find(text)) && (await there.find(text)));
  t.equal(await here.revoke(token.id), true);
  t.equal(await here.find(text), undefined, 'here at once');
  time = 999;
  t.ok(await there.find(text), 'elsewhere it may be remembered');
  time = 1_000;
  t.equal(await there.find(text), undefined, 'for a second');
  t.equal(await here.revoke(token.id), false);
  t.same(await here.list(), []);
  t.equal(await here.revoke('nobody' as TokenId), false);
});

t.test('a stored token that cannot be understood is none: it never becomes more than it was', async (t) => {
  const changes: Record<string, Record<string, string>> = {
    'a role that we do not know': { role: 'GOD' },
    'a tenant that is no name': { tenant: 'a}b' },
    'an extension that is none': { extension: '*' },
    'a tenant and the role of none': { role: 'ADMIN' },
    'a hash that is none': { hash: 'x' },
  };
  for (const [what, change] of Object.entries(changes)) {
    const tokens = redisTokens(redis);
    const { text, token } = await tokens.issue(personal);
    await redis.hset(`cp:token:${token.id}`, change);
    t.equal(await tokens.find(text), undefined, what);
  }
  const tokens = redisTokens(redis);
  const { text, token } = await tokens.issue(personal);
  await redis.hdel(`cp:token:${token.id}`, 'extension');
  t.equal(await tokens.find(text), undefined, 'PERSONAL without its extension');
  t.same(await tokens.list(), [], 'none of them is listed');
});

t.test('who may be given which token', async (t) => {
  t.equal(faultOfGrant(owner), undefined);
  t.equal(faultOfGrant(personal), undefined);
  t.equal(faultOfGrant(reseller), undefined);
  t.equal(faultOfGrant({ role: 'ADMIN', name: '' }), undefined);
  const tenant = 'acme' as TenantId;
  for (const [grant, fault] of [
    [{ role: 'OWNER' }, 'a token of role OWNER needs a tenant'],
    [{ role: 'VIEWER', tenant, brand: 'b' }, 'a brand is for a token of role RESELLER'],
    [{ role: 'PERSONAL', tenant }, 'a token of role PERSONAL needs an extension'],
    [{ role: 'RESELLER' }, 'a brand is for a token of role RESELLER, and needed there'],
    [{ role: 'RESELLER', brand: 'b', tenant }, 'a token of role RESELLER has no tenant and no extension'],
    [{ role: 'ADMIN', brand: 'b' }, 'a brand is for a token of role RESELLER, and needed there'],
    [{ role: 'ADMIN', tenant }, 'a token of role ADMIN has no tenant and no extension'],
  ] as const) {
    t.equal(faultOfGrant({ ...grant, name: '' }), fault);
  }
});

t.test('while Redis is away nobody is believed, and nobody is told that the token is wrong', async (t) => {
  const lost = await connect({ unixSocket: (redis.options as { path?: string }).path ?? '' });
  const tokens = redisTokens(lost);
  const { text } = await tokens.issue(owner);
  lost.disconnect();
  await t.rejects(redisTokens(lost).find(text));
  t.equal(await tokens.find('cp_nonsense'), undefined, 'what is no token needs no store');
  await t.rejects(tokens.list());
});
