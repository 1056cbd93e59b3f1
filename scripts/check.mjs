// npm run check: types, lint and format, and the architecture test.
import { spawnSync } from 'node:child_process';
import { ensureModules } from './setup.mjs';

ensureModules();
const steps = [
  ['types', 'node_modules/typescript/bin/tsc', ['--noEmit']],
  ['lint and format', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']],
  ['architecture', 'node_modules/tap/dist/esm/run.mjs', ['--reporter=terse', 'test/architecture.test.ts']],
];
for (const [name, program, args] of steps) {
  const { status } = spawnSync(process.execPath, [program, ...args], { stdio: 'inherit' });
  console.log(`${name}: ${status === 0 ? 'ok' : 'FAILED'}`);
  if (status !== 0) process.exit(1);
}
