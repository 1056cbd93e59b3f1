// The tables that the bench prints.
import { compare, median, summary } from './statistics.mjs';

/** The rows of a latency table, in the order of a pickup. */
const figures = {
  PL1: "picker's INVITE to its 200 (PL1)",
  PL2: "picker's INVITE to the caller's 200 (PL2)",
  PL3: "picker's INVITE to the CANCEL at the phone (PL3)",
  call: "caller's INVITE to its 200, callee answers at once",
};

const columns = ['p50', 'p95', 'p99', 'max'];

const cell = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '–').padStart(8);

const ratioText = ({ middle, least, most }) => `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;

const heading = (title) => ['', title, '-'.repeat(title.length)];

/** Microseconds of two programs (or of two ways) side by side, and the ratio of the medians with its spread over the turns. */
export const latencyTable = (title, books) => {
  const [[name, ours], [otherName, other]] = Object.entries(books);
  const names = columns.map((column) => column.padStart(8)).join('');
  const lines = [
    ...heading(`${title}: microseconds`),
    `${''.padEnd(52)}${name.padStart(32)}  ${otherName.padStart(32)}`,
    `${''.padEnd(52)}${names}  ${names}   ratio of p50 (turns)`,
  ];
  for (const [figure, words] of Object.entries(figures)) {
    if (!ours.some(({ samples }) => samples[figure])) continue;
    const [mine, floor] = [ours, other].map((turns) => summary(turns.flatMap(({ samples }) => samples[figure] ?? [])));
    const turns = ours.map(({ samples }, turn) => [samples[figure] ?? [], other[turn].samples[figure] ?? []]);
    const cells = [mine, floor].map((row) => columns.map((column) => cell(row[column])).join('')).join('  ');
    lines.push(`${words.padEnd(52)}${cells}   ${ratioText(compare(turns))}`);
  }
  return [...lines, ...failureLines(books)];
};

const failureLines = (books) =>
  Object.entries(books).map(([name, turns]) => {
    const failures = turns.flatMap((turn) => turn.failures);
    const first = failures.length > 0 ? `, the first: ${failures[0]}` : '';
    const count = turns.reduce((sum, { samples }) => sum + (samples.PL1?.length ?? 0), 0);
    return `${name}: ${count} pickups, ${failures.length} exchanges failed${first}`;
  });

const processes = { program: 'program', server: 'engine or drachtio-server', redis: 'redis' };

const blocksOf = (blocks, kind) => blocks.filter((block) => block.kind === kind);

const cpuRow = (blocks, kind, process) => {
  const mine = blocksOf(blocks.callpickup, kind).map(({ cpu }) => cpu[process] ?? Number.NaN);
  const floor = blocksOf(blocks.bare, kind).map(({ cpu }) => cpu[process] ?? Number.NaN);
  const ratio = compare(mine.map((value, turn) => [[value], [floor[turn]]]));
  const ratioCell = Number.isFinite(ratio.middle) ? ratioText(ratio) : '–';
  return `${cell(median(mine), 2)}  ${cell(median(floor), 2)}   ${ratioCell}`;
};

/** CPU milliseconds of each process. */
export const cpuTable = (blocks) => {
  const lines = [...heading('CPU milliseconds'), `${''.padEnd(42)}callpickup    bare   ratio (turns)`];
  for (const kind of ['pickup', 'call']) {
    for (const [process, words] of Object.entries(processes)) {
      lines.push(`${`a ${kind}: ${words}`.padEnd(44)}${cpuRow(blocks, kind, process)}`);
    }
  }
  const failures = Object.values(blocks).flatMap((each) => each.flatMap((block) => block.failures));
  return [...lines, `${failures.length} exchanges failed${failures.length > 0 ? `, the first: ${failures[0]}` : ''}`];
};

/** The commands of Redis for one pickup and one call, from first INVITE to the end. */
export const commandLines = (blocks) =>
  ['pickup', 'call'].map((kind) => {
    const mine = blocksOf(blocks.callpickup, kind);
    const names = [...new Set(mine.flatMap(({ commands }) => Object.keys(commands)))];
    const means = names.map((name) => [name, median(mine.map(({ commands }) => commands[name] ?? 0))]);
    const texts = means
      .filter(([name, mean]) => name !== 'info' && mean >= 0.05)
      .map(([name, mean]) => `${name} ${mean.toFixed(1)}`);
    return `Redis commands a ${kind}, from the first INVITE to the last BYE: ${texts.sort().join(', ')}`;
  });

/** How many answers of Redis each figure waits for. */
export const tripLines = ({ heldBack, books }) => {
  const lines = [...heading(`Round trips to Redis that are waited for (answers held back ${heldBack} ms)`)];
  for (const [figure, words] of Object.entries(figures)) {
    const [fast, slow] = [books[0], books[heldBack]].map(({ samples }) => median(samples[figure] ?? []));
    lines.push(`${words.padEnd(52)}${cell((slow - fast) / 1000 / heldBack, 2)}`);
  }
  const failures = Object.values(books).flatMap((book) => book.failures);
  return [...lines, `${failures.length} exchanges failed${failures.length > 0 ? `, the first: ${failures[0]}` : ''}`];
};
