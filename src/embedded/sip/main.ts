import { readFlags } from './flags.js';
import { type Running, start } from './start.js';

const banner = 'callpickup embedded SIP engine: for a default that needs nothing; use drachtio-server in production';

async function run(): Promise<Running> {
  const flags = readFlags(process.argv.slice(2));
  const running = await start(flags);
  process.stdout.write(`${JSON.stringify({ msg: banner, admin: running.admin, sip: running.sip })}\n`);
  const end = (): void => {
    running.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
  if (flags.stdinGuard) process.stdin.on('end', end).on('close', end).on('error', end).resume();
  return running;
}

run().catch((problem: unknown) => {
  process.stderr.write(`SIP engine: ${problem instanceof Error ? problem.message : String(problem)}\n`);
  process.exit(2);
});
