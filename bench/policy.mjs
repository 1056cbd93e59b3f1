// What one question of the policy costs, with 100 groups of 200 numbers in every model at once.
import { decide, reachOf } from '../dist/domain/policy.js';
import { acts } from '../dist/domain/rules/rule.js';
import { standingOf } from '../dist/domain/standing.js';
import { tenantOf } from '../dist/domain/tenant.js';
import { median, percentile, randomFrom } from './statistics.mjs';

const [groupCount, size] = [100, 200];

/** How the groups lie over the company's extensions. */
const shapes = {
  'apart, 20,000 extensions': (group, place) => group * size + place,
  'scattered over 2,000': (_group, _place, random) => Math.floor(random() * 2000),
  'all over the same 200': (_group, place) => place,
};

const numberAt = (index) => String(100_000 + index);

const rostersOf = (place, random) =>
  Array.from({ length: groupCount }, (_, group) => [
    ...new Set(Array.from({ length: size }, (_unused, index) => numberAt(place(group, index, random)))),
  ]);

/** Every model has these groups; rights are on in every second group, so that a search for one may go far. */
const documentOf = (rosters) => {
  const names = rosters.map((_, index) => `group-${index}`);
  const everybody = [...new Set(rosters.flat())];
  const lists = ['eavesdrop', 'whisper', 'barge'].flatMap((act) =>
    everybody.slice(0, 200).map((extension) => [`${act}_${extension}`, names.filter((_, index) => index % 3 === 0)]),
  );
  return {
    extensions: Object.fromEntries(everybody.map((extension, index) => [extension, { user: `user${index >> 1}` }])),
    pickupGroups: Object.fromEntries(rosters.map((members, index) => [names[index], members])),
    callControl: {
      pickup_all: false,
      groups: Object.fromEntries(rosters.map((members, index) => [names[index], members])),
      pickup_share_groups: names.slice(0, 50),
      phone_replace_groups: names.slice(50),
      ...Object.fromEntries(lists),
    },
    groups: Object.fromEntries(
      rosters.map((members, index) => [
        index.toString(16).padStart(24, '0'),
        {
          name: names[index],
          members,
          controllers: members,
          pickup: index % 2 === 1,
          steal: index % 2 === 1,
          spy: true,
        },
      ]),
    ),
  };
};

const make = (document) => tenantOf({ id: 'bench', version: 1, document, personal: {}, installation: {} });

/** Milliseconds that something takes: the median of several times. */
const medianTime = (work) =>
  median(
    Array.from({ length: 9 }, () => {
      const began = performance.now();
      work();
      return performance.now() - began;
    }),
  );

const questionsOf = (tenant, count, random) => {
  const all = [...tenant.extensions.keys()];
  const any = (list) => list[Math.floor(random() * list.length)];
  return Array.from({ length: count }, () => ({
    tenant,
    picker: any(all),
    act: random() < 0.5 ? 'pickup' : any(acts),
    target: { kind: 'extension', number: any(all) },
    by: random() < 0.5 ? 'number' : 'group',
  }));
};

/** A clock's reading costs as much as a question, so this many are asked between two readings. */
const batch = 16;

const timed = (questions, answer) => {
  const samples = [];
  let yes = 0;
  for (let first = 0; first + batch <= questions.length; first += batch) {
    const began = process.hrtime.bigint();
    for (let index = first; index < first + batch; index += 1) if (answer(questions[index]).ok) yes += 1;
    samples.push(Number(process.hrtime.bigint() - began) / batch);
  }
  return { yes: yes / questions.length, p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
};

const reach = ({ tenant, picker }) => reachOf(tenant, picker, { by: 'group' });

/** Nanoseconds a question and milliseconds a company, for each shape. */
export const measurePolicy = ({ questions: count, seed }) =>
  Object.entries(shapes).map(([shape, place]) => {
    const random = randomFrom(seed);
    const document = documentOf(rostersOf(place, random));
    const tenant = make(document);
    const questions = questionsOf(tenant, count, random);
    timed(questions, decide);
    const reaches = questions.slice(0, Math.max(batch, Math.floor(count / 100)));
    return {
      shape,
      decide: timed(questions, decide),
      reach: timed(reaches, reach),
      standing: medianTime(() => standingOf(tenant)),
      company: medianTime(() => make(document)),
    };
  });

const columns = {
  'decide p50 ns': (row) => row.decide.p50.toFixed(0),
  'p99 ns': (row) => row.decide.p99.toFixed(0),
  'granted %': (row) => (row.decide.yes * 100).toFixed(0),
  'reach p50 µs': (row) => (row.reach.p50 / 1000).toFixed(1),
  'p99 µs': (row) => (row.reach.p99 / 1000).toFixed(1),
  'standing ms': (row) => row.standing.toFixed(1),
  'company ms': (row) => row.company.toFixed(1),
};

/** The table that the bench prints; a company is its document read anew, its standing made. */
export const policyTable = (rows) => {
  const title = `The policy: ${groupCount} groups of ${size} in every model, ${batch} questions a sample`;
  const line = (first, cells) => first.padEnd(26) + cells.map((cell) => cell.padStart(14)).join('');
  return [
    '',
    title,
    '-'.repeat(title.length),
    line('', Object.keys(columns)),
    ...rows.map((row) =>
      line(
        row.shape,
        Object.values(columns).map((text) => text(row)),
      ),
    ),
  ];
};
