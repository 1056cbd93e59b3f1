import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BaresipControl, type BaresipNotice, controlBaresip } from './baresip-control.js';
import { freeLoopbackAddress } from './kamailio.js';
import { recordedShareOf, waveOf } from './linphone-sound.js';

/** Where baresip sends to, who it is there, and what it says. */
export interface BaresipOptions {
  readonly number: string;
  readonly server: { readonly host: string; readonly port: number };
  /** The only codec that it has. */
  readonly law: 'PCMU' | 'PCMA';
  /** What it says in every call, in Hz. */
  readonly tone: number;
}

/** Debian's baresip, a phone whose SIP stack and audio are none of ours; what it hears is recorded. */
export interface Baresip {
  dials(uri: string): void;
  answers(): void;
  hangsUp(): void;
  /** Resolves with the first notice of this type that nobody has waited for yet: CALL_RINGING, CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED. */
  tells(type: string): Promise<BaresipNotice>;
  /** Resolves when a tone is in the end of what it recorded of what it hears. */
  hears(hz: number): Promise<void>;
  /** The share of a tone in the end of what it recorded of its own voice. */
  said(hz: number): Promise<number>;
  /** Ends it; the process is gone when this settles. */
  stop(): Promise<void>;
}

/** Milliseconds to wait for anything. */
const patience = 20_000;

const controlPort = 4444;

/** Where Debian keeps its modules; baresip itself looks in the folder that it was started in. */
const modules = '/usr/lib/baresip/modules';

/** Starts baresip on an address of its own and waits until it is registered. */
export const startBaresip = async (options: BaresipOptions): Promise<Baresip> => {
  const host = await freeLoopbackAddress();
  const home = await furnish(host, options);
  const child = launch(home);
  const printed = collect(child);
  const stop = async () => {
    control?.close();
    await end(child);
    await rm(home, { recursive: true, force: true });
  };
  let control: BaresipControl | undefined;
  try {
    control = await controlBaresip(host, controlPort, patience);
    // It registers before anybody can be told of that by its control.
    for (const until = Date.now() + patience; !printed().includes('200 OK'); await sleep(25)) {
      if (Date.now() > until) throw new Error(`baresip did not register; it printed ${printed()}`);
    }
    return { ...phoneOf(home, control, printed), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const phoneOf = (home: string, control: BaresipControl, printed: () => string): Omit<Baresip, 'stop'> => {
  const told = new Set<BaresipNotice>();
  const comesTrue = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    for (const until = Date.now() + patience; Date.now() < until; await sleep(25)) {
      const found = await look();
      if (found !== undefined) return found;
    }
    throw new Error(
      `baresip: ${what}; it told ${JSON.stringify(control.notices)} and printed ${printed().slice(-2_000)}`,
    );
  };
  return {
    dials: (uri) => control.gives('dial', uri),
    answers: () => control.gives('accept'),
    hangsUp: () => control.gives('hangup'),
    tells: (type) =>
      comesTrue(`no ${type}`, async () => {
        const notice = control.notices.find((each) => each.type === type && !told.has(each));
        if (notice) told.add(notice);
        return notice;
      }),
    hears: async (hz) => {
      await comesTrue(`${hz} Hz was not heard`, async () =>
        (await shareIn(home, 'dec', hz)) > 0.5 ? true : undefined,
      );
    },
    said: (hz) => shareIn(home, 'enc', hz),
  };
};

/** Its recordings are named by their time and their way; the last one is of the call that is on. */
const shareIn = async (home: string, way: 'dec' | 'enc', hz: number): Promise<number> => {
  const files = (await readdir(home)).filter((name) => name.startsWith('dump-') && name.endsWith(`-${way}.wav`)).sort();
  const last = files.at(-1);
  return last === undefined ? 0 : recordedShareOf(await readFile(join(home, last)), hz);
};

/** A home with its settings: it reads what it says from a file, and has no sound card. */
const furnish = async (host: string, { number, server, law, tone }: BaresipOptions): Promise<string> => {
  const home = await mkdtemp(join(tmpdir(), 'callpickup-baresip-'));
  await writeFile(join(home, 'tone.wav'), waveOf(tone));
  const account = [`<sip:${number}@${server.host}:${server.port}>`, 'regint=3600', `audio_codecs=${law}/8000/1`];
  await writeFile(join(home, 'accounts'), `${[...account, 'auth_pass=unused'].join(';')}\n`);
  await writeFile(join(home, 'contacts'), '');
  const lines = [
    `sip_listen ${host}:5060`,
    'net_interface 127.0.0.1',
    `audio_source aufile,${join(home, 'tone.wav')}`,
    'audio_player aubridge,ear',
    'audio_alert aubridge,bell',
    'ausrc_srate 8000',
    'auplay_srate 8000',
    'rtp_ports 20000-29998',
    `module_path ${modules}`,
    ...['g711', 'aubridge', 'sndfile', 'aufile'].map((name) => `module ${name}.so`),
    `snd_path ${home}`,
    ...['account', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen ${host}:${controlPort}`,
  ];
  await writeFile(join(home, 'config'), `${lines.join('\n')}\n`);
  return home;
};

// Ended by the kernel if this process is: a test that is killed leaves nothing running.
const launch = (home: string): ChildProcess => {
  const env = { PATH: process.env.PATH, HOME: home, LANG: 'C' };
  return spawn('setpriv', ['--pdeathsig', 'KILL', 'baresip', '-f', home], { cwd: home, env, stdio: 'pipe' });
};

const collect = (child: ChildProcess): (() => string) => {
  let printed = '';
  const hear = (data: Buffer | Error) => {
    printed += data;
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  child.on('error', hear);
  return () => printed;
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(killer);
};
