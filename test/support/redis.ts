import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real Redis of one test, with nothing in it. */
export interface TestRedis {
  /** Its unix socket; absent for a node of a cluster. */
  readonly unixSocket: string;
  /** Its port on 127.0.0.1; 0 where it has only a socket. */
  readonly port: number;
  /** Where the nodes of a cluster speak to each other. */
  readonly busPort: number;
  /** Dies as in a power cut. */
  kill(): Promise<void>;
  /** Stands still, with its connections open, until {@link thaw}. */
  freeze(): void;
  thaw(): void;
  /** Starts again at the same place, empty. */
  restart(): Promise<void>;
  /** Ends it and everything it left on disk. */
  stop(): Promise<void>;
}

/** Starts a redis-server on a unix socket in a folder of its own, or as a node of a cluster on a free port. */
export const startRedis = async (kind: 'alone' | 'cluster' = 'alone'): Promise<TestRedis> => {
  const folder = await mkdtemp(join(tmpdir(), 'callpickup-redis-'));
  const unixSocket = join(folder, 'redis.sock');
  const [port, busPort] = kind === 'cluster' ? await freePorts() : [0, 0];
  const place =
    kind === 'cluster'
      ? ['--bind', '127.0.0.1', '--port', String(port), '--cluster-enabled', 'yes', '--cluster-port', String(busPort)]
      : ['--port', '0', '--unixsocket', unixSocket];
  const args = [...place, '--dir', folder, '--save', '', '--appendonly', 'no', '--daemonize', 'no'];
  let child = await launch(args);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    unixSocket,
    port,
    busPort,
    kill,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    restart: async () => {
      child = await launch(args);
    },
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const launch = (args: readonly string[]): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    child.stdout?.on('data', (data: Buffer) => {
      said += data;
      if (!said.includes('eady to accept connections')) return;
      child.removeAllListeners('exit').removeAllListeners('error');
      child.stdout?.removeAllListeners('data').resume();
      resolve(child);
    });
  });

/** Two ports that are free at once: one for clients, one for the bus of the cluster. */
const freePorts = async (): Promise<[number, number]> => {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    ports.push(typeof address === 'object' && address ? address.port : 0);
  }
  for (const server of servers) server.close();
  return [ports[0] ?? 0, ports[1] ?? 0];
};
