import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';

/** An address to listen on or to connect to. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Everything the environment says, checked, once (DESIGN 6). */
export interface Config {
  readonly sipBind: HostPort;
  /** drachtio-server to use; undefined starts the embedded SIP engine. */
  readonly drachtio: (HostPort & { readonly secret: string }) | undefined;
  /** Redis to use; undefined starts a private one. */
  readonly redis: RedisConfig | undefined;
  readonly httpBind: HostPort;
  readonly officeFile: string;
  readonly dataDir: string;
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

/** The names we know, each also as a flag: `SIP_BIND` is `--sip-bind`. */
const names = [
  'SIP_BIND',
  'DRACHTIO_HOST',
  'DRACHTIO_PORT',
  'DRACHTIO_SECRET',
  'FREESWITCH_HOST',
  'FREESWITCH_PORT',
  'FREESWITCH_SECRET',
  'MEDIA',
  'REDIS_URL',
  'REDIS_SENTINELS',
  'REDIS_CLUSTER_NODES',
  'HTTP_BIND',
  'OFFICE_FILE',
  'DATA_DIR',
  'SIP_TRUSTED_EDGES',
  'SIP_AUTH',
  'LOG_LEVEL',
  'DRAIN_TIMEOUT_SECONDS',
  'INSTANCE_ID',
] as const;

type Name = (typeof names)[number];

/** Those that may also be read from the file that `NAME_FILE` names. */
const secrets: ReadonlySet<Name> = new Set(['DRACHTIO_SECRET', 'FREESWITCH_SECRET', 'REDIS_URL']);

/** Secrets that are in every manual: with them a port is open to all (reliability.md V32). */
const knownDefaults = new Set(['cymru', 'ClueCon']);

/** Reads flags over environment over files over defaults; no other file reads `process.env`. */
export const readConfig = (args = process.argv.slice(2), env: Environment = process.env): ConfigResult => {
  const problems: string[] = [];
  const reader = makeReader(values(args, env, problems), problems);
  const config: Config = {
    sipBind: reader.hostPort('SIP_BIND', '127.0.0.1:5060'),
    drachtio: readDrachtio(reader),
    redis: readRedis(reader),
    httpBind: reader.hostPort('HTTP_BIND', '127.0.0.1:8080'),
    officeFile: reader.text('OFFICE_FILE') ?? 'config/office.example.yaml',
    dataDir: reader.text('DATA_DIR') ?? './data',
    trustedEdges: reader.ranges('SIP_TRUSTED_EDGES'),
    sipAuth: reader.oneOf('SIP_AUTH', ['digest', 'none'] as const),
    logLevel:
      reader.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const) ?? 'info',
    drainTimeoutSeconds: reader.number('DRAIN_TIMEOUT_SECONDS', { least: 0, most: 86_400 }) ?? 150,
    instanceId: readInstance(reader),
  };
  refuseMedia(reader);
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

interface Reader {
  text(name: Name): string | undefined;
  number(name: Name, bounds: { least: number; most: number }): number | undefined;
  hostPort(name: Name, otherwise: string): HostPort;
  hostPorts(name: Name): HostPort[] | undefined;
  oneOf<T extends string>(name: Name, allowed: readonly T[]): T | undefined;
  ranges(name: Name): string[];
  problem(name: Name, why: string): void;
}

const makeReader = (found: ReadonlyMap<Name, string>, problems: string[]): Reader => {
  const problem = (name: Name, why: string) => {
    problems.push(`${name}: ${why}`);
  };
  const list = (name: Name) =>
    (found.get(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  const address = (name: Name, text: string): HostPort => {
    const parsed = readHostPort(text);
    if (!parsed) problem(name, `"${text}" is not host:port`);
    return parsed ?? { host: '', port: 0 };
  };
  return {
    problem,
    text: (name) => found.get(name),
    number: (name, { least, most }) => {
      const text = found.get(name);
      if (text === undefined) return undefined;
      const value = Number(text);
      if (Number.isInteger(value) && value >= least && value <= most) return value;
      problem(name, `"${text}" is not a whole number from ${least} to ${most}`);
      return undefined;
    },
    hostPort: (name, otherwise) => address(name, found.get(name) ?? otherwise),
    hostPorts: (name) => (found.has(name) ? list(name).map((part) => address(name, part)) : undefined),
    oneOf: (name, allowed) => {
      const text = found.get(name);
      if (text === undefined) return undefined;
      const value = allowed.find((each) => each === text);
      if (!value) problem(name, `"${text}" is not one of ${allowed.join(', ')}`);
      return value;
    },
    ranges: (name) => {
      const ranges = list(name);
      for (const range of ranges) if (!isRange(range)) problem(name, `"${range}" is not an address or a CIDR range`);
      return ranges;
    },
  };
};

const readHostPort = (text: string): HostPort | undefined => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
};

const isRange = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  const bitsFit = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return isIP(address) !== 0 && bitsFit && more.length === 0;
};

const readDrachtio = (reader: Reader): Config['drachtio'] => {
  const host = reader.text('DRACHTIO_HOST');
  const port = reader.number('DRACHTIO_PORT', { least: 1, most: 65_535 }) ?? 9022;
  const secret = reader.text('DRACHTIO_SECRET');
  if (!host) return undefined;
  if (!secret) reader.problem('DRACHTIO_SECRET', 'is needed with DRACHTIO_HOST (or DRACHTIO_SECRET_FILE)');
  else if (knownDefaults.has(secret)) reader.problem('DRACHTIO_SECRET', 'is a known default; choose another');
  return { host, port, secret: secret ?? '' };
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

/** Nothing uses a media server yet; who asks for one hears it at start instead of in a call. */
const refuseMedia = (reader: Reader): void => {
  if (reader.text('FREESWITCH_HOST')) reader.problem('FREESWITCH_HOST', 'media servers are not supported yet');
  const media = reader.oneOf('MEDIA', ['auto', 'always', 'never'] as const);
  if (media === 'always') reader.problem('MEDIA', 'always needs a media server, which is not supported yet');
};
