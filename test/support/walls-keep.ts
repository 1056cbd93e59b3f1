import type { RunningService } from './service.js';
import type { Judge } from './walls-judge.js';
import { type Side, sides } from './walls-sides.js';

type Store = RunningService['redis'];

/** Everything of a side that a write could change, byte for byte: its document, its people's words, its brand's codes. */
export const frozen = async (redis: Store, { tenant, brand }: Side): Promise<string> => {
  const [office, personal, document] = await Promise.all([
    redis.hgetall(`cp:{${tenant}}:office`),
    redis.hgetall(`cp:{${tenant}}:personal`),
    redis.hget('cp:installation', 'document'),
  ]);
  const { brands = {} } = JSON.parse(document ?? '{}') as { brands?: Record<string, unknown> };
  return JSON.stringify([Object.entries(office).sort(), Object.entries(personal).sort(), brands[brand]]);
};

const readers: Readonly<Record<string, (redis: Store, key: string) => Promise<unknown>>> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hgetall(key),
  set: (redis, key) => redis.smembers(key),
  zset: (redis, key) => redis.zrange(key, '0', '-1', 'WITHSCORES'),
  stream: (redis, key) => redis.xrevrange(key, '+', '-', 'COUNT', 300),
};

/** Has the judge read every key of each side; resolves with how many there were. */
export const readsKeys = async (redis: Store, judge: Judge): Promise<number> => {
  let count = 0;
  for (const side of sides) {
    for (const key of await redis.keys(`cp:{${side.tenant}}:*`)) {
      const value = await readers[await redis.type(key)]?.(redis, key);
      judge.hears({ side, what: `the key ${key}`, text: `${key} ${JSON.stringify(value ?? null)}` });
      count += 1;
    }
  }
  return count;
};

/** Has the judge read what the instances tell each other of each side's calls; returns how to stop. */
export const readsChannels = async (redis: Store, judge: Judge): Promise<() => void> => {
  const ear = redis.duplicate();
  ear.on('error', () => undefined);
  ear.on('message', (channel: string, text: string) => {
    const side = sides.find(({ tenant }) => channel === `cp:news:${tenant}` || channel === `cp:dialogs:${tenant}`);
    if (side) judge.hears({ side, what: `the channel ${channel}`, text });
  });
  await ear.subscribe(...sides.flatMap(({ tenant }) => [`cp:news:${tenant}`, `cp:dialogs:${tenant}`]));
  return () => ear.disconnect();
};

/** Has the judge read the log, where a line says whose it is: by the tenant, or by the token. */
export const readsLog = (
  lines: RunningService['log'],
  judge: Judge,
  sideOfToken: (id: string) => Side | undefined,
): number => {
  let count = 0;
  for (const line of lines) {
    const side = sides.find(({ tenant }) => line.tenant === tenant) ?? sideOfToken(String(line.token));
    if (!side) continue;
    judge.hears({ side, what: 'a line of the log', text: JSON.stringify(line) });
    count += 1;
  }
  return count;
};
