// What the media server costs a pickup: crossed and anchored pickups of one service, one at a time, in shuffled order.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeLane } from './lane.mjs';
import { latencyTable } from './report.mjs';
import { makeBook, noted } from './series.mjs';
import { shuffled } from './statistics.mjs';

/** How long a media server may take until the service uses it, in milliseconds. */
const patience = 20_000;

/** What the phones offer: the usual, which is crossed; or one law each, which no two phones have in common. */
const ways = { anchored: { caller: [8], picker: [0] }, crossed: {} };

const groundsOf = ({ freeswitch }) => ({
  'the embedded media server': {},
  ...(freeswitch && { [`FreeSWITCH at ${freeswitch.FREESWITCH_HOST}`]: freeswitch }),
});

const untilUp = async ({ program }) => {
  const isUp = async () => /^callpickup_media_server_up\{[^}]*\} 1$/m.test(await metricsOf(program));
  for (const until = Date.now() + patience; !(await isUp()); await pause(50)) {
    if (Date.now() > until) throw new Error('the service did not connect to its media server');
  }
};

const metricsOf = async ({ ready }) => (await fetch(`${ready.http}/metrics`)).text();

const measureOn = async (lane, options, random) => {
  const { turns, ring, warmup } = options;
  const books = Object.fromEntries(Object.keys(ways).map((way) => [way, Array.from({ length: turns }, makeBook)]));
  const one = (way, index) => lane.pickup({ ...lane.trios[index % lane.trios.length], payloads: ways[way] }, ring);
  for (let index = 0; index < warmup; index += 1) for (const way of Object.keys(ways)) await one(way, index);
  const count = Math.ceil(options['media-count'] / turns);
  for (let turn = 0; turn < turns; turn += 1) {
    const all = Object.keys(ways).flatMap((way) => Array(count).fill(way));
    for (const [index, way] of shuffled(all, random).entries()) await noted(books[way][turn], one(way, index));
  }
  return books;
};

/** For each media server the books of both ways. The service is started anew for each. */
export const measureMedia = async (options, random, folder) => {
  const grounds = {};
  for (const [ground, media] of Object.entries(groundsOf(options))) {
    const own = join(folder, `media-${Object.keys(grounds).length}`);
    mkdirSync(own);
    const lane = makeLane('callpickup', { folder: own, profile: options.profile, drachtio: options.server });
    try {
      await lane.up({ media });
      await untilUp(lane);
      grounds[ground] = await measureOn(lane, options, random);
    } finally {
      await lane.down();
    }
  }
  return grounds;
};

/** A table for each media server. */
export const mediaLines = (grounds, { 'media-count': count, ring }) =>
  Object.entries(grounds).flatMap(([ground, books]) =>
    latencyTable(`Through ${ground} beside crossed, one at a time, ${count} of each, ring ${ring} ms`, books),
  );
