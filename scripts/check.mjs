// npm run check: types, lint and format, and the architecture test.
import { spawnSync } from 'node:child_process';
import { runTap } from './run-tap.mjs';
import { ensureModules } from './setup.mjs';

ensureModules();
const run =
  (program, ...args) =>
  () =>
    spawnSync(process.execPath, [program, ...args], { stdio: 'inherit' }).status;
const steps = {
  types: run('node_modules/typescript/bin/tsc', '--noEmit'),
  'lint and format': run('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  architecture: async () => (await runTap(['test/architecture.test.ts'])).status,
};
for (const [name, step] of Object.entries(steps)) {
  const ok = (await step()) === 0;
  console.log(`${name}: ${ok ? 'ok' : 'FAILED'}`);
  if (!ok) process.exit(1);
}
