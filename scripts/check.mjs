// npm run check: types, lint and format, and the architecture test.
import { spawn } from 'node:child_process';
import { runTap } from './run-tap.mjs';
import { ensureModules } from './setup.mjs';

ensureModules();
const run = (program, ...args) =>
  new Promise((resolve) => {
    spawn(process.execPath, [program, ...args], { stdio: 'inherit' }).once('close', resolve);
  });
const steps = {
  types: () => run('node_modules/typescript/bin/tsc', '--noEmit'),
  'lint and format': () => run('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  architecture: async () => (await runTap(['test/architecture.test.ts'])).status,
};
const isOk = async (name) => {
  const ok = (await steps[name]()) === 0;
  console.log(`${name}: ${ok ? 'ok' : 'FAILED'}`);
  return ok;
};
// The types take as long as the rest together.
const [types, others] = await Promise.all([
  isOk('types'),
  isOk('lint and format').then((ok) => ok && isOk('architecture')),
]);
process.exit(types && others ? 0 : 1);
