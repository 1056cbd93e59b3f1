import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The configuration under test: the one that is delivered. */
export const edgeConfiguration = fileURLToPath(new URL('../../sip-config/kamailio/kamailio.cfg', import.meta.url));

/** Someone the edge can authenticate, and who they are to the service. */
export interface EdgeUser {
  username: string;
  domain: string;
  password: string;
  tenant: string;
  extension: string;
}

/** What an edge is started with; only `services` must be said. */
export interface EdgeOptions {
  /** Instances of the service, as `sip:host:port`. Their Contact must name the same address. */
  services: readonly string[];
  /** Sources that may call without a password and without an identity, as `sip:host:port`. */
  trunks?: readonly string[];
  users?: readonly EdgeUser[];
  /** Realm for phones that speak to the edge by its address. */
  realm?: string;
  /** Seconds between two OPTIONS to each instance. */
  pingSeconds?: number;
  /** Where to listen; by default a free 127.x address, port 5060. */
  host?: string;
  port?: number;
  /** More defines of the configuration, as Kamailio reads them (strings in double quotes). */
  defines?: Readonly<Record<string, string>>;
  /** Another configuration file than the edge's own. */
  file?: string;
}

/** A running Kamailio. */
export interface Edge {
  host: string;
  port: number;
  uri: string;
  pid: number;
  /** All it has written so far. */
  log(): string;
  /** Ends it and everything it left on disk; settles when the process is gone. */
  stop(): Promise<void>;
}

/** Starts Debian's Kamailio with the delivered edge configuration and waits until it answers OPTIONS. */
export async function startKamailio(options: EdgeOptions): Promise<Edge> {
  const host = options.host ?? (await freeLoopbackAddress());
  const port = options.port ?? 5060;
  const folder = await mkdtemp(join(tmpdir(), 'callpickup-edge-'));
  const defines = { ...(await writeSettings(folder, options)), EDGE_ADDRESS: host, EDGE_PORT: String(port) };
  const child = launch(options.file ?? edgeConfiguration, folder, { ...defines, ...options.defines });
  const written: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  const log = () => written.join('');
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilAnswering(child, { host, port });
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${log()}`);
  }
  return { host, port, uri: `sip:${host}:${port}`, pid: child.pid as number, log, stop };
}

/** A loopback address on which nobody has port 5060 yet, neither over UDP nor over TCP. */
export async function freeLoopbackAddress(): Promise<string> {
  const octet = () => 1 + Math.floor(Math.random() * 253);
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const host = `127.${50 + (octet() % 200)}.${octet()}.${octet()}`;
    if (await isFree(host)) return host;
  }
  throw new Error('no free loopback address found');
}

/** Kamailio's own check of a configuration (`-c`): its exit code and what it said. */
export async function checkConfiguration(file: string, defines: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'callpickup-edge-'));
  const settings = await writeSettings(folder, { services: ['sip:127.0.0.1:5070'] });
  const child = spawn('kamailio', ['-c', '-f', file, ...asArguments({ ...settings, ...defines })]);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  await rm(folder, { recursive: true, force: true });
  return { code: code as number, output };
}

async function writeSettings(folder: string, options: EdgeOptions): Promise<Record<string, string>> {
  const columns = ['id(int,auto)', 'username', 'domain', 'ha1', 'tenant', 'extension'];
  const header = columns.map((column) => (column.includes('(') ? column : `${column}(string)`)).join(' ');
  const rows = (options.users ?? []).map((user, index) =>
    [index + 1, user.username, user.domain, ha1(user), user.tenant, user.extension].join(':'),
  );
  const destinations = [
    ...options.services.map((uri) => `1 ${uri} 0 0`),
    ...(options.trunks ?? []).map((uri) => `2 ${uri} 4 0`),
  ];
  await mkdir(join(folder, 'users'));
  await writeFile(join(folder, 'users', 'subscriber'), `${[header, ...rows].join('\n')}\n`);
  await writeFile(join(folder, 'dispatcher.list'), `${destinations.join('\n')}\n`);
  const pingSeconds = options.pingSeconds ?? 1;
  return {
    EDGE_USERS_URL: `"text://${join(folder, 'users')}"`,
    EDGE_DISPATCHER_LIST: `"${join(folder, 'dispatcher.list')}"`,
    EDGE_REALM: `"${options.realm ?? 'acme.example'}"`,
    EDGE_PING_INTERVAL: String(pingSeconds),
    EDGE_PING_TIMEOUT: String(pingSeconds * 500),
    EDGE_WORKERS: '2',
  };
}

function ha1({ username, domain, password }: EdgeUser): string {
  return createHash('md5').update(`${username}:${domain}:${password}`).digest('hex');
}

function asArguments(defines: Readonly<Record<string, string>>): string[] {
  return Object.entries(defines).flatMap(([name, value]) => ['-A', `${name}=${value}`]);
}

// In the foreground, and ended by the kernel if this process is: a test that is killed leaves nothing running.
function launch(file: string, folder: string, defines: Readonly<Record<string, string>>): ChildProcess {
  const kamailio = ['kamailio', '-DD', '-E', '-m', '32', '-M', '4', '-Y', folder, '-w', folder, '-f', file];
  const command = ['--pdeathsig', 'TERM', ...kamailio, ...asArguments(defines)];
  return spawn('setpriv', command, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
}

async function untilAnswering(child: ChildProcess, address: { host: string; port: number }): Promise<void> {
  const socket = createSocket('udp4');
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`kamailio ended at once with code ${code}`);
  });
  gone.catch(() => undefined);
  try {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const answer = once(socket, 'message');
    for (let attempt = 0; attempt < 100; attempt += 1) {
      socket.send(options(address, { port: socket.address().port, attempt }), address.port, address.host);
      if (await Promise.race([answer.then(() => true), gone, sleep(100)])) return;
    }
    throw new Error('kamailio does not answer OPTIONS');
  } finally {
    socket.close();
  }
}

function options(to: { host: string; port: number }, from: { port: number; attempt: number }): string {
  const lines = [
    `OPTIONS sip:${to.host}:${to.port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${from.port};branch=z9hG4bK-ready-${from.attempt};rport`,
    'Max-Forwards: 5',
    `From: <sip:ready@127.0.0.1>;tag=ready${from.attempt}`,
    `To: <sip:${to.host}>`,
    `Call-ID: ready-${from.port}-${from.attempt}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

async function end(child: ChildProcess): Promise<void> {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  signal(child.pid, 'SIGTERM');
  await Promise.race([exited, sleep(5000, undefined, { ref: false })]);
  signal(-child.pid, 'SIGKILL');
  await exited;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already, which is what was wanted.
  }
}

async function isFree(host: string): Promise<boolean> {
  const udp = createSocket('udp4');
  const tcp = createServer();
  try {
    udp.bind(5060, host);
    await once(udp, 'listening');
    tcp.listen(5060, host);
    await once(tcp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    udp.close();
    tcp.close();
  }
}
