import { readFileSync } from 'node:fs';
import { Cluster, Redis, type RedisOptions, type Result } from 'ioredis';
import type { Log } from '../../flows/ports.js';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    cpBegin(...args: ScriptArgs): Result<string[], Context>;
    cpRing(...args: ScriptArgs): Result<string, Context>;
    cpClaim(...args: ScriptArgs): Result<ClaimReply, Context>;
    cpAnswer(...args: ScriptArgs): Result<'answered' | 'taken' | 'gone', Context>;
    cpConfirm(...args: ScriptArgs): Result<'confirmed' | 'lost', Context>;
    cpSteal(...args: ScriptArgs): Result<'stolen' | 'gone', Context>;
    cpRelease(...args: ScriptArgs): Result<'released' | 'lost', Context>;
    cpWithdraw(...args: ScriptArgs): Result<number, Context>;
    cpWaits(...args: ScriptArgs): Result<'told' | 'over', Context>;
    cpEnd(...args: ScriptArgs): Result<number, Context>;
    cpLost(...args: ScriptArgs): Result<'lost' | 'told' | 'held', Context>;
    cpCalls(...args: ScriptArgs): Result<string[][], Context>;
    cpNote(...args: ScriptArgs): Result<number, Context>;
    cpDialogs(...args: ScriptArgs): Result<[number: string, ...dialogs: string[]], Context>;
    cpFindDialog(...args: ScriptArgs): Result<DialogReply | null, Context>;
    cpOrder(...args: ScriptArgs): Result<OrderReply, Context>;
    cpSupervise(...args: ScriptArgs): Result<'noted' | 'known' | 'over' | 'gone', Context>;
    cpSupervisions(...args: ScriptArgs): Result<[supervision: string, call: string[]][], Context>;
    cpSaveOffice(...args: ScriptArgs): Result<'saved' | 'stale', Context>;
    cpSetPersonal(...args: ScriptArgs): Result<number, Context>;
    cpPublish(...args: ScriptArgs): Result<'published' | 'same' | 'unknown' | 'full', Context>;
    cpLapse(...args: ScriptArgs): Result<'lapsed' | 'nothing', Context>;
    cpChangePhones(...args: ScriptArgs): Result<'changed' | 'already', Context>;
    cpChangePhonesBack(...args: ScriptArgs): Result<string, Context>;
    cpTryPin(...args: ScriptArgs): Result<'open' | 'locked', Context>;
    cpForgivePin(...args: ScriptArgs): Result<number, Context>;
    cpRegister(...args: ScriptArgs): Result<[verdict: 'ok' | 'stale' | 'full', ...bindings: string[]], Context>;
  }
}

type ScriptArgs = [numberOfKeys: number, ...rest: (string | number)[]];

/** What claim.lua says. */
export type ClaimReply =
  | ['claimed', call: string, owner: string, target: string, ringingSince: string]
  | ['taken']
  | ['private']
  | ['own']
  | ['none'];

/** What find-dialog.lua says. */
export type DialogReply = ['ended'] | [extension: string, dialog: string, target: string, owner: string, state: string];

/** What order.lua says. */
export type OrderReply = ['new', heardBy: number] | ['known', order: string] | ['reused'];

/** How to reach Redis: one server, sentinels, or a cluster (DESIGN 6). */
export interface RedisPlace {
  readonly url?: string;
  readonly unixSocket?: string;
  readonly sentinels?: readonly { host: string; port: number }[];
  readonly sentinelMaster?: string;
  readonly clusterNodes?: readonly { host: string; port: number }[];
}

/** A connection that knows our scripts. */
export type RedisClient = Redis | Cluster;

const scriptNames = [
  'begin',
  'ring',
  'claim',
  'answer',
  'confirm',
  'steal',
  'release',
  'withdraw',
  'waits',
  'end',
  'lost',
  'register',
  'calls',
  'find-dialog',
  'note',
  'dialogs',
  'order',
  'supervise',
  'supervisions',
  'save-office',
  'set-personal',
  'publish',
  'lapse',
  'change-phones',
  'change-phones-back',
  'try-pin',
  'forgive-pin',
] as const;

const readScript = (name: string): string => readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');

/** Scripts cannot share a function in Redis, so one that says `-- @news` (or another `….part.lua`) gets it here. */
const script = (name: string) => ({
  lua: readScript(name).replace(/^-- @(\w+)\n/gm, (_line, part: string) => readScript(`${part}.part`)),
});

const commandOf = (name: string): string => `cp${name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase())}`;

const scripts = Object.fromEntries(scriptNames.map((name) => [commandOf(name), script(name)]));

/** A command that Redis has not answered in this time, in milliseconds, is given up: a phone waits for it. */
const commandTimeout = 250;

/**
 * Connects to Redis. While it is away every command fails at once instead of waiting in a queue: a pickup must be
 * answered now, and an order that arrives late must not win (reliability.md F7, F8).
 */
export const connectRedis = (place: RedisPlace, log: Log): RedisClient => {
  const options: RedisOptions = {
    scripts,
    commandTimeout,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
    lazyConnect: true,
  };
  const redis = open(place, options);
  let up = true;
  const lost = (why: string) => {
    if (up) log.warn({ error: why }, 'redis lost');
    up = false;
  };
  redis.on('error', (error: Error) => lost(error.message));
  // A connection that only closes is no error to ioredis; when we close it ourselves nothing is tried again.
  redis.on('reconnecting', () => lost('connection closed'));
  redis.on('ready', () => {
    if (!up) log.info({}, 'redis back');
    up = true;
  });
  return redis;
};

/** A second connection to the same place, for subscriptions: it waits for Redis instead of failing at once. */
export const subscriberOf = (redis: RedisClient): RedisClient =>
  redis instanceof Cluster
    ? redis.duplicate([], { enableOfflineQueue: true })
    : redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null, commandTimeout: 5_000 });

const open = (place: RedisPlace, options: RedisOptions): RedisClient => {
  if (place.clusterNodes) {
    return new Cluster([...place.clusterNodes], {
      redisOptions: options,
      scripts,
      lazyConnect: true,
      enableOfflineQueue: false,
    });
  }
  if (place.sentinels) {
    return new Redis({ ...options, sentinels: [...place.sentinels], name: place.sentinelMaster ?? 'mymaster' });
  }
  if (place.unixSocket) return new Redis({ ...options, path: place.unixSocket });
  return new Redis(place.url ?? 'redis://127.0.0.1:6379', options);
};
