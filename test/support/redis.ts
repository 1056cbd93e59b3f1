import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real Redis of one test, with nothing in it. */
export interface TestRedis {
  /** Its unix socket, where it has one. */
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

/** Where a server listens: on its unix socket alone, on a port for several services, or as a node of a cluster. */
const placeOf = {
  alone: ({ unixSocket }: Pick<TestRedis, 'unixSocket'>) => ['--port', '0', '--unixsocket', unixSocket],
  shared: ({ port }: Pick<TestRedis, 'port'>) => ['--bind', '127.0.0.1', '--port', String(port)],
  cluster: ({ port, busPort }: Pick<TestRedis, 'port' | 'busPort'>) => [
    ...placeOf.shared({ port }),
    ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
  ],
};

/** Starts a redis-server in a folder of its own: on a unix socket, on a free port, or as a node of a cluster on one. */
export const startRedis = async (kind: keyof typeof placeOf = 'alone'): Promise<TestRedis> => {
  const folder = await mkdtemp(join(tmpdir(), 'callpickup-redis-'));
  const unixSocket = join(folder, 'redis.sock');
  const [port, busPort] = kind === 'alone' ? [0, 0] : await freePorts();
  const place = placeOf[kind]({ unixSocket, port, busPort });
  const args = [...place, '--dir', folder, '--save', '', '--appendonly', 'no', '--daemonize', 'no'];
  let running = await launch(args);
  const kill = async () => {
    if (running.guard.exitCode !== null) return;
    const gone = once(running.guard, 'exit');
    process.kill(running.pid, 'SIGKILL');
    await gone;
    running.guard.stdio[3]?.destroy();
  };
  return {
    unixSocket,
    port,
    busPort,
    kill,
    freeze: () => void process.kill(running.pid, 'SIGSTOP'),
    thaw: () => void process.kill(running.pid, 'SIGCONT'),
    restart: async () => {
      running = await launch(args);
    },
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

interface Running {
  readonly guard: ChildProcess;
  readonly pid: number;
}

/** The server dies with this process, however that ends: then the other end of descriptor 3 closes. */
const guarded =
  'redis-server "$@" 3<&- & own=$!; (cat <&3 >/dev/null; kill -9 $own) 2>/dev/null & exec 3<&-; wait $own';

const launch = (args: readonly string[]): Promise<Running> =>
  new Promise((resolve, reject) => {
    const guard = spawn('sh', ['-c', guarded, 'sh', ...args], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
    let said = '';
    guard.once('error', reject);
    guard.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    guard.stdout?.on('data', (data: Buffer) => {
      said += data;
      const pid = Number(/\bpid=(\d+)/.exec(said)?.[1]);
      if (!said.includes('eady to accept connections') || !pid) return;
      guard.removeAllListeners('exit').removeAllListeners('error');
      guard.stdout?.removeAllListeners('data').resume();
      resolve({ guard, pid });
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
