// The whole bench: what is asked for, one after the other, and its tables.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureCpu, measureLatency, measureLoad, measureTrips } from './measure.mjs';
import { measureMedia, mediaLines } from './media.mjs';
import { officeSpread } from './office-spread.mjs';
import { measurePolicy, policyTable } from './policy.mjs';
import { load, lostDatagrams, machine } from './proc.mjs';
import { commandLines, cpuTable, latencyTable, tripLines } from './report.mjs';
import { measureRuleSpread, ruleSpreadLines } from './rule-spread.mjs';
import { makeStage } from './stage.mjs';
import { randomFrom } from './statistics.mjs';
import { measureWatchers, watcherLines } from './watchers.mjs';
import { measureWebhooks, webhookLines } from './webhooks.mjs';

const say = (lines) => console.log([lines].flat().join('\n'));

const groundOf = ({ server }, isShared) => {
  if (!server) return 'each program on an embedded engine of its own, both up';
  const place = `drachtio-server at ${server.host}:${server.port}`;
  return isShared ? `${place}, the programs by turns, each started anew` : `${place} and ${server.second}, both up`;
};

const titleOf = {
  latency: ({ count, ring }) => `One at a time, ${count} of each, order shuffled, ring ${ring} ms`,
  load: ({ 'load-rate': rate, background }) =>
    `${rate} pickups a second beside ${background} calls a second, ring 300 ms`,
};

const measures = {
  latency: async ({ stage, options, random }) => {
    const books = await measureLatency(stage, options, random);
    say(latencyTable(titleOf.latency(options), books));
    return books;
  },
  cpu: async ({ stage, options, random }) => {
    const blocks = await measureCpu(stage, options, random);
    say([...cpuTable(blocks), ...commandLines(blocks)]);
    return blocks;
  },
  load: async ({ stage, options, random }) => {
    const books = await measureLoad(stage, options, random);
    say(latencyTable(titleOf.load(options), books));
    return books;
  },
  watchers: async ({ stage, options, random }) => {
    const blocks = await measureWatchers(stage, options, random);
    say(watcherLines(blocks, options));
    return blocks;
  },
  webhook: async ({ stage, options, random, folder }) => {
    await stage.close();
    const blocks = await measureWebhooks(options, random, folder);
    say(webhookLines(blocks, options));
    return blocks;
  },
  media: async ({ stage, options, random, folder }) => {
    await stage.close();
    const grounds = await measureMedia(options, random, folder);
    say(mediaLines(grounds, options));
    return grounds;
  },
  trips: async ({ stage, options, folder }) => {
    await stage.close();
    const trips = await measureTrips(options, folder);
    say(tripLines(trips));
    return trips;
  },
  policy: async ({ options }) => {
    const rows = measurePolicy(options);
    say(policyTable(rows));
    return rows;
  },
  rules: async ({ stage, options, folder }) => {
    await stage.close();
    const [byRest, byChange] = [await measureRuleSpread(options, folder), await officeSpread(options)];
    say([...ruleSpreadLines(byRest), '', ...byChange]);
    return byRest;
  },
};

const failuresIn = (results) => {
  if (Array.isArray(results)) return results.reduce((sum, each) => sum + failuresIn(each), 0);
  if (results === null || typeof results !== 'object') return 0;
  const { failures, ...rest } = results;
  return (Array.isArray(failures) ? failures.length : 0) + failuresIn(Object.values(rest));
};

/** Measures and prints; resolves with the number of exchanges that failed. Times never make it fail. */
export const run = async (options) => {
  const folder = mkdtempSync(join(tmpdir(), 'cpb-'));
  const stage = makeStage(options, folder);
  const [lost, random] = [lostDatagrams(), randomFrom(options.seed)];
  const results = {
    machine: machine(),
    ground: groundOf(options, stage.isShared),
    options: { ...options, server: undefined, freeswitch: undefined, parts: [...options.parts] },
  };
  say([
    `${results.machine}; ${results.ground}`,
    `${options.warmup} pickups and calls to warm up, seed ${options.seed}`,
  ]);
  try {
    for (const [part, measure] of Object.entries(measures)) {
      if (options.parts.has(part)) results[part] = await measure({ stage, options, random, folder });
    }
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const twice = stage.lanes.map(({ name, repeated }) => `${name} ${repeated}`).join(', ');
  say([
    '',
    `messages that came twice: ${twice}; datagrams lost on this machine, anybody's: ${lostDatagrams() - lost}; load at the end ${load()}`,
  ]);
  if (options.json) writeFileSync(options.json, JSON.stringify({ ...results, loadAtEnd: load() }));
  return failuresIn(results);
};
