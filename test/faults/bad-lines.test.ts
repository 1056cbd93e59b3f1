import t from 'tap';
import { raceBench } from '../support/race.js';
import { plainTalkOverBadLines, talkOverBadLines } from '../support/race-bad-lines.js';
import { seed } from '../support/race-chance.js';
import { badLines } from '../support/race-relay.js';
import { ground } from '../support/service.js';

/** How many calls; `npm run soak` makes more. */
const count = Number(process.env.BAD_LINES_CALLS ?? 24);

t.comment(`on ${ground}; SEED=${seed} loses the same messages again`);

const race = process.env.DRACHTIO_HOST ? plainTalkOverBadLines : talkOverBadLines;

t.test('one in ten messages is lost on every line: calls, pickups, hold and resume end right', async (t) => {
  const lines = badLines(t, { seed, loss: 0.1, doubled: 0, late: 20 });
  const bench = await raceBench(t, { lanes: 12, between: lines.between, asks: 8 });
  const { line, notZero } = await bench.runs({ name: 'bad lines', race, count });
  t.comment(line);
  t.same(notZero, [], 'the zero table');
  const { passed, lost } = lines.damage;
  t.comment(`${passed} messages passed, ${lost} were lost`);
  t.ok(lost > passed / 30, 'the lines were bad');
});
