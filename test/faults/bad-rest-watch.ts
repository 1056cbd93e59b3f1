import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Every key that the service may make (src/adapters/redis/keys.ts). */
const known = new RegExp(
  `^cp:(?:${[
    'token:[0-9a-f]{12}',
    'tokens',
    'tenants',
    'installation',
    'secret',
    'instance:test',
    'instances',
    '\\{(?:acme|globex)\\}:(?:office|personal|news|calls|call:[0-9a-f-]{36}|order:[A-Za-z0-9-]{1,64}|order-key:[A-Za-z0-9_-]{43})',
    '\\{acme\\}:(?:ringing|dialogs|bindings):10[0-6]',
    '\\{acme\\}:(?:dialog:[0-9a-f]{32}|dialog-number)',
  ].join('|')})$`,
);

/** Keys that nobody should have made. */
export const strangeKeys = async (redis: Redis): Promise<string[]> =>
  (await redis.keys('*')).filter((key) => !known.test(key));

const hashes = [
  'cp:{acme}:office',
  'cp:{globex}:office',
  'cp:{acme}:personal',
  'cp:{globex}:personal',
  'cp:installation',
];

/** Everything that a refused request must leave as it is, in short: documents, versions, tokens, and the names of all keys. */
export const stateOf = async (redis: Redis): Promise<string> => {
  const pipeline = redis.pipeline();
  for (const key of hashes) pipeline.hgetall(key);
  pipeline.smembers('cp:tokens');
  pipeline.keys('*');
  const [...answers] = (await pipeline.exec()) ?? [];
  const hash = createHash('sha256');
  for (const [error, answer] of answers) {
    if (error) throw error;
    hash.update(JSON.stringify(Array.isArray(answer) ? [...answer].sort() : answer));
  }
  return hash.digest('hex');
};

/** Asks `/livez` again and again; tells every answer that was none. */
export const watchLife = (http: string) => {
  const missing: string[] = [];
  let asked = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      asked += 1;
      try {
        const { status } = await fetch(`${http}/livez`, { signal: AbortSignal.timeout(5_000) });
        if (status !== 200) missing.push(`livez ${status}`);
      } catch (error) {
        missing.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    stop: async (): Promise<{ asked: number; missing: readonly string[] }> => {
      isOver = true;
      await watching;
      return { asked, missing };
    },
  };
};
