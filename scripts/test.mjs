// npm test: installs what is missing, checks, builds, runs every test, and closes with `N passed, N failed`.
// Arguments name test files instead of all: npm test -- test/domain/*.test.ts
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { ensureBuilt, ensureModules, ensurePrograms } from './setup.mjs';

ensureModules();
ensurePrograms([
  ['redis-server', 'redis-server'],
  ['sipp', 'sip-tester'],
  ['kamailio', 'kamailio'],
  ['xmllint', 'libxml2-utils'],
]);

const node = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status;
const files = process.argv.slice(2);

if (files.length === 0 && node('scripts/check.mjs') !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
ensureBuilt({ support: true });

mkdirSync('.tap', { recursive: true });
const results = '.tap/results.tap';
const status = node('node_modules/tap/dist/esm/run.mjs', '--reporter=terse', `--output-file=${results}`, ...files);

// tap closes its own output with `# { total: 12, pass: 11, fail: 1 }`, which only it reads.
const closing =
  readFileSync(results, 'utf8')
    .match(/^# \{ total: .*\}$/gm)
    ?.at(-1) ?? '';
const count = (name) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(closing)?.[1] ?? 0);
const failed = count('fail') || (status === 0 ? 0 : 1);
const skipped = count('skip') + count('todo');
console.log(`${count('pass')} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(status === 0 && count('pass') > 0 ? 0 : 1);
