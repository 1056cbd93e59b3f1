import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The engine as it is started by everybody: the built program. */
export const program = fileURLToPath(new URL('../../../dist/embedded/sip/main.js', import.meta.url));

/** What it says when it is ready. */
export interface FirstLine {
  readonly msg: string;
  readonly admin: string;
  readonly sip: readonly string[];
}

/** A running engine. */
export interface EngineProcess {
  readonly child: ChildProcess;
  readonly firstLine: FirstLine;
  readonly adminPort: number;
  readonly sipPort: number;
  stop(): Promise<void>;
}

const portOf = (address: unknown): number => Number(String(address).split(':').at(-1));

/** The secret of all test engines. */
export const secret = 'tell nobody';

/** Starts an engine on free ports. Rejects with what it wrote when it does not come up. */
export async function startEngine(...more: string[]): Promise<EngineProcess> {
  const args = [program, '--admin', '127.0.0.1:0', '--sip', '127.0.0.1:0', '--secret', secret, ...more];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(([code]) => Promise.reject(new Error(`the engine ended with ${code}`))),
  ])) as [string];
  const firstLine = JSON.parse(line) as FirstLine;
  return {
    child,
    firstLine,
    adminPort: portOf(firstLine.admin),
    sipPort: portOf(firstLine.sip[0]),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Runs the engine with these arguments until it ends by itself. */
export async function runEngine(...args: string[]): Promise<{ code: unknown; stderr: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}
