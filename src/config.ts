import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { type MediaConfig, readMedia } from './config-media.js';
import { type HostPort, makeReader, type Name, names, type Reader, readSecret } from './config-reader.js';

/** Parts of the configuration that have a file of their own. */
export type { MediaConfig } from './config-media.js';
/** What addresses are made of. */
export { type HostPort, isLoopback } from './config-reader.js';

/** Everything the environment says, checked, once (DESIGN 6). */
export interface Config {
  readonly sipBind: HostPort;
  /** drachtio-server to use; undefined starts the embedded SIP engine. */
  readonly drachtio: (HostPort & { readonly secret: string }) | undefined;
  /** Redis to use; undefined starts a private one. */
  readonly redis: RedisConfig | undefined;
  readonly media: MediaConfig;
  readonly httpBind: HostPort;
  readonly officeFile: string;
  readonly dataDir: string;
  /** Addresses and CIDR ranges that webhooks may go to; empty is everywhere but to this machine and its neighbours. */
  readonly webhookNetworks: readonly string[];
  /** CIDR ranges whose identity header is believed. */
  readonly trustedEdges: readonly string[];
  /** Undefined leaves it to the office file, which leaves it to `digest`. */
  readonly sipAuth: 'digest' | 'none' | undefined;
  readonly logLevel: string;
  readonly drainTimeoutSeconds: number;
  readonly instanceId: string;
}

/** Which Redis. */
export interface RedisConfig {
  readonly url?: string;
  readonly sentinels?: readonly HostPort[];
  readonly clusterNodes?: readonly HostPort[];
}

/** The configuration, or every problem there is with it. */
export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** Those that may also be read from the file that `NAME_FILE` names. */
const secrets: ReadonlySet<Name> = new Set(['DRACHTIO_SECRET', 'FREESWITCH_SECRET', 'REDIS_URL']);

/** Reads flags over environment over files over defaults; no other file reads `process.env`. */
export const readConfig = (args = process.argv.slice(2), env: Environment = process.env): ConfigResult => {
  const problems: string[] = [];
  const reader = makeReader(values(args, env, problems), problems);
  const config: Config = {
    sipBind: reader.hostPort('SIP_BIND', '127.0.0.1:5060'),
    drachtio: readDrachtio(reader),
    redis: readRedis(reader),
    media: readMedia(reader),
    httpBind: reader.hostPort('HTTP_BIND', '127.0.0.1:8080'),
    officeFile: reader.text('OFFICE_FILE') ?? 'config/office.example.yaml',
    dataDir: reader.text('DATA_DIR') ?? './data',
    trustedEdges: reader.ranges('SIP_TRUSTED_EDGES'),
    webhookNetworks: reader.ranges('WEBHOOK_NETWORKS'),
    sipAuth: reader.oneOf('SIP_AUTH', ['digest', 'none'] as const),
    logLevel:
      reader.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const) ?? 'info',
    drainTimeoutSeconds: reader.number('DRAIN_TIMEOUT_SECONDS', { least: 0, most: 86_400 }) ?? 150,
    instanceId: readInstance(reader),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: Object.freeze(config) };
};

const values = (args: string[], env: Environment, problems: string[]): Map<Name, string> => {
  const flags = readFlags(args, problems);
  const found = new Map<Name, string>();
  for (const name of names) {
    // An empty variable is one that was not set: Kubernetes and compose files hand them through like that.
    const value = flags[flagOf(name)] || env[name] || readSecretFile(name, env, problems);
    if (value) found.set(name, value);
  }
  return found;
};

const flagOf = (name: Name): string => name.toLowerCase().replaceAll('_', '-');

const readFlags = (args: string[], problems: string[]): Record<string, string | undefined> => {
  const options = Object.fromEntries(names.map((name) => [flagOf(name), { type: 'string' as const }]));
  try {
    return parseArgs({ args, options, strict: true }).values as Record<string, string | undefined>;
  } catch (error) {
    problems.push(`flags: ${(error as Error).message}`);
    return {};
  }
};

const readSecretFile = (name: Name, env: Environment, problems: string[]): string | undefined => {
  const file = secrets.has(name) ? env[`${name}_FILE`] : undefined;
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}_FILE: ${(error as Error).message}`);
    return undefined;
  }
};

const readDrachtio = (reader: Reader): Config['drachtio'] => {
  const host = reader.text('DRACHTIO_HOST');
  const port = reader.number('DRACHTIO_PORT', { least: 1, most: 65_535 }) ?? 9022;
  if (!host) return undefined;
  return { host, port, secret: readSecret(reader, 'DRACHTIO_SECRET', 'DRACHTIO_HOST') };
};

const readRedis = (reader: Reader): RedisConfig | undefined => {
  const url = reader.text('REDIS_URL');
  const sentinels = reader.hostPorts('REDIS_SENTINELS');
  const clusterNodes = reader.hostPorts('REDIS_CLUSTER_NODES');
  const given = [url, sentinels, clusterNodes].filter((way) => way !== undefined).length;
  if (given > 1)
    reader.problem('REDIS_URL', 'only one of REDIS_URL, REDIS_SENTINELS and REDIS_CLUSTER_NODES may be given');
  if (url !== undefined && !/^rediss?:\/\//.test(url))
    reader.problem('REDIS_URL', 'does not begin with redis:// or rediss://');
  if (given === 0) return undefined;
  return { ...(url && { url }), ...(sentinels && { sentinels }), ...(clusterNodes && { clusterNodes }) };
};

const readInstance = (reader: Reader): string => {
  const text = reader.text('INSTANCE_ID') ?? hostname();
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(text))
    reader.problem('INSTANCE_ID', `"${text}" has other characters than A-Z a-z 0-9 . -`);
  return text;
};
