import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Log } from '../../flows/ports.js';
import { type Supervised, supervise } from './child.js';

/** A Redis of our own. */
export interface PrivateRedis extends Supervised {
  readonly unixSocket: string;
}

/**
 * Starts a private redis-server on a unix socket in the data directory, with its append-only file on, and keeps it
 * running. Rejects with a message for the operator if there is none on the machine.
 */
export const startPrivateRedis = async (dataDir: string, log: Log): Promise<PrivateRedis> => {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unixSocket = socketPath(folder);
  const settings = {
    port: '0',
    unixsocket: unixSocket,
    unixsocketperm: '700',
    dir: folder,
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const ready = (line: string) => line.includes('eady to accept connections') || line.includes('now ready to accept');
  const guardedArgs = ['-c', diesWithUs, 'sh', ...args];
  const redis = await supervise({ name: 'redis-server', command: 'sh', args: () => guardedArgs, ready }, log);
  log.info({ unixSocket, dataDir: folder }, 'private redis started; set REDIS_URL to use another');
  return { ...redis, unixSocket };
};

/**
 * Runs redis-server and ends it when our end of the standard input closes: even if this process is killed, no second
 * Redis may ever write the same files beside it.
 */
const diesWithUs = `
exec 3<&0
redis-server "$@" 3<&- & redis=$!
trap 'kill "$redis"' TERM INT
{ while read -r _; do :; done; kill "$redis"; } <&3 & guard=$!
wait "$redis"; code=$?
trap - TERM INT
wait "$redis" 2>/dev/null
kill "$guard" 2>/dev/null
exit "$code"
`;

/** Where the private Redis of a data directory listens. */
export const privateSocket = (dataDir: string): string => socketPath(resolve(dataDir));

/** A unix socket's path may have 107 bytes (unix(7)). */
const socketPath = (folder: string): string => {
  const path = `${folder}/redis.sock`;
  if (Buffer.byteLength(path) > 107) throw new Error(`DATA_DIR: ${folder} is too long for a unix socket`);
  return path;
};
