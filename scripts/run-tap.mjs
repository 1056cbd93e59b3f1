// Runs tap and tells it in a few lines: a line a file, what its tests say about themselves, and each failure whole.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Runs the named test files (all, if none is named); resolves with `{ status, pass, fail, skip, failed }`, `failed` by file. */
export const runTap = async (args) => {
  mkdirSync('.tap', { recursive: true });
  const whole = createWriteStream('.tap/results.tap');
  const tap = spawn(process.execPath, ['node_modules/tap/dist/esm/run.mjs', '--reporter=tap', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => tap.once('close', resolve));
  let closing = '';
  const failed = [];
  let inFailure = false;
  for await (const line of createInterface({ input: tap.stdout })) {
    whole.write(`${line}\n`);
    if (/^# \{ total: /.test(line)) closing = line;
    const file = /^not ok \d+ - (\S+\.test\.ts)/.exec(line)?.[1];
    if (file) failed.push(file);
    if (/^\s+not ok /.test(line)) inFailure = true;
    if (inFailure || /^(not )?ok |^ {4}# (?!Subtest|time=)/.test(line)) console.log(line);
    if (/^\s+\.\.\.$/.test(line)) inFailure = false;
  }
  const status = await ended;
  whole.end();
  const count = (name) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(closing)?.[1] ?? 0);
  const fail = count('fail') || (status === 0 ? 0 : 1);
  return { status, pass: count('pass'), fail, skip: count('skip') + count('todo'), failed };
};
