import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Log } from '../../flows/ports.js';

/** A program of ours that runs beside the service. */
export interface Program {
  readonly name: string;
  readonly command: string;
  /** Asked at each start; `before` is the line by which the program said it was ready the last time. */
  readonly args: (before: string | undefined) => readonly string[];
  /** Resolves when the program can be used; called again after each restart. */
  readonly ready: (line: string) => boolean;
}

/** A program that is kept running until it is stopped. */
export interface Supervised {
  /** The line that told that the program is ready. */
  readonly readyLine: string;
  stop(): Promise<void>;
}

/** A program could not be started; the message says why and what to do. */
export class ProgramFailed extends Error {}

/** How long a program may take to be ready, and to stop, in milliseconds. */
const patience = { start: 10_000, stop: 5_000 };

/** Pause before a program that died is started again, in milliseconds. */
const restartPause = 200;

/** Starts a program and starts it again whenever it dies, until it is stopped. Rejects with {@link ProgramFailed}. */
export const supervise = async (program: Program, log: Log): Promise<Supervised> => {
  let stopping = false;
  let running = await start(program, undefined);

  const watch = ({ child }: Started) => {
    if (child.stderr) eachLine(child.stderr, (line) => log.error({ program: program.name, line }, 'program complains'));
    child.once('exit', (code, signal) => {
      if (stopping) return;
      log.error({ program: program.name, code, signal }, 'program died, starting it again');
      setTimeout(() => void again(), restartPause);
    });
  };
  const again = async () => {
    if (stopping) return;
    try {
      running = await start(program, running.line);
      watch(running);
    } catch (error) {
      log.error({ program: program.name, error: String(error) }, 'program did not start');
      setTimeout(() => void again(), restartPause * 5);
    }
  };
  watch(running);

  return {
    readyLine: running.line,
    stop: () => {
      stopping = true;
      return end(running.child);
    },
  };
};

interface Started {
  readonly child: ChildProcess;
  readonly line: string;
}

const start = (program: Program, before: string | undefined): Promise<Started> =>
  new Promise((resolve, reject) => {
    const child = spawn(program.command, program.args(before), { stdio: ['pipe', 'pipe', 'pipe'] });
    const said: string[] = [];
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new ProgramFailed(`${program.name} was not ready in time`));
    }, patience.start);
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new ProgramFailed(`${program.name}: ${said.join(' ').trim() || why}`));
    };
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.stderr?.on('data', (data: Buffer) => void said.push(String(data)));
    if (child.stdout)
      eachLine(child.stdout, (line) => {
        if (!program.ready(line)) return void said.push(line);
        clearTimeout(timer);
        said.length = 0;
        child.removeAllListeners('exit');
        child.stderr?.removeAllListeners('data');
        resolve({ child, line });
      });
  });

const eachLine = (stream: Readable, heard: (line: string) => void): void => {
  let rest = '';
  stream.on('data', (data: Buffer) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) heard(line);
  });
};

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), patience.stop);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
