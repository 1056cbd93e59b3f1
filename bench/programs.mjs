// The programs that are measured, each started as a process of its own and stopped by us.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a program may take until it is ready, in milliseconds. */
const patience = 20_000;

const readLines = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });

/**
 * Starts `command` with its output in a file, as a service's log is: a pipe to us would let the bench pay for the
 * service's log lines. Resolves with the line that `isReady` takes.
 */
const launch = async ({ name, args, folder, isReady, command = process.execPath, env = {}, profile }) => {
  const file = join(folder, `${name}.log`);
  const output = openSync(file, 'w');
  const profiling = profile
    ? ['--cpu-prof', '--cpu-prof-interval', '100', '--cpu-prof-dir', profile, '--cpu-prof-name', `${name}.cpuprofile`]
    : [];
  const child = spawn(command, [...(command === process.execPath ? profiling : []), ...args], {
    stdio: ['ignore', output, output],
    env: { PATH: process.env.PATH, ...env },
  });
  closeSync(output);
  const ended = once(child, 'exit');
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  for (const until = Date.now() + patience; ; await pause(20)) {
    const ready = readLines(file).find(isReady);
    if (ready) return { name, pid: child.pid, ready, file, stop };
    if (child.exitCode === null && Date.now() < until) continue;
    await stop('SIGKILL');
    throw new Error(`${name} did not start: ${readFileSync(file, 'utf8').slice(-2000)}`);
  }
};

/** A TCP port that is free at the moment. */
export const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

/** An embedded engine of its own for one of the programs. */
export const startEngine = async ({ folder, name, profile }) => {
  const [port, secret] = [await freePort(), randomBytes(16).toString('hex')];
  const args = [
    'dist/embedded/sip/main.js',
    '--admin',
    `127.0.0.1:${port}`,
    '--sip',
    '127.0.0.1:0',
    '--secret',
    secret,
  ];
  const engine = await launch({ name, args, folder, profile, isReady: ({ sip }) => Array.isArray(sip) });
  return { ...engine, place: { host: '127.0.0.1', port, secret } };
};

const officeOf = (numbers, more = {}) =>
  JSON.stringify({
    sipAuth: 'none',
    tenants: {
      acme: {
        domains: ['acme.example'],
        default: true,
        ...more,
        extensions: Object.fromEntries(numbers.map((number) => [number, { name: `Phone ${number}` }])),
      },
    },
  });

/** The service as `npm start` runs it, on that server, with a Redis and a media server of its own unless others are given. */
export const startService = async ({
  folder,
  name,
  place,
  numbers,
  redisUrl,
  profile,
  media,
  webhook,
  instance = 'bench',
}) => {
  const home = resolve(folder, name);
  mkdirSync(home, { recursive: true });
  const officeFile = join(home, 'office.yaml');
  writeFileSync(officeFile, officeOf(numbers, webhook && { webhook }));
  const env = {
    DRACHTIO_HOST: place.host,
    DRACHTIO_PORT: String(place.port),
    DRACHTIO_SECRET: place.secret,
    HTTP_BIND: '127.0.0.1:0',
    DATA_DIR: home,
    OFFICE_FILE: officeFile,
    INSTANCE_ID: instance,
    DRAIN_TIMEOUT_SECONDS: '1',
    ...media,
    ...(webhook && { WEBHOOK_NETWORKS: '127.0.0.0/8' }),
    ...(redisUrl && { REDIS_URL: redisUrl }),
  };
  const args = ['--enable-source-maps', 'dist/main.js'];
  const isReady = ({ msg }) => msg === 'callpickup is ready';
  const service = await launch({ name, args, folder, env, isReady, profile });
  return { ...service, redisSocket: join(home, 'redis.sock') };
};

/** The bare program on that server; all phones are at `phones`. */
export const startBare = ({ folder, name, place, phones, profile }) => {
  const args = ['bench/bare.mjs', place.host, String(place.port), place.secret, phones];
  return launch({ name, args, folder, profile, isReady: ({ msg }) => msg === 'ready' });
};

/** A Redis on a unix socket in that folder, and on a port if one is given. */
export const startRedis = async ({ folder, port = 0 }) => {
  const socket = resolve(folder, 'trips.sock');
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--unixsocket',
    socket,
    '--save',
    '',
    '--dir',
    resolve(folder),
    '--daemonize',
    'no',
  ];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  for await (const data of child.stdout) if (/eady to accept/.test(String(data))) break;
  return {
    socket,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
};
