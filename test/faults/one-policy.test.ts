import t from 'tap';
import type { Extension } from '../../src/domain/names.js';
import { numbers, randomCompany, withoutRules } from '../support/one-policy-companies.js';
import { compareExplanations, comparePickups } from '../support/one-policy-compare.js';
import { openCompany } from '../support/one-policy-open.js';
import { chanceOf, seed } from '../support/race-chance.js';
import { newReferee } from '../support/race-referee.js';
import { ground, service } from '../support/service.js';

/** How many companies: each has about 300 comparisons. */
const companies = Number(process.env.ONE_POLICY_COMPANIES ?? 10);

t.comment(`on ${ground}; SEED=${seed} ONE_POLICY_COMPANIES=${companies} compares the same again`);

/** Everything that is to be said by one path or another, so that the comparison is no empty one. */
const paths = [
  'the code with a number',
  'the bare code',
  'Replaces',
  'VoipNow PUT',
  'POST /v1/pickup',
  'POST /v1/pickup target',
  'POST /v1/pickup call',
  '/v1/explain',
];

t.test('no path decides differently from the policy', async (t) => {
  const office = Array.from({ length: companies }, (_, turn) => {
    const id = `c${turn}`;
    return { id, document: randomCompany(chanceOf(seed, turn), id), byRest: turn % 2 === 1 };
  });
  const tenants = office.map(({ id, document, byRest }) => [id, byRest ? withoutRules(document) : document]);
  const running = await service(t, {
    office: JSON.stringify({ sipAuth: 'none', tenants: Object.fromEntries(tenants) }),
  });
  const referee = newReferee({ isLenient: false });
  const counts = new Map<string, number>();
  const left: string[] = [];
  for (const [turn, each] of office.entries()) {
    const chance = chanceOf(seed, 1_000_000 + turn);
    const mismatches: string[] = [];
    const company = await openCompany(running, { ...each, chance, referee });
    const comparing = { service: running, company, chance, counts, mismatches };
    await compareExplanations(comparing);
    const [first, second] = [...numbers].sort(() => chance.between(-1, 1)) as unknown as [Extension, Extension];
    await comparePickups(comparing, first, false);
    await comparePickups(comparing, second, chance.happens(0.3));
    t.same(mismatches, [], `${each.id}, its rules ${each.byRest ? 'written by REST' : 'in the office file'}`);
    left.push(...(await company.close()));
    if (mismatches.length > 0) t.comment(JSON.stringify(each.document));
  }

  const { finals, unacknowledged, open } = referee.findings();
  t.same([...left, ...finals, ...unacknowledged, ...open], [], 'every call has ended at the phones');
  t.same(await running.leftovers(), [], 'the zero table');
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  t.comment(
    `${total} comparisons: ${[...counts]
      .sort()
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')}`,
  );
  t.ok(total >= 100 * companies, 'hundreds of comparisons');
  for (const path of paths) {
    const said = [...counts.keys()].filter((what) => what.startsWith(`${path}: `));
    t.ok(said.includes(`${path}: granted`), `${path} was granted`);
    t.ok(
      said.some((what) => !what.endsWith('granted')),
      `${path} was refused`,
    );
  }
});
