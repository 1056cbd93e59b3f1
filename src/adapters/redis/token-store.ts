import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readTokenText, type Token, type TokenId, tokenText } from '../../domain/token.js';
import type { TokenBook } from '../../flows/tokens.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';
import { readToken, type StoredToken, tokenFields } from './token-fields.js';

/** Milliseconds that a token is believed without asking again: a revoked one works no longer than that. */
const believed = 1_000;

/** Tokens that are remembered at most; then the oldest are asked for anew. */
const mostRemembered = 1_000;

/** What a token that nobody has is compared with: an unknown id takes the time of a wrong secret. */
const nobody: Buffer = randomBytes(32);

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** The tokens in Redis; their secrets are kept as SHA-256 hashes only, 256 random bits need no salt. */
export const redisTokens = (redis: RedisClient, now: () => number = Date.now): TokenBook => {
  const remembered = new Map<TokenId, StoredToken & { at: number }>();

  const load = async (id: TokenId): Promise<StoredToken | undefined> => {
    const known = remembered.get(id);
    if (known && now() - known.at < believed) return known;
    remembered.delete(id);
    const stored = readToken(id, await redis.hgetall(keys.token(id)));
    if (stored) remembered.set(id, { ...stored, at: now() });
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return stored;
  };

  return {
    find: async (text) => {
      const shown = readTokenText(text);
      if (!shown) return undefined;
      const stored = await load(shown.id);
      const isRight = timingSafeEqual(stored?.hash ?? nobody, hashOf(shown.secret));
      return stored && isRight ? stored.token : undefined;
    },
    issue: async (grant) => {
      const token: Token = { ...grant, id: randomBytes(6).toString('hex') as TokenId, createdAt: now() };
      const secret = randomBytes(32).toString('base64url');
      await redis.hset(keys.token(token.id), tokenFields({ token, hash: hashOf(secret) }));
      await redis.sadd(keys.tokens, token.id);
      return { token, text: tokenText(token.id, secret) };
    },
    list: async () => {
      const ids = (await redis.smembers(keys.tokens)) as TokenId[];
      const stored = await Promise.all(ids.map(async (id) => readToken(id, await redis.hgetall(keys.token(id)))));
      return stored.flatMap((each) => (each ? [each.token] : [])).sort((a, b) => a.createdAt - b.createdAt);
    },
    revoke: async (id) => {
      remembered.delete(id);
      const gone = await redis.del(keys.token(id));
      await redis.srem(keys.tokens, id);
      return gone > 0;
    },
  };
};
