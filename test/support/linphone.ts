import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeLoopbackAddress } from './kamailio.js';
import { recordedShareOf, waveOf } from './linphone-sound.js';
import { Message } from './phone-message.js';

/** Where linphonec sends to, and who it is there. */
export interface LinphoneOptions {
  readonly number: string;
  readonly server: { readonly host: string; readonly port: number };
}

/** A message that linphonec has sent or received, as its own log has it. */
export interface OnTheWire {
  readonly way: 'sent' | 'received';
  readonly message: Message;
}

/** Debian's linphonec, a phone whose SIP stack is none of ours. */
export interface Linphone {
  /** Where its SIP and its RTP are: an address of its own, so that an SDP tells whom it names. */
  readonly host: string;
  readonly rtpPort: number;
  /** Types a command, as a person does: `call sip:…`, `answer`, `terminate`. */
  types(command: string): void;
  /** Says a tone in Hz to who is at the other end of its call. */
  talks(hz: number): Promise<void>;
  /** Resolves when it hears a tone. */
  hears(hz: number): Promise<void>;
  /** Everything that was on the wire so far, in order. */
  wire(): Promise<OnTheWire[]>;
  /** Resolves with the first message that fits, past or to come. */
  saw(what: string, fits: (seen: OnTheWire) => boolean): Promise<Message>;
  /** Hangs up, unregisters and ends; the process is gone when this settles. */
  stop(): Promise<void>;
}

const rtpPort = 7078;

/** Milliseconds to wait for anything; it needs one to three seconds to start. */
const patience = 20_000;

/** Starts linphonec on an address of its own and waits until it is registered. */
export const startLinphone = async (options: LinphoneOptions): Promise<Linphone> => {
  const host = await freeLoopbackAddress();
  const home = await furnish(host, options);
  const child = launch(home);
  const printed = collect(child);
  const wire = async () => messagesIn(await readFile(join(home, 'log')).catch(() => Buffer.alloc(0)));
  const types = (command: string) => void child.stdin?.write(`${command}\n`);
  const talks = async (hz: number) => {
    const file = join(home, `${hz}.wav`);
    await writeFile(file, waveOf(hz));
    types(`play ${file}`);
  };
  const hears = async (hz: number) => {
    const file = join(home, 'heard.wav');
    types(`record ${file}`);
    const share = async () => recordedShareOf(await readFile(file).catch(() => Buffer.alloc(0)), hz);
    for (const until = Date.now() + patience; (await share()) < 0.2; await sleep(50)) {
      if (Date.now() > until)
        throw new Error(`linphonec did not hear ${hz} Hz; it printed: ${printed().slice(-2_000)}`);
    }
  };
  const saw = async (what: string, fits: (seen: OnTheWire) => boolean) => {
    for (const until = Date.now() + patience; Date.now() < until && child.exitCode === null; await sleep(25)) {
      const found = (await wire()).find(fits);
      if (found) return found.message;
    }
    throw new Error(`linphonec did not see ${what}; it printed: ${printed().slice(-2_000)}`);
  };
  const stop = async () => {
    await end(child);
    await rm(home, { recursive: true, force: true });
  };
  // There is no sound card where tests run, and where there is one nobody wants to hear them.
  types('soundcard use files');
  try {
    await saw('its registration', (seen) => isAnswer(seen, 'REGISTER', 200));
  } catch (error) {
    await stop();
    throw error;
  }
  return { host, rtpPort, types, talks, hears, wire, saw, stop };
};

/** True for a request of this method that went this way. */
export const isRequest = ({ way, message }: OnTheWire, wanted: OnTheWire['way'], method: string): boolean =>
  way === wanted && message.status === 0 && message.method === method;

/** True for a response with this status, to a request of this method, that it received. */
export const isAnswer = ({ way, message }: OnTheWire, method: string, status: number): boolean =>
  way === 'received' && message.status === status && message.method === method;

/** A home with the folders that it would wait for for ever, and its settings: nothing leaves its own address. */
const furnish = async (host: string, { number, server }: LinphoneOptions): Promise<string> => {
  const home = await mkdtemp(join(tmpdir(), 'callpickup-linphone-'));
  for (const folder of ['.local/share/linphone', '.config/linphone'])
    await mkdir(join(home, folder), { recursive: true });
  const at = `${server.host}:${server.port}`;
  const settings = {
    sip: {
      bind_address: host,
      sip_port: 5060,
      sip_tcp_port: 0,
      sip_tls_port: 0,
      use_ipv6: 0,
      ipv6_migration_done: 1,
      guess_hostname: 0,
      contact: `sip:${number}@${host}:5060`,
      default_proxy: 0,
    },
    // Without these two its RTP would use another interface's address.
    rtp: { bind_address: host, audio_rtp_port: rtpPort },
    proxy_0: {
      reg_proxy: `<sip:${at}>`,
      reg_identity: `sip:${number}@${at}`,
      reg_expires: 3600,
      reg_sendregister: 1,
      publish: 0,
    },
  };
  await writeFile(join(home, 'linphonerc'), iniOf(settings));
  return home;
};

const iniOf = (sections: Readonly<Record<string, Readonly<Record<string, string | number>>>>): string =>
  Object.entries(sections)
    .map(([name, values]) =>
      [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key}=${value}`)].join('\n'),
    )
    .join('\n\n')
    .concat('\n');

// Ended by the kernel if this process is: a test that is killed leaves nothing running.
const launch = (home: string): ChildProcess => {
  const command = ['linphonec', '-c', join(home, 'linphonerc'), '-d', '6', '-l', join(home, 'log')];
  const env = { PATH: process.env.PATH, HOME: home, PULSE_SERVER: 'none', LANG: 'C' };
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { cwd: home, env, stdio: 'pipe' });
};

const collect = (child: ChildProcess): (() => string) => {
  let printed = '';
  const hear = (data: Buffer) => {
    printed += data;
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.stdin?.on('error', () => undefined);
  child.on('error', (error) => {
    printed += String(error);
  });
  return () => printed;
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.stdin?.write('terminate all\nquit\n');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(killer);
};

/** How the log announces a message: the way, and how many bytes follow in the next line. */
const announcement =
  /message (sent) to \[[^\]]*\], size: \[(\d+)\] bytes\n|(received) \[(\d+)\] new bytes from \[[^\]]*\]:\n/g;

const messagesIn = (log: Buffer): OnTheWire[] => {
  const text = log.toString('latin1');
  return [...text.matchAll(announcement)].flatMap((match) => {
    const [whole, sent, sentBytes, , receivedBytes] = match;
    const from = match.index + whole.length;
    const message = new Message(text.slice(from, from + Number(sentBytes ?? receivedBytes)));
    const isWhole = message.text.includes('\r\n\r\n');
    return isWhole ? [{ way: sent ? ('sent' as const) : ('received' as const), message }] : [];
  });
};
