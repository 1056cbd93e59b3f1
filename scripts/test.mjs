// npm test: installs what is missing, checks, builds, runs every test, and closes with `N passed, N failed`.
// Arguments name test files instead of all: npm test -- test/domain/*.test.ts
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runTap } from './run-tap.mjs';
import { ensureBuilt, ensureModules, ensurePackages, forgetBuilt, testPackages } from './setup.mjs';

ensureModules();
ensurePackages(testPackages);

const args = process.argv.slice(2);
if (args.length > 0) ensureBuilt({ support: true });
else {
  // At the same time, on two cores: the types are checked there, and only taken off here.
  const checked = once(spawn(process.execPath, ['scripts/check.mjs'], { stdio: 'inherit' }), 'close');
  ensureBuilt({ support: true, typesAreChecked: true });
  const [status] = await checked;
  if (status !== 0) {
    forgetBuilt();
    console.log('0 passed, 1 failed');
    process.exit(1);
  }
}

// Two services on one drachtio-server would share its calls, so with a real one the files run one by one.
const jobs = process.env.DRACHTIO_HOST ? ['--jobs=1'] : [];
const first = await runTap([...jobs, ...args]);

/** A race that goes wrong once is wrong. */
const mayBeLate = (file) => !/^test\/(faults\/races|contract\/)/.test(file);

/**
 * A machine that others use too makes a test late, which is no fault of what is tested: a file or two that fail beside
 * others are run once more, alone, and the closing lines say which. What fails again, or in more files, has failed.
 */
const again = async ({ failed }) => {
  if (args.length > 0 || failed.length === 0 || failed.length > 2 || !failed.every(mayBeLate)) return undefined;
  console.log(`once more, alone: ${failed.join(' ')}`);
  const second = await runTap(['--jobs=1', ...failed]);
  if (second.status === 0) console.log(`failed beside others, passed alone: ${failed.join(' ')}`);
  return second.status === 0 ? second : undefined;
};

const second = await again(first);
const { status, pass, fail, skip } = second ? { ...first, status: 0, fail: 0 } : first;
console.log(`${pass} passed, ${fail} failed${skip ? `, ${skip} skipped` : ''}`);
process.exit(status === 0 && pass > 0 ? 0 : 1);
