import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';

/** Who ends the service when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** How the service is started. */
export interface ServiceOptions {
  /** The text of an office file instead of the example office. */
  readonly office?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** How long a metric may take to become what it is to be, in milliseconds. */
const patience = 15_000;

/** The running service, as an operator sees it: its addresses, its log, its metrics, its Redis. */
export interface RunningService {
  /** Where phones send to. */
  readonly sip: { readonly host: string; readonly port: number };
  readonly http: string;
  readonly pid: number;
  readonly log: readonly LogLine[];
  readonly redis: Redis;
  /** Sum of a metric over its labels, or over those that match; 0 if it has none. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** Resolves when a metric is what it is to be: the service notes a thing a moment after phones have seen it. */
  reaches(name: string, isSo: (value: number) => boolean): Promise<void>;
  /** Resolves with the first line that fits, past or to come. */
  says(fits: (line: LogLine) => boolean, deadline?: number): Promise<LogLine>;
  /**
   * What should be gone and is not, after the service has had time to forget: legs, pending requests, dialogs, gauges,
   * keys of calls, surprises in the log (reliability.md section 4). Empty when all is well.
   */
  leftovers(): Promise<string[]>;
  /** Stops as an orchestrator does; resolves with the exit code. */
  stops(signal?: NodeJS.Signals): Promise<number | null>;
}

const example = resolve('config/office.example.yaml');

/** Where the service gets its SIP from: a real drachtio-server if the environment names one, else its own engine. */
const realServer = process.env.DRACHTIO_HOST;

/** Where it gets its media from: real FreeSWITCH servers if the environment names them, else the embedded media server. */
const realMedia = process.env.FREESWITCH_HOST;

/** What the scenarios run on, in one line for the reader of the test's output. */
export const ground = [
  realServer
    ? `drachtio-server at ${realServer}:${process.env.DRACHTIO_PORT ?? 9022}`
    : 'the embedded SIP engine (DRACHTIO_HOST is not set)',
  realMedia
    ? `FreeSWITCH at ${realMedia}:${process.env.FREESWITCH_PORT ?? 8021}`
    : 'the embedded media server (FREESWITCH_HOST is not set)',
].join(' and ');

/** Starts the built service on free addresses with a private Redis of its own, and waits until it takes calls. */
export const service = async (t: Stage | undefined, options: ServiceOptions = {}): Promise<RunningService> => {
  const folder = mkdtempSync(join(tmpdir(), 'cp-'));
  const child = launch(folder, options);
  const log = listen(child);
  const stops = stopper(child);
  t?.teardown(async () => {
    await stops('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const ready = await Promise.race([
    log.says((line) => line.msg === 'callpickup is ready', 15_000),
    died(child, log.lines),
  ]);
  const url = options.env?.REDIS_URL;
  // Where the service has stopped, and its Redis with it, nobody answers our good-bye.
  const disconnectTimeout = 50;
  const redis = url
    ? new Redis(url, { disconnectTimeout })
    : new Redis({ path: join(folder, 'redis.sock'), disconnectTimeout });
  redis.on('error', () => undefined);
  t?.teardown(async () => redis.disconnect());

  const http = String(ready.http);
  const metric = metricsOf(http);
  return {
    sip: udpOf(ready.sip as string[]),
    http,
    pid: child.pid ?? 0,
    log: log.lines,
    redis,
    metric,
    reaches: async (name, isSo) => {
      const until = Date.now() + patience;
      for (let value = await metric(name); !isSo(value); value = await metric(name)) {
        if (Date.now() > until) throw new Error(`${name} is ${value}`);
        await new Promise((next) => setTimeout(next, 10));
      }
    },
    says: log.says,
    leftovers: () => leftovers({ redis, metric, lines: log.lines }),
    stops,
  };
};

const launch = (folder: string, { office, env = {} }: ServiceOptions): ChildProcess => {
  const officeFile = office === undefined ? example : join(folder, 'office.yaml');
  if (office !== undefined) writeFileSync(officeFile, office);
  const own = {
    SIP_BIND: '127.0.0.1:0',
    HTTP_BIND: '127.0.0.1:0',
    DATA_DIR: folder,
    OFFICE_FILE: officeFile,
    DRAIN_TIMEOUT_SECONDS: '5',
    INSTANCE_ID: 'test',
  };
  // Ended by the kernel if this process is: a test that is stopped half way (a timeout) leaves no service behind.
  const program = ['--pdeathsig', 'KILL', process.execPath, '--enable-source-maps', 'dist/main.js'];
  return spawn('setpriv', program, { env: { ...process.env, ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
};

const listen = (child: ChildProcess) => {
  const lines: LogLine[] = [];
  const waiting = new Set<(line: LogLine) => void>();
  let rest = '';
  const hear = (data: Buffer) => {
    const texts = (rest + data).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts.filter(Boolean)) {
      const line = readLine(text);
      lines.push(line);
      for (const wake of waiting) wake(line);
    }
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);

  const says = (fits: (line: LogLine) => boolean, deadline = 5_000): Promise<LogLine> =>
    new Promise((found, missed) => {
      const past = lines.find(fits);
      if (past) return found(past);
      const timer = setTimeout(() => {
        waiting.delete(wake);
        missed(new Error(`the service did not say it; last: ${JSON.stringify(lines.slice(-5))}`));
      }, deadline);
      const wake = (line: LogLine) => {
        if (!fits(line)) return;
        clearTimeout(timer);
        waiting.delete(wake);
        found(line);
      };
      waiting.add(wake);
    });
  return { lines, says };
};

const readLine = (text: string): LogLine => {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text };
  }
};

const died = (child: ChildProcess, lines: readonly LogLine[]): Promise<never> =>
  new Promise((_, missed) => {
    child.once('exit', (code) =>
      missed(new Error(`the service ended with ${code}: ${lines.map(({ msg }) => msg).join('; ')}`)),
    );
  });

const stopper =
  (child: ChildProcess) =>
  (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> =>
    new Promise((stopped) => {
      if (child.exitCode !== null || child.signalCode !== null) return stopped(child.exitCode);
      child.once('exit', (code) => stopped(code));
      child.kill(signal);
    });

const udpOf = (addresses: readonly string[]): { host: string; port: number } => {
  const udp = addresses.find((address) => address.startsWith('udp/')) ?? addresses[0] ?? '';
  const [, host = '', port = ''] = /([\d.]+):(\d+)/.exec(udp) ?? [];
  return { host, port: Number(port) };
};

const metricsOf =
  (http: string) =>
  async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> => {
    const text = await (await fetch(`${http}/metrics`)).text();
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return text
      .split('\n')
      .filter((line) => new RegExp(`^${name}[{ ]`).test(line) && wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  };

const gauges = [
  'ringing_calls',
  'active_calls',
  'early_dialogs',
  'legs',
  'drachtio_pending_requests',
  'drachtio_dialogs',
  'anchored_calls',
  'listeners',
  'media_endpoints',
];

/** How long the service may take to forget, in milliseconds: answers to CANCEL and BYE are still on their way. */
const forgetting = 5_000;

const leftovers = async (seen: {
  redis: Redis;
  metric: RunningService['metric'];
  lines: readonly LogLine[];
}): Promise<string[]> => {
  const until = Date.now() + forgetting;
  for (;;) {
    const left = await leftNow(seen);
    if (left.length === 0 || Date.now() > until) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Keys that outlive calls: phones, documents, the last hour's news, what programs ordered, and wrong PINs. */
const meantToStay =
  /^cp:\{[a-z0-9-]+\}:(bindings:|office$|personal$|news$|order:|order-key:|dialog-number$|pin-tries:)/;

/** Dialogs that are over are remembered for a minute; those that are not, must go with their call. */
const stillOpen = async (redis: Redis, keys: string[]): Promise<string[]> => {
  const remembered = keys.filter((key) => key.includes('}:dialog:'));
  const values = remembered.length > 0 ? await redis.mget(remembered) : [];
  const over = new Set(remembered.filter((_key, place) => values[place] === 'ended'));
  return keys.filter((key) => !over.has(key));
};

const leftNow = async ({ redis, metric, lines }: Parameters<typeof leftovers>[0]): Promise<string[]> => {
  const left: string[] = [];
  for (const name of gauges) {
    const value = await metric(`callpickup_${name}`);
    if (value !== 0) left.push(`${name} is ${value}`);
  }
  const keys = await stillOpen(
    redis,
    (await redis.keys('cp:{*')).filter((key) => !meantToStay.test(key)),
  );
  const surprises = lines.filter(({ msg }) => /surprise|unhandled/i.test(msg));
  return [...left, ...keys.map((key) => `key ${key}`), ...surprises.map((line) => JSON.stringify(line))];
};
