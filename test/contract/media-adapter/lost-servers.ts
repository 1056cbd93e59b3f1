import type Srf from 'drachtio-srf';
import type { Test } from 'tap';
import type { Endpoint } from '../../../src/flows/media.js';
import { ownMediaServer } from '../../support/media-server.js';
import { call, placeOf, type Tried, trying, until } from './ground.js';
import { sipStack } from './sip-engine.js';
import { type Talker, talker } from './talker.js';

/** Endpoints until each server has one. */
const onEach = async (media: Tried, phone: Talker, servers: readonly string[]): Promise<Endpoint[]> => {
  const made: Endpoint[] = [];
  while (!servers.every((name) => made.some(({ server }) => server === name))) {
    const endpoint = await media.open({ offer: phone.offer(), call });
    if (endpoint) made.push(endpoint);
  }
  return made;
};

/** One of two stands still: nobody waits for it, and it is used again when it goes on. */
export const hangingServer = async (t: Test, srf: Srf): Promise<void> => {
  const [one, other] = await Promise.all([ownMediaServer(t), ownMediaServer(t)]);
  const media = trying(t, srf, [placeOf(one), placeOf(other)], 'hanging');
  const takes = (name: string) => media.seen(name)?.takesCalls === true;
  await until(() => [one, other].every(({ name }) => takes(name)), 'not both are up', 20_000);
  const phone = await talker(t, 440);
  const made = await onEach(media, phone, [one.name, other.name]);

  one.freezes();
  t.teardown(async () => one.thaws());
  // Whichever is chosen: who asked the one that hangs gets an endpoint on the other.
  const asked = await Promise.all(Array.from({ length: 4 }, () => media.open({ offer: phone.offer(), call: call })));
  t.same(
    [...new Set(asked.map((each) => each?.server))].filter((name) => name !== one.name),
    [other.name],
  );
  await until(() => !takes(one.name), 'a server that hangs is still used');
  t.same([...new Set([await media.open({ offer: phone.offer(), call })].map((each) => each?.server))], [other.name]);
  t.ok(
    media.said.some(({ message, server }) => /does not answer/.test(message) && server === one.name),
    'it is told by name',
  );
  one.thaws();
  await until(() => takes(one.name), 'it is not used again');
  t.ok(
    made.every(({ isGone }) => !isGone),
    'what it held is there still',
  );
  await media.stop();
  await until(() => made.every(({ isGone }) => isGone), 'endpoints are left');
  for (const server of [one, other]) await settlesAt(t, server.channels, 0);
};

const settlesAt = async (t: Test, read: () => Promise<number>, wanted: number): Promise<void> => {
  const end = Date.now() + 15_000;
  let found = await read();
  while (found !== wanted && Date.now() < end) {
    await new Promise((later) => setTimeout(later, 50));
    found = await read();
  }
  t.equal(found, wanted, 'no channel is left');
};

/** The SIP side is lost with endpoints open: their channels end by command, and all goes on when it is back. */
export const lostSip = async (t: Test): Promise<void> => {
  const [server, engine] = [await ownMediaServer(t), await sipStack(t)];
  const media = trying(t, engine, [placeOf(server)], 'lost-sip');
  await media.up();
  const phone = await talker(t, 440);
  const [one, other] = await Promise.all([1, 2].map(() => media.open({ offer: phone.offer(), call })));
  t.ok(other && (await one?.bridge(other)));
  engine.emit('error', new Error('the connection is lost'));
  await Promise.all([one, other].map((each) => each?.gone));
  await settlesAt(t, server.channels, 0);
  const again = await media.open({ offer: phone.offer(), call });
  t.ok(again, 'a new one is to be had');
  await again?.release();
};

const held = (): Record<string, number> => {
  const all = process.getActiveResourcesInfo();
  const kinds = ['TCPSocketWrap', 'TCPServerWrap', 'Timeout'];
  return Object.fromEntries(kinds.map((kind) => [kind, all.filter((each) => each === kind).length]));
};

/** Of which there is more than before; there may be less, of what the tests before have left. */
const grown = (before: Record<string, number>): string[] =>
  Object.entries(held()).flatMap(([kind, count]) => (count > (before[kind] ?? 0) ? [`${kind} ${count}`] : []));

/** What an adapter opened is closed when it stops: sockets, listeners, timers. */
export const stopLeavesNothing = async (t: Test, srf: Srf): Promise<void> => {
  const server = await ownMediaServer(t);
  const phone = await talker(t, 440);
  phone.rtp.hush();
  const before = held();
  const media = trying(t, srf, [placeOf(server), { ...placeOf(server), name: 'absent', port: 1 }], 'stopping');
  await media.up();
  const made = await Promise.all(Array.from({ length: 5 }, () => media.open({ offer: phone.offer(), call })));
  void made[0]?.play('ringback');
  t.equal(made.filter((each) => each?.isGone === false).length, 5);
  await media.stop();
  await until(() => grown(before).length === 0, 'more is left than was there before').catch(() => undefined);
  t.same(grown(before), []);
  t.equal(await server.channels(), 0);
};

/** A server whose event sockets do not reach us makes no endpoint, is left alone for a while, and keeps no channel. */
export const noWayBack = async (t: Test, srf: Srf): Promise<void> => {
  const server = await ownMediaServer(t);
  const media = trying(t, srf, [{ ...placeOf(server), advertise: { host: '127.0.0.1', port: 1 } }], 'no-way');
  await media.up();
  const phone = await talker(t, 440);
  t.equal(await media.open({ offer: phone.offer(), call }), undefined);
  t.equal(media.isUp, false);
  await settlesAt(t, server.channels, 0);
};
