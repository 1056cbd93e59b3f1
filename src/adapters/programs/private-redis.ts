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
  const redis = await supervise({ name: 'redis-server', command: 'redis-server', args, ready }, log);
  log.info({ unixSocket, dataDir: folder }, 'private redis started; set REDIS_URL to use another');
  return { ...redis, unixSocket };
};

/** A unix socket's path may have 107 bytes (unix(7)). */
const socketPath = (folder: string): string => {
  const path = `${folder}/redis.sock`;
  if (Buffer.byteLength(path) > 107) throw new Error(`DATA_DIR: ${folder} is too long for a unix socket`);
  return path;
};
