// What a company's webhook costs its calls: the same pickups at the same rate, by turns in shuffled order without a webhook
// and with one whose receiver is prompt, slow, failing or dead. Every event of every call is to be posted.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeLane } from './lane.mjs';
import { openReceivers, slowness } from './receivers.mjs';
import { atRate, makeBook, noted } from './series.mjs';
import { compare, median, shuffled, summary } from './statistics.mjs';

/** How long a phone rings before it is picked up, in milliseconds. */
const ring = 100;

const events = ['waiting', 'ringing', 'picked-up', 'answered', 'ended'];

const metricsOf = async ({ ready }) => {
  const text = await (await fetch(`${ready.http}/metrics`)).text();
  const rows = text.matchAll(/^callpickup_webhook_posts_total\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...rows].map(([, outcome, count]) => [outcome, Number(count)]));
};

const difference = (before, after) =>
  Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));

const block = async (lane, { count, rate, kind }) => {
  const book = makeBook();
  const [cpu, posts] = [lane.cpu(), await metricsOf(lane.program)];
  await atRate({ count, rate, book, pool: lane.trios }, (trio) => lane.pickup(trio, ring));
  await pause(200); // What is posted after the last call belongs to it.
  const used = difference(cpu, lane.cpu());
  return {
    ...{ kind, count, cpu: used.program / count, samples: book.samples, failures: book.failures },
    posts: difference(posts, await metricsOf(lane.program)),
  };
};

/** Warm, with this webhook; the phones ask for no media server. */
const openLane = async (url, { options, folder }) => {
  mkdirSync(folder);
  const lane = makeLane('callpickup', { folder, profile: options.profile, drachtio: options.server });
  const webhook = url && { url, secret: 'of the bench, no secret', events };
  await lane.up({ media: { MEDIA: 'never' }, webhook });
  for (let index = 0; index < options.warmup; index += 1) {
    await noted(makeBook(), lane.pickup(lane.trios[index % lane.trios.length], 5));
  }
  return lane;
};

const measureOn = async (lanes, options, random) => {
  const blocks = [];
  const count = Math.ceil(options['webhook-count'] / options.turns);
  for (let turn = 0; turn < options.turns; turn += 1) {
    for (const [kind, lane] of shuffled([...lanes], random)) {
      blocks.push({ turn, ...(await block(lane, { count, rate: options['webhook-rate'], kind })) });
    }
  }
  return blocks;
};

/**
 * A block for each kind of receiver in each turn. Each kind has a service of its own: what a bad receiver leaves behind is
 * tried by that service again and again, and by no other.
 */
export const measureWebhooks = async (options, random, folder) => {
  if (options.server) throw new Error('webhook: each kind needs an engine of its own; leave DRACHTIO_HOST away');
  const receivers = await openReceivers();
  const lanes = new Map();
  try {
    for (const [kind, url] of Object.entries(receivers.urls)) {
      lanes.set(kind, await openLane(url, { options, folder: join(folder, `webhook-${kind}`) }));
    }
    return await measureOn(lanes, options, random);
  } finally {
    for (const lane of lanes.values()) await lane.down();
    await receivers.close();
  }
};

const words = {
  none: 'no webhook',
  prompt: 'answers 204 at once',
  slow: `answers after ${slowness / 1000} s`,
  failing: 'answers 500',
  dead: 'refuses connections',
  swallowing: 'swallows SYNs',
};

const cell = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '–').padStart(9);

const ratioOf = (mine, without, read) => {
  const parts = mine.map((each, turn) => [[read(each)].flat(), [read(without[turn])].flat()]);
  const { middle, least, most } = compare(parts);
  return `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`.padStart(18);
};

const rowOf = (blocks, kind) => {
  const inTurn = (wanted) => blocks.filter((each) => each.kind === wanted).sort((a, b) => a.turn - b.turn);
  const [mine, without] = [inTurn(kind), inTurn('none')];
  const all = (name) => summary(mine.flatMap(({ samples }) => samples[name] ?? []));
  const figures = [all('PL1').p50, all('PL1').p99, all('PL2').p50, all('PL2').p99].map((value) => cell(value));
  const read = (name) => (each) => each.samples[name] ?? [];
  const ratios = [ratioOf(mine, without, read('PL1')), ratioOf(mine, without, read('PL2'))];
  const cpu = [cell(median(mine.map((each) => each.cpu)), 2), ratioOf(mine, without, (each) => each.cpu)];
  return [words[kind].padEnd(22), ...figures, ...ratios, ...cpu].join('');
};

const postsLine = (blocks, kind) => {
  const sum = (outcome) =>
    blocks.filter((each) => each.kind === kind).reduce((total, { posts }) => total + (posts[outcome] ?? 0), 0);
  const outcomes = ['delivered', 'retried', 'lost', 'dropped'].map((outcome) => `${sum(outcome)} ${outcome}`);
  return `  ${words[kind]}: ${outcomes.join(', ')}`;
};

/** The table of it. */
export const webhookLines = (blocks, { 'webhook-rate': rate }) => {
  const kinds = Object.keys(words);
  const title = `Webhooks: ${rate} pickups a second, all events posted, ring ${ring} ms; microseconds`;
  const heads = ['PL1 p50', 'p99', 'PL2 p50', 'p99'].map((head) => head.padStart(9)).join('');
  const ratios = ['PL1 to none', 'PL2 to none'].map((head) => head.padStart(18)).join('');
  const failures = blocks.flatMap((each) => each.failures);
  return [
    '',
    title,
    '-'.repeat(title.length),
    `${''.padEnd(22)}${heads}${ratios}${'CPU ms'.padStart(9)}${'to none'.padStart(18)}`,
    ...kinds.map((kind) => rowOf(blocks, kind)),
    'events while it was measured:',
    ...kinds.slice(1).map((kind) => postsLine(blocks, kind)),
    `${failures.length} exchanges failed${failures.length > 0 ? `, the first: ${failures[0]}` : ''}`,
  ];
};
