import { readFlags } from './flags.js';
import { start } from './start.js';

const banner = 'callpickup embedded media server: for a default that needs nothing; use FreeSWITCH in production';

async function run(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  const running = await start(flags);
  process.stdout.write(`${JSON.stringify({ msg: banner, esl: running.esl, sip: running.sip })}\n`);
  const end = (): void => {
    running.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
  if (flags.stdinGuard) process.stdin.on('end', end).on('close', end).on('error', end).resume();
}

run().catch((problem: unknown) => {
  process.stderr.write(`media server: ${problem instanceof Error ? problem.message : String(problem)}\n`);
  process.exit(2);
});
