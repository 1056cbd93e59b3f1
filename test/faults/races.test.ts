import t, { type Test } from 'tap';
import { type BenchOptions, raceBench } from '../support/race.js';
import { seed } from '../support/race-chance.js';
import { groupBench } from '../support/race-group-bench.js';
import { runGroupCalls } from '../support/race-group-calls.js';
import {
  answersAtOnce,
  cancelAgainstAnswer,
  crowd,
  ghost,
  ghostBehind,
  oneForEach,
  overBadLines,
  pickerAgainstAnswer,
  pickerAgainstCancel,
  pickerAgainstDecline,
  pickerChangesMind,
  type Race,
  sameCallId,
  twoPhonesAnswer,
  twoPickers,
} from '../support/race-kinds.js';
import { runByProgram } from '../support/race-program.js';
import { badLines } from '../support/race-relay.js';
import { runReplaces } from '../support/race-replaces.js';
import type { ZeroTable } from '../support/race-table.js';
import { runWatched } from '../support/race-watchers.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}; SEED=${seed} runs the same races again`);

/** Prints the zero table (reliability.md section 4) and asserts that it is one. */
const isZero = (t: Test, { line, notZero }: ZeroTable): void => {
  t.comment(line);
  t.same(notZero, [], 'the zero table');
};

const races: readonly (readonly [name: string, race: Race, count: number])[] = [
  ['two pickers in one instant', twoPickers, 300],
  ['a picker and the callee', pickerAgainstAnswer, 300],
  ['a picker and a caller who gives up', pickerAgainstCancel, 300],
  ['a picker and a callee who declines', pickerAgainstDecline, 200],
  ['a picker who changes its mind', pickerChangesMind, 200],
  ['CANCEL and 200 cross', cancelAgainstAnswer, 200],
  ['a phone that rings and is answered in one breath', answersAtOnce, 200],
  ['CANCEL right after INVITE', ghost, 300],
  ['another call with the same Call-ID', sameCallId, 200],
];

t.test('races for one call have one winner', async (t) => {
  const bench = await raceBench(t, { lanes: 10 });
  for (const [name, race, count] of races) {
    await t.test(name, async (t) => isZero(t, await bench.runs({ name, race, count })));
  }
  await t.test('CANCEL right after INVITE, while the store is slow', async (t) => {
    isZero(t, await bench.runs({ name: 'slow store', race: ghostBehind(bench.service.redis), count: 60 }));
  });
  await t.test('twenty pickers', async (t) => {
    isZero(t, await bench.runsTogether({ name: 'twenty pickers', race: crowd, count: 20 }));
  });
  await t.test('ten calls ring and ten dial the group code: each gets one', async (t) => {
    isZero(t, await bench.runsTogether({ name: 'ten for ten', race: oneForEach, count: 20 }));
  });
  await t.test('pickups by program, and what else may happen', async (t) => {
    isZero(t, await runByProgram(bench, 'by program', 100));
  });
  await t.test('lamps of calls that ring on three phones, at random moments', async (t) => {
    isZero(t, await runWatched(bench, { name: 'watchers', count: 100 }));
  });
  await t.test('keys pressed, one in five of them doomed', async (t) => {
    isZero(t, await runReplaces(bench, 'replaces', 300));
  });
  await t.test('both phones of the callee answer', async (t) => {
    for (const { twin } of bench.lanes) await twin.registers();
    isZero(t, await bench.runs({ name: 'two phones answer', race: twoPhonesAnswer, count: 200 }));
  });
});

t.test('calls to groups that hunt, on two instances: one talker each', async (t) => {
  const bench = await groupBench(t, { floors: 16 });
  isZero(t, await runGroupCalls(bench, { name: 'group calls', count: 64 }));
});

t.test('calls end well over lines that lose, double and reorder messages', async (t) => {
  const lines = badLines(t, { seed, loss: 0.1, doubled: 0.1, late: 60 });
  const options: BenchOptions = { lanes: 16, between: lines.between, asks: 8 };
  const bench = await raceBench(t, options);
  isZero(t, await bench.runs({ name: 'bad lines', race: overBadLines, count: 48 }));
  const { passed, lost, doubled } = lines.damage;
  t.comment(`${passed} messages passed, ${lost} were lost, ${doubled} doubled`);
  t.ok(lost > 0 && doubled > 0, 'the lines were bad');
});
