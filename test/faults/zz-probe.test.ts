import t from 'tap';
import { raceBench } from '/work/main/test/support/race.js';
import { talkOverBadLines } from '/work/main/test/support/race-bad-lines.js';
import { badLines } from '/work/main/test/support/race-relay.js';
t.test('x', async (t) => {
  const lines = badLines(t, { seed: Number(process.env.SEED ?? 7), loss: 0.1, doubled: 0, late: 20 });
  const bench = await raceBench(t, { lanes: 12, between: lines.between, asks: 8 });
  const begin = Date.now();
  const { line, notZero } = await bench.runs({ name: 'bad lines', race: async (lane, chance) => {
    const logs: string[] = [];
    for (const ph of [lane.caller, lane.callee, ...lane.pickers]) ph.watch((l) => logs.push(`${Date.now()-begin} ${ph.number} ${l.direction} ${l.text.slice(0, 40).split('\r\n')[0]} ${/CSeq:.*/.exec(l.text)?.[0]} ${/Call-ID: (.{8})/.exec(l.text)?.[1]}`));
    const at = Date.now();
    const v = await talkOverBadLines(lane, chance);
    console.log(Date.now() - at, JSON.stringify(v));
    if (v.faults.length || Date.now() - at > 20000) console.log(logs.join('\n'));
    return v;
  }, count: 12 });
  t.comment(line);
  t.same(notZero, []);
});
