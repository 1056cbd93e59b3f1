import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askMediaServer, channelsOf, type EventSocketAddress } from './event-socket.js';
import { freeLoopbackAddress } from './kamailio.js';

/** Who ends the media server when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** A media server that belongs to a test: it may be killed, and comes back where it was. */
export interface OwnMediaServer {
  /** What it is, for a reader. */
  readonly name: string;
  /** What the service must be told to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Channels that it has now. */
  channels(): Promise<number>;
  /** Ends it at once, as a crash does. */
  kills(): Promise<void>;
  /** Starts it again; resolves when its event socket answers. */
  returns(): Promise<void>;
  /** Has it stand still, or go on: nothing is closed, and nothing is said. */
  freezes(): void;
  thaws(): void;
}

/**
 * A program that runs a real FreeSWITCH in the foreground, on the address that is its only argument (event socket 8021,
 * password in `FREESWITCH_SECRET`), until it is ended. Without it the embedded media server is started.
 */
const program = process.env.FREESWITCH_PROGRAM;

const port = 8021;

/** Milliseconds until a server must answer; a real one takes seconds to start. */
const patience = 60_000;

/** Starts a media server of the test's own. */
export const ownMediaServer = async (t: Stage): Promise<OwnMediaServer> => {
  const host = await freeLoopbackAddress();
  const secret = program ? (process.env.FREESWITCH_SECRET ?? '') : 'a secret of this test';
  const folder = await mkdtemp(join(tmpdir(), 'callpickup-media-'));
  await writeFile(join(folder, 'secret'), secret);
  const address: EventSocketAddress = { host, port, secret };
  let child: ChildProcess | undefined;

  const signals = (signal: NodeJS.Signals) => (): void => {
    // The whole group: what runs FreeSWITCH may be a script.
    if (child?.pid !== undefined) process.kill(-child.pid, signal);
  };
  const kills = async () => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    signals('SIGKILL')();
    await gone;
  };
  const returns = async () => {
    child = program ? launch([program, host]) : launch(embedded(host, join(folder, 'secret')));
    await untilAnswering(address);
  };
  t.teardown(async () => {
    await kills();
    await rm(folder, { recursive: true, force: true });
  });
  await returns();
  return {
    name: program ? `a FreeSWITCH at ${host}` : `an embedded media server at ${host}`,
    env: { FREESWITCH_HOST: host, FREESWITCH_PORT: `${port}`, FREESWITCH_SECRET: secret },
    channels: () => channelsOf(address),
    kills,
    returns,
    freezes: signals('SIGSTOP'),
    thaws: signals('SIGCONT'),
  };
};

const embedded = (host: string, secretFile: string): string[] => {
  const listening = ['--esl', `${host}:${port}`, '--sip', `${host}:5060`, '--rtp', host];
  return [process.execPath, 'dist/embedded/media/main.js', ...listening, '--secret-file', secretFile];
};

// A group of its own, ended by the kernel if this process is: a test that is killed leaves nothing running.
const launch = ([command = '', ...args]: readonly string[]): ChildProcess =>
  spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], { stdio: 'ignore', detached: true });

const untilAnswering = async (address: EventSocketAddress): Promise<void> => {
  for (const until = Date.now() + patience; ; await sleep(50)) {
    try {
      await askMediaServer(address, 'status');
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
};
