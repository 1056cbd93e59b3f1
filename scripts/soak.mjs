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
SEED=n in the environment repeats the moments of an earlier run; DRACHTIO_HOST, _PORT, _SECRET name another server.
Runs with media (whisper-privacy, anchor-*, anchored-pickups, previews) have a media server of their own, and count its channels:
the embedded one, or what FREESWITCH_PROGRAM starts, a program that runs a FreeSWITCH on the address that is its only
argument (event socket 8021, password in FREESWITCH_SECRET).`;

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

const { seed } = await import('../dist-support/race-chance.js');
const { raceBench } = await import('../dist-support/race.js');
const { mediaBench, mediaServerOf } = await import('../dist-support/race-media.js');
const { groupBench } = await import('../dist-support/race-group-bench.js');
const { replaceBench } = await import('../dist-support/race-replace.js');
const { groupFloors, groupRuns, replaceRuns, roomRuns, soakRuns } = await import('../dist-support/race-soak.js');
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
  { name: 'media-killed', count: 50, file: 'test/faults/media-lost.test.ts', variable: 'MEDIA_KILLED_CALLS' },
  { name: 'bad-lines', count: 600, file: 'test/faults/bad-lines.test.ts', variable: 'BAD_LINES_CALLS' },
];
const allRuns = [...soakRuns, ...roomRuns, ...groupRuns, ...replaceRuns, ...longTests];
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

const growing = async (runs, { bench, services, growth, one }) => {
  if (runs.length === 0) return;
  // Code gets hot and caches fill in the first calls; what counts is what the later ones add.
  for (const run of runs) await run.table(bench, Math.min(services.length > 1 ? 1_000 : 3_000, countOf(run)));
  await growth.begins(services);
  for (const run of runs) await one(run);
  const calls = runs.reduce((sum, run) => sum + countOf(run), 0);
  const { lines, notZero } = await growth.ends(services, calls);
  for (const line of lines) console.log(`  ${line}`);
  tell(notZero);
};

/** Runs something that has to be taken down afterwards, and takes it down. */
const onStage = async (play) => {
  const lasts = [];
  try {
    await play({ teardown: (last) => lasts.unshift(last) });
  } finally {
    for (const last of lasts) await last();
  }
};

const inTurn = (bench) => async (run) => {
  const { line, notZero } = await run.table(bench, countOf(run));
  console.log(line);
  tell(notZero);
};

const newGrowth = () =>
  watchGrowth({
    idle: Number(options.idle),
    ...(options['server-pid'] && { serverPid: Number(options['server-pid']) }),
  });

const all = async (runs, { bench, services, growth }) => {
  const one = inTurn(bench);
  for (const run of runs.filter(({ isGrowth }) => !isGrowth)) await one(run);
  const grow = runs.filter(({ isGrowth }) => isGrowth);
  await growing(grow, { bench, services, growth, one });
};

const racing = async (runs, { lanes, hasMedia }) => {
  const growth = newGrowth();
  await onStage(async (stage) => {
    stage.teardown(async () => growth.close());
    const server = hasMedia ? await mediaServerOf(stage, true) : undefined;
    const env = { ...growth.env, ...server?.env };
    const bench = await raceBench(stage, { lanes, env, ...(server && { channels: () => server.channels() }) });
    console.log(`on ${server?.name ?? ground}; ${lanes} lanes; SEED=${bench.seed}`);
    await all(runs, { bench, services: [bench.service], growth });
  });
};

const onFloors = async (runs) => {
  const growth = newGrowth();
  await onStage(async (stage) => {
    stage.teardown(async () => growth.close());
    const bench = await groupBench(stage, { floors: groupFloors, env: growth.env });
    console.log(`on two instances with an embedded SIP engine each; ${groupFloors} floors; SEED=${seed}`);
    await all(runs, { bench, services: bench.services, growth });
  });
};

const atDesks = (runs) =>
  onStage(async (stage) => {
    const bench = await replaceBench(stage, { desks: Number(options.lanes) });
    console.log(`on two instances with an embedded SIP engine each; ${options.lanes} pairs of desks; SEED=${seed}`);
    for (const run of runs) await inTurn(bench)(run);
  });

const inRooms = (runs, rooms) =>
  onStage(async (stage) => {
    const bench = await mediaBench(stage, { rooms, mustBeOwn: true });
    console.log(`on ${bench.server.name}; ${rooms} rooms; SEED=${bench.seed}`);
    for (const run of runs) await inTurn(bench)(run);
  });

const wanted = ({ name }) => !only || only.includes(name);

/** The wanted runs, those that can share a bench together. */
const together = (runs, keyOf) => {
  const groups = new Map();
  for (const run of runs.filter(wanted)) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  return [...groups.values()];
};

const benchOf = ({ lanes = Number(options.lanes), hasMedia = false }) => ({ lanes, hasMedia });
for (const runs of together(soakRuns, (run) => JSON.stringify(benchOf(run)))) await racing(runs, benchOf(runs[0]));
for (const runs of together(groupRuns, () => 'one bench')) await onFloors(runs);
for (const runs of together(replaceRuns, () => 'one bench')) await atDesks(runs);
for (const runs of together(roomRuns, ({ rooms }) => rooms)) await inRooms(runs, runs[0].rooms);
for (const test of longTests.filter(wanted)) {
  process.env[test.variable] = String(countOf(test));
  const { pass, fail } = await runTap([test.file, '--timeout=1200']);
  console.log(`${test.name} ${countOf(test)}: ${pass} passed, ${fail} failed`);
  wrong += fail;
}
console.log(wrong === 0 ? 'all zero' : `${wrong} numbers are not zero`);
process.exit(wrong === 0 ? 0 : 1);
