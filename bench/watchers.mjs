// What watchers cost: the same pickups at the same rate on twenty extensions, by turns with nobody watching them and with
// two hundred phones that do; and how long a change takes until it is shown.
import { setTimeout as pause } from 'node:timers/promises';
import { calls, isCalled } from './legs.mjs';
import { atRate, makeBook } from './series.mjs';
import { openSocket } from './socket.mjs';
import { compare, median, shuffled, summary } from './statistics.mjs';
import { watch } from './watcher.mjs';

/** Twenty busy extensions, ten watchers each. */
const [extensions, each] = [20, 10];

/** How long a phone rings before it is picked up, in milliseconds: longer than documents are gathered. */
const ring = 300;

/** The lamps of the extensions, and when each was last shown that its extension rings, and that it does no more. */
const openLamps = async (lane, book) => {
  const socket = await openSocket(lane.server);
  const shown = new Map();
  const lamps = [];
  for (const [index, { callee }] of lane.trios.slice(0, extensions).entries()) {
    for (let place = 0; place < each; place += 1) {
      const user = lane.trios[(index + place + 1) % lane.trios.length].picker;
      const sees = (states, at) => {
        const state = states.includes('early') ? 'early' : 'dark';
        const moments = shown.get(callee) ?? { early: [], dark: [] };
        shown.set(callee, moments);
        moments[state].push(at);
      };
      lamps.push(await watch({ socket, server: lane.server }, { user, number: callee }, { sees, wrong: book.missed }));
    }
  }
  return {
    /** The moments since the last question. */
    take: (callee) => {
      const moments = shown.get(callee) ?? { early: [], dark: [] };
      shown.delete(callee);
      return moments;
    },
    get notifies() {
      return lamps.reduce((sum, { notifies }) => sum + notifies, 0);
    },
    get lit() {
      return lamps.filter(({ isDark }) => !isDark).length;
    },
    close: async () => {
      for (const lamp of lamps) await lamp.ends();
      socket.close();
    },
  };
};

/** One call rings and is picked up; resolves with how long the lamps took to blink, and to go out. */
const watchedPickup = async ({ sockets, server, repeats }, { caller, callee, picker }, lamps) => {
  const phone = isCalled(sockets.callee, { number: callee, answers: false, repeats });
  const call = calls(sockets.caller, server, { user: caller, number: callee });
  let taken;
  try {
    call.counts(repeats);
    const [rangAt] = await Promise.all([phone.when('called'), call.when('rings')]);
    await pause(ring);
    taken = calls(sockets.picker, server, { user: picker, number: `*95${callee}` });
    taken.counts(repeats);
    await Promise.all([taken.when('answered'), call.when('answered'), phone.when('cancelled')]);
    await phone.when('acknowledged');
    await pause(ring);
    taken.hangsUp();
    await Promise.all([taken.when('ended'), call.when('ended')]);
    const { early, dark } = lamps?.take(callee) ?? { early: [], dark: [] };
    if (lamps && (early.length < each || dark.length < each)) {
      throw new Error(`${callee}: ${early.length} lamps blinked, ${dark.length} went out`);
    }
    return { early: early.map((at) => at - rangAt), dark: dark.map((at) => at - taken.sentAt) };
  } finally {
    for (const leg of [phone, call, taken]) leg?.done();
  }
};

const difference = (before, after) =>
  Object.fromEntries(Object.entries(after).map(([who, value]) => [who, value - (before[who] ?? 0)]));

const block = async (lane, { count, rate, isWatched }) => {
  const book = makeBook();
  const lamps = isWatched ? await openLamps(lane, book) : undefined;
  for (const { callee } of lane.trios) lamps?.take(callee);
  const [cpu, notifies] = [lane.cpu(), lamps?.notifies ?? 0];
  const samples = { early: [], dark: [] };
  await atRate({ count, rate, book, pool: lane.trios.slice(0, extensions) }, async (trio) => {
    const { early, dark } = await watchedPickup(lane, trio, lamps);
    samples.early.push(...early);
    samples.dark.push(...dark);
    return {};
  });
  await pause(ring);
  const used = difference(cpu, lane.cpu());
  const told = (lamps?.notifies ?? 0) - notifies;
  if (lamps && lamps.lit > 0) book.missed(new Error(`${lamps.lit} lamps are lit and nothing rings`));
  await lamps?.close();
  const perPickup = Object.fromEntries(Object.entries(used).map(([who, value]) => [who, value / count]));
  return { isWatched, cpu: perPickup, notifies: told, count, samples, failures: book.failures };
};

/** CPU of each process a pickup, with and without watchers, and what the watchers saw. */
export const measureWatchers = async (stage, options, random) => {
  const lane = stage.lanes.find(({ name }) => name === 'callpickup');
  await stage.ready(lane);
  const blocks = [];
  const count = Math.ceil(options['watched-count'] / options.turns);
  for (let turn = 0; turn < options.turns; turn += 1) {
    for (const isWatched of shuffled([true, false], random)) {
      blocks.push(await block(lane, { count, rate: options['watched-rate'], isWatched }));
    }
  }
  return blocks;
};

const processes = { program: 'callpickup', server: 'engine or drachtio-server', redis: 'redis' };

const cell = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : '–').padStart(10);

const cpuLine = ([process, words], { watched, alone }) => {
  const of = (blocks) => blocks.map(({ cpu }) => cpu[process] ?? Number.NaN);
  const [more, less] = [of(watched), of(alone)];
  const { middle, least, most } = compare(more.map((value, turn) => [[value], [less[turn]]]));
  const ratio = Number.isFinite(middle) ? `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})` : '–';
  return `${words.padEnd(36)}${cell(median(less))}${cell(median(more))}   ${ratio}`;
};

const momentsLine = (words, samples) => {
  const { p50, p95, p99, max } = summary(samples.map((micros) => micros / 1000));
  return `${words.padEnd(52)}${[p50, p95, p99, max].map((value) => cell(value, 1)).join('')}`;
};

/** The tables of it. */
export const watcherLines = (blocks, { 'watched-rate': rate }) => {
  const [watched, alone] = [true, false].map((wanted) => blocks.filter(({ isWatched }) => isWatched === wanted));
  const title = `${extensions * each} watchers on ${extensions} extensions, ${rate} pickups a second, ring ${ring} ms`;
  const all = (name) => watched.flatMap(({ samples }) => samples[name]);
  const [notifies, pickups] = ['notifies', 'count'].map((name) => watched.reduce((sum, each) => sum + each[name], 0));
  const failures = blocks.flatMap((each) => each.failures);
  return [
    '',
    title,
    '-'.repeat(title.length),
    `${'CPU milliseconds a pickup'.padEnd(36)}${'alone'.padStart(10)}${'watched'.padStart(10)}   ratio (turns)`,
    ...Object.entries(processes).map((row) => cpuLine(row, { watched, alone })),
    `${notifies} NOTIFYs for ${pickups} pickups: ${(notifies / pickups / each / 2).toFixed(2)} for each watcher and change (it rings; it was picked up)`,
    `${'milliseconds'.padEnd(52)}${['p50', 'p95', 'p99', 'max'].map((name) => name.padStart(10)).join('')}`,
    momentsLine('the INVITE at the phone to the lamp that blinks', all('early')),
    momentsLine("the picker's INVITE to the lamp that is out", all('dark')),
    `${failures.length} exchanges failed${failures.length > 0 ? `, the first: ${failures[0]}` : ''}`,
  ];
};
