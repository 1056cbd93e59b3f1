import t from 'tap';
import { redisTokens } from '../../src/adapters/redis/token-store.js';
import type { Extension, TenantId } from '../../src/domain/names.js';
import { faultOfGrant, type TokenGrant, type TokenId } from '../../src/domain/token.js';
import type { UserId } from '../../src/domain/user.js';
import { grantOf, readTokenArguments } from '../../src/token-arguments.js';
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

t.test('what an administrator types, and what is wrong with it', async (t) => {
  const office = {
    brands: { nordic: {} },
    tenants: { acme: { default: true, extensions: { '101': {} } }, globex: { extensions: {} } },
  };
  const typed = (...args: string[]) => {
    const command = readTokenArguments(args);
    if (command.verb !== 'create') return command;
    const wish = grantOf(office, command.options);
    return wish.ok ? wish.grant : wish.why;
  };
  t.same(typed('create', '--role', 'OWNER', '--tenant', 'acme'), { role: 'OWNER', tenant: 'acme', name: '' });
  t.same(typed('create', '--role=PERSONAL', '--tenant=acme', '--extension=101', '--user=bob', '--name=Bob æ'), {
    role: 'PERSONAL',
    tenant: 'acme',
    extension: '101',
    user: 'bob',
    name: 'Bob æ',
  });
  t.same(typed('create', '--role', 'RESELLER', '--brand', 'nordic'), { role: 'RESELLER', brand: 'nordic', name: '' });
  t.same(
    [typed(), typed('list'), typed('-h'), typed('revoke', 'ab'.repeat(6))],
    [{ verb: 'first' }, { verb: 'list' }, { verb: 'help' }, { verb: 'revoke', id: 'ab'.repeat(6) }],
  );
  const roles = '--role must be one of VIEWER, MANAGER, OWNER, PERSONAL, RESELLER, ADMIN';
  for (const [line, why] of [
    ['create', roles],
    ['create --role owner --tenant acme', roles],
    ['create --role __proto__', roles],
    ['create --role OWNER', 'a token of role OWNER needs a tenant'],
    ['create --role OWNER --tenant nobody', 'there is no tenant "nobody"'],
    ['create --role OWNER --tenant __proto__', 'there is no tenant "__proto__"'],
    ['create --role OWNER --tenant constructor', 'there is no tenant "constructor"'],
    ['create --role PERSONAL --tenant acme', 'a token of role PERSONAL needs an extension'],
    ['create --role PERSONAL --tenant acme --extension 999', 'there is no extension "999"'],
    ['create --role PERSONAL --tenant globex --extension 101', 'there is no extension "101"'],
    ['create --role PERSONAL --tenant acme --extension toString', 'there is no extension "toString"'],
    ['create --role RESELLER --brand nobody', 'there is no brand "nobody"'],
    ['create --role RESELLER --brand __proto__', 'there is no brand "__proto__"'],
    ['create --role ADMIN --tenant acme', 'a token of role ADMIN has no tenant and no extension'],
    ['create --role ADMIN --name a\u0007b', '--name must have at most 80 characters in one line'],
    [`create --role ADMIN --name ${'x'.repeat(81)}`, '--name must have at most 80 characters in one line'],
    ['create --role OWNER --tenant acme --user a/b', '--user must have 1 to 64 letters, digits and . _ -'],
  ] as const) {
    t.equal(typed(...line.split(' ')), why, line);
  }
  for (const [line, why] of [
    ['create --rolle ADMIN', /Unknown option '--rolle'/],
    ['create --role', /--role/],
    ['create more --role ADMIN', /options belong to create/],
    ['list --role ADMIN', /options belong to create/],
    ['revoke', /revoke needs the id of a token/],
    ['revoke *', /revoke needs the id of a token/],
    ['revoke a b', /there is too much after revoke a/],
    ['destroy', /there is no command destroy/],
    ['list all', /there is no command list all/],
  ] as const) {
    t.match(typed(...line.split(' ')), { verb: 'wrong', why }, line);
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
