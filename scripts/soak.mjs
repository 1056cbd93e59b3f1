// npm run soak: races and calls by the thousands; every number of every zero table must be 0. Ends with 1 if one is not.
import { parseArgs } from 'node:util';
import { runTap } from './run-tap.mjs';
import { ensureBuilt, ensureModules, ensurePackages } from './setup.mjs';

const usage = `npm run soak -- [options]
  --only NAMES        only these runs, separated by commas
  --scale FACTOR      so many times the usual counts (0.1: a tenth)
  --count NAME=N      the count of one run; may be said more than once
  --lanes N           races side by side (8)
  --idle SECONDS      rest before memory is measured (70: dialogs that are over are remembered for 60)
  --server-pid PID    a drachtio-server whose memory to watch (with DRACHTIO_HOST)
  --list              name the runs
SEED=n in the environment repeats the moments of an earlier run; DRACHTIO_HOST, _PORT, _SECRET name another server.`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    scale: { type: 'string', default: '1' },
    count: { type: 'string', multiple: true, default: [] },
    lanes: { type: 'string', default: '8' },
    idle: { type: 'string', default: '70' },
    'server-pid': { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(usage);
  process.exit(0);
}

ensureModules();
ensurePackages(['redis-server']);
ensureBuilt({ support: true });

const { raceBench } = await import('../dist-support/race.js');
const { soakRuns } = await import('../dist-support/race-soak.js');
const { watchGrowth } = await import('../dist-support/race-growth.js');
const { ground } = await import('../dist-support/service.js');

const only = options.only?.split(',');
const counts = new Map(options.count.map((said) => said.split('=')));
const countOf = ({ name, count }) => Number(counts.get(name) ?? Math.max(1, Math.round(count * Number(options.scale))));
// Tests that are longer here than in npm test; each closes with the zero table by itself.
const longTests = [
  { name: 'walls', count: 10_000, file: 'test/faults/walls.test.ts', variable: 'WALLS_OPERATIONS' },
  { name: 'dead-instance', count: 1, file: 'test/scenarios/watch-elsewhere.test.ts', variable: 'WATCH_LEASES' },
  { name: 'one-policy', count: 60, file: 'test/faults/one-policy.test.ts', variable: 'ONE_POLICY_COMPANIES' },
  { name: 'bad-lines', count: 600, file: 'test/faults/bad-lines.test.ts', variable: 'BAD_LINES_CALLS' },
];
const allRuns = [...soakRuns, ...longTests];
const unknown = [...(only ?? []), ...counts.keys()].filter((name) => !allRuns.some((run) => run.name === name));
if (unknown.length > 0 || options.list) {
  const known = allRuns.map((run) => `${run.name} ${countOf(run)}${run.isGrowth ? ', and what grows' : ''}`);
  console.log(
    unknown.length > 0 ? `no run is named ${unknown.join(', ')}; there are:` : 'runs:',
    `\n  ${known.join('\n  ')}`,
  );
  process.exit(unknown.length > 0 ? 2 : 0);
}

let wrong = 0;
const tell = (notZero) => {
  wrong += notZero.length;
  for (const reason of notZero) console.log(`    NOT ZERO ${reason}`);
};

const growing = async (runs, { bench, growth, one }) => {
  if (runs.length === 0) return;
  // Code gets hot and caches fill in the first calls; what counts is what the later ones add.
  for (const run of runs) await run.table(bench, Math.min(3_000, countOf(run)));
  await growth.begins(bench.service);
  for (const run of runs) await one(run);
  const calls = runs.reduce((sum, run) => sum + countOf(run), 0);
  const { lines, notZero } = await growth.ends(bench.service, calls);
  for (const line of lines) console.log(`  ${line}`);
  tell(notZero);
};

const racing = async (runs, lanes) => {
  const lasts = [];
  const growth = watchGrowth({
    idle: Number(options.idle),
    ...(options['server-pid'] && { serverPid: Number(options['server-pid']) }),
  });
  try {
    const stage = { teardown: (last) => lasts.unshift(last) };
    const bench = await raceBench(stage, { lanes, env: growth.env });
    console.log(`on ${ground}; ${lanes} lanes; SEED=${bench.seed}`);
    const one = async (run) => {
      const { line, notZero } = await run.table(bench, countOf(run));
      console.log(line);
      tell(notZero);
    };
    for (const run of runs.filter(({ isGrowth }) => !isGrowth)) await one(run);
    const grow = runs.filter(({ isGrowth }) => isGrowth);
    await growing(grow, { bench, growth, one });
  } finally {
    for (const last of lasts) await last();
    growth.close();
  }
};

const wanted = ({ name }) => !only || only.includes(name);
const races = soakRuns.filter(wanted);
const lanesOf = ({ lanes = Number(options.lanes) }) => lanes;
for (const lanes of new Set(races.map(lanesOf))) {
  await racing(
    races.filter((run) => lanesOf(run) === lanes),
    lanes,
  );
}
for (const test of longTests.filter(wanted)) {
  process.env[test.variable] = String(countOf(test));
  const { pass, fail } = await runTap([test.file, '--timeout=1200']);
  console.log(`${test.name} ${countOf(test)}: ${pass} passed, ${fail} failed`);
  wrong += fail;
}
console.log(wrong === 0 ? 'all zero' : `${wrong} numbers are not zero`);
process.exit(wrong === 0 ? 0 : 1);
