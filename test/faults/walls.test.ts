import t from 'tap';
import { seed } from '../support/race-chance.js';
import { ground } from '../support/service.js';
import { openWalls, type Walls } from '../support/walls.js';

/** How many operations: a thousand here, ten thousand by `WALLS_OPERATIONS=10000` (then with `--timeout=1200`). */
const operations = Number(process.env.WALLS_OPERATIONS ?? 1_000);

t.comment(`on ${ground}; SEED=${seed} WALLS_OPERATIONS=${operations} does the same operations again`);

const sum = ({ counts }: Walls, form: RegExp): number =>
  [...counts].reduce((total, [what, count]) => total + (form.test(what) ? count : 0), 0);

t.test('two companies alike in everything: nothing of one crosses to the other', async (t) => {
  const walls = await openWalls(t);
  await walls.everyRoute();
  t.same(walls.faults(), [], 'every route, with own things and with theirs');
  const unasked = walls.routes
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !walls.counts.has(`own 2xx ${route}`));
  t.same(unasked, [], 'every route of /openapi.json was answered well');

  await walls.operate(operations);
  await walls.ends();
  t.same(walls.faults(), [], `nothing has crossed in ${operations} operations`);
  t.same(await walls.leftovers(), [], 'the zero table');

  t.comment(
    `${walls.read} texts read; ${[...walls.counts]
      .filter(([what]) => !/[A-Z] \//.test(what))
      .map(([what, count]) => `${what}: ${count}`)
      .sort()
      .join(', ')}`,
  );
  t.comment(
    `REST: own ${sum(walls, /^own 2xx/)} well, ${sum(walls, /^own 4xx/)} refused, theirs ${sum(walls, /^theirs [A-Z]/)}`,
  );
  t.ok(sum(walls, / 503\b/) <= operations / 50, 'the store was there');
  for (const [what, least] of [
    [/^call 200/, operations / 50],
    [/code answered/, operations / 100],
    [/^their dialog 481/, operations / 50],
    [/^watch 200/, operations / 100],
    [/^document shown/, operations / 20],
    [/^their lamp 4/, operations / 200],
    [/^at their door 4/, operations / 100],
    [/^own 2xx/, operations / 10],
    [/^theirs [A-Z]/, operations / 10],
    [/^survived/, 2],
  ] as const) {
    t.ok(sum(walls, what) >= least, `${what.source} happened often enough`);
  }
});
