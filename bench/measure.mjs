// The four measurements. Each gives, for each lane, one book of samples for each turn.
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { makeLane } from './lane.mjs';
import { startRedis } from './programs.mjs';
import { atRate, makeBook, noted } from './series.mjs';
import { openSlowLink } from './slow-link.mjs';
import { shuffled } from './statistics.mjs';

const parts = (count, turns) =>
  Array.from(
    { length: turns },
    (_, turn) => Math.floor(((turn + 1) * count) / turns) - Math.floor((turn * count) / turns),
  );

const newBooks = (stage, turns) =>
  Object.fromEntries(stage.lanes.map(({ name }) => [name, Array.from({ length: turns }, makeBook)]));

const oneOf = (lane, kind, { options, index }) => {
  if (kind === 'pickup') return lane.pickup(lane.trios[index % lane.trios.length], options.ring);
  return lane.call(lane.pairs[index % lane.pairs.length], 0);
};

/** Pickups and calls one at a time, the kinds and (where they may be up together) the programs shuffled. */
export const measureLatency = async (stage, options, random) => {
  const books = newBooks(stage, options.turns);
  for (const [turn, count] of parts(options.count, options.turns).entries()) {
    const groups = stage.isShared ? shuffled(stage.lanes, random).map((lane) => [lane]) : [stage.lanes];
    for (const lanes of groups) {
      for (const lane of lanes) await stage.ready(lane);
      const all = lanes.flatMap((lane) => ['pickup', 'call'].flatMap((kind) => Array(count).fill([lane, kind])));
      for (const [index, [lane, kind]] of shuffled(all, random).entries()) {
        await noted(books[lane.name][turn], oneOf(lane, kind, { options, index }));
      }
    }
  }
  return books;
};

const difference = (before, after) =>
  Object.fromEntries(Object.entries(after).map(([who, value]) => [who, value - (before[who] ?? 0)]));

/** How often Redis has run each command; those that a script runs count too. */
const commandsOf = async (redis) => {
  const text = (await redis?.info('commandstats')) ?? '';
  const rows = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
  return Object.fromEntries(rows.map(([, command, calls]) => [command, Number(calls)]));
};

const cpuOfBlock = async (lane, kind, { options, count }) => {
  const book = makeBook();
  const redis = lane.redis && new Redis(lane.program.redisSocket);
  const [cpu, commands] = [lane.cpu(), await commandsOf(redis)];
  const load = { count, rate: options['cpu-rate'], book };
  if (kind === 'pickup') await atRate({ ...load, pool: lane.trios }, (trio) => lane.pickup(trio, 100));
  else await atRate({ ...load, pool: lane.pairs }, (pair) => lane.call(pair, 100));
  await pause(200); // What the service does beside the phones, such as the end of the last call in Redis, belongs to it.
  const used = difference(cpu, lane.cpu());
  const asked = difference(commands, await commandsOf(redis));
  redis?.disconnect();
  const each = (all) => Object.fromEntries(Object.entries(all).map(([name, value]) => [name, value / count]));
  return { kind, cpu: each(used), commands: each(asked), failures: book.failures };
};

/** CPU milliseconds of each process, and Redis commands, per pickup and per call: nothing else runs in a block. */
export const measureCpu = async (stage, options, random) => {
  const blocks = Object.fromEntries(stage.lanes.map(({ name }) => [name, []]));
  for (const count of parts(options['cpu-count'], options.turns)) {
    for (const lane of shuffled(stage.lanes, random)) {
      await stage.ready(lane);
      for (const kind of shuffled(['pickup', 'call'], random)) {
        blocks[lane.name].push(await cpuOfBlock(lane, kind, { options, count }));
      }
    }
  }
  return blocks;
};

/** Pickups at a rate beside ordinary calls at another. */
export const measureLoad = async (stage, options, random) => {
  const books = newBooks(stage, options.turns);
  for (const [turn, count] of parts(options['load-count'], options.turns).entries()) {
    for (const lane of shuffled(stage.lanes, random)) {
      await stage.ready(lane);
      const book = books[lane.name][turn];
      const beside = { count: Number.POSITIVE_INFINITY, rate: options.background, pool: lane.pairs, book };
      let isOver = false;
      const calls = atRate({ ...beside, isOver: () => isOver }, (pair) => lane.call(pair, 200));
      const rate = options['load-rate'];
      await atRate({ count, rate, pool: lane.trios, book }, (trio) => lane.pickup(trio, 300));
      isOver = true;
      await calls;
    }
  }
  return books;
};

/** What one answer of Redis is held back, in milliseconds. */
const heldBack = 20;

/**
 * How many answers of Redis a phone waits for, one after the other: the service behind a Redis that takes 20 ms longer
 * to answer, and what that does to each figure. Needs the server for itself.
 */
export const measureTrips = async (options, folder) => {
  const redis = await startRedis({ folder });
  const link = await openSlowLink(redis.socket);
  const lane = makeLane('callpickup', { folder, drachtio: options.server && { ...options.server } });
  const books = { 0: makeBook(), [heldBack]: makeBook() };
  try {
    await lane.up({ redisUrl: link.url });
    for (const [delay, book] of [...Object.entries(books), ...Object.entries(books)]) {
      link.delay = Number(delay);
      for (let index = 0; index < options.trips / 2; index += 1) {
        await noted(book, lane.pickup(lane.trios[index % lane.trios.length], 100));
        await noted(book, lane.call(lane.pairs[index % lane.pairs.length], 0));
      }
    }
  } finally {
    await lane.down();
    link.close();
    await redis.stop();
  }
  return { heldBack, books };
};
