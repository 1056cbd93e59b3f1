import { isIP } from 'node:net';

/** An address to listen on or to connect to. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** The names we know, each also as a flag: `SIP_BIND` is `--sip-bind`. */
export const names = [
  'SIP_BIND',
  'DRACHTIO_HOST',
  'DRACHTIO_PORT',
  'DRACHTIO_SECRET',
  'FREESWITCH_HOST',
  'FREESWITCH_PORT',
  'FREESWITCH_SECRET',
  'MEDIA',
  'MEDIA_SOUNDS',
  'MEDIA_LISTEN',
  'MEDIA_ADVERTISE',
  'MEDIA_BIND',
  'REDIS_URL',
  'REDIS_SENTINELS',
  'REDIS_CLUSTER_NODES',
  'HTTP_BIND',
  'OFFICE_FILE',
  'DATA_DIR',
  'SIP_TRUSTED_EDGES',
  'SIP_AUTH',
  'WEBHOOK_NETWORKS',
  'LOG_LEVEL',
  'DRAIN_TIMEOUT_SECONDS',
  'INSTANCE_ID',
] as const;

/** One of {@link names}. */
export type Name = (typeof names)[number];

/** Secrets that are in every manual: with them a port is open to all (reliability.md V32). */
const knownDefaults = new Set(['cymru', 'ClueCon']);

/** Reads values by their names; what is wrong with them is collected. */
export interface Reader {
  text(name: Name): string | undefined;
  number(name: Name, bounds: { least: number; most: number }): number | undefined;
  hostPort(name: Name, otherwise: string): HostPort;
  hostPorts(name: Name): HostPort[] | undefined;
  list(name: Name): string[];
  oneOf<T extends string>(name: Name, allowed: readonly T[]): T | undefined;
  ranges(name: Name): string[];
  problem(name: Name, why: string): void;
}

/** A reader of what was found; what is wrong with it goes to `problems`. */
export const makeReader = (found: ReadonlyMap<Name, string>, problems: string[]): Reader => {
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
    list,
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

/** Reads `host:port`, or `[address]:port`. */
export const readHostPort = (text: string): HostPort | undefined => {
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

/** Whether only this machine reaches an address. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);

/** A secret that is needed because `host` is given. */
export const readSecret = (reader: Reader, name: Name, host: Name): string => {
  const secret = reader.text(name);
  if (!secret) reader.problem(name, `is needed with ${host} (or ${name}_FILE)`);
  else if (knownDefaults.has(secret)) reader.problem(name, 'is a known default; choose another');
  else if (/[\r\n]/.test(secret)) reader.problem(name, 'has a line end in it');
  return secret ?? '';
};
