// npm test: installs what is missing, checks, builds, runs every test, and closes with `N passed, N failed`.
// Arguments name test files instead of all: npm test -- test/domain/*.test.ts
import { spawnSync } from 'node:child_process';
import { runTap } from './run-tap.mjs';
import { ensureBuilt, ensureModules, ensurePackages, testPackages } from './setup.mjs';

ensureModules();
ensurePackages(testPackages);

const args = process.argv.slice(2);
if (args.length === 0 && spawnSync(process.execPath, ['scripts/check.mjs'], { stdio: 'inherit' }).status !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
ensureBuilt({ support: true });

// Two services on one drachtio-server would share its calls, so with a real one the files run one by one.
const jobs = process.env.DRACHTIO_HOST ? ['--jobs=1'] : [];
const { status, pass, fail, skip } = await runTap([...jobs, ...args]);
console.log(`${pass} passed, ${fail} failed${skip ? `, ${skip} skipped` : ''}`);
process.exit(status === 0 && pass > 0 ? 0 : 1);
