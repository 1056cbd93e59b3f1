import t, { type Test } from 'tap';
import { documentReader } from '../../../src/adapters/office/document-reader.js';
import { connectRedis, type RedisClient, type RedisPlace } from '../../../src/adapters/redis/client.js';
import { redisOfficeStore } from '../../../src/adapters/redis/office-store.js';
import { makeSubscriptions } from '../../../src/adapters/redis/subscriptions.js';
import type { Extension, TenantId } from '../../../src/domain/names.js';
import type { OfficeDocument, TenantDocument } from '../../../src/domain/tenant-document.js';
import { type KeptOffices, keepOffices } from '../../../src/flows/keep-offices.js';
import type { OfficeStore } from '../../../src/flows/office-store.js';
import type { Log } from '../../../src/flows/ports.js';
import { startRedis } from '../../support/redis.js';

/** The companies of these tests. */
export const [acme, beta] = ['acme', 'beta'] as [TenantId, TenantId];

/** Two extensions of each. */
export const [bob, carol] = ['101', '102'] as [Extension, Extension];

/** An office file, with some of acme's section said otherwise. */
export const fileOf = (changes: Partial<TenantDocument> = {}, rest: Partial<OfficeDocument> = {}): OfficeDocument => ({
  sipAuth: 'none',
  ...rest,
  tenants: {
    acme: { default: true, domains: ['acme.example'], extensions: { 101: { name: 'Bob' }, 102: {} }, ...changes },
    ...rest.tenants,
  },
});

/** Lines of a log, to be looked at. */
export interface Lines {
  readonly log: Log;
  /** How often it was said. */
  count(event: string): number;
  readonly facts: (event: string) => object | undefined;
}

/** A log that is kept. */
export const lines = (): Lines => {
  const said: { facts: object; event: string }[] = [];
  const note = (facts: object, event: string) => void said.push({ facts, event });
  const log: Log = { info: note, warn: note, error: note, child: () => log };
  return {
    log,
    count: (event) => said.filter((line) => line.event === event).length,
    facts: (event) => said.find((line) => line.event === event)?.facts,
  };
};

/** Connects as an instance does, and leaves with the test. */
export const connection = async (t: Test, place: RedisPlace): Promise<RedisClient> => {
  const client = connectRedis(place, lines().log);
  t.teardown(() => client.disconnect());
  await client.connect().catch(() => undefined);
  return client;
};

/** A store of an instance's own. */
export interface OwnStore {
  readonly redis: RedisClient;
  readonly store: OfficeStore;
  readonly lines: Lines;
}

/** Opens a store over connections of its own. */
export const openStore = async (t: Test, place: RedisPlace): Promise<OwnStore> => {
  const redis = await connection(t, place);
  const own = lines();
  const subscriptions = makeSubscriptions(redis, own.log);
  t.teardown(() => subscriptions.stop());
  return { redis, store: redisOfficeStore(redis, own.log, subscriptions), lines: own };
};

/** One instance as far as offices go. */
export interface Instance extends OwnStore {
  readonly offices: KeptOffices;
}

/** Starts the offices of an instance; it stops with the test. */
export const instance = async (t: Test, place: RedisPlace, file: OfficeDocument = fileOf()): Promise<Instance> => {
  const own = await openStore(t, place);
  const offices = keepOffices({ store: own.store, reader: documentReader, file, log: own.lines.log });
  t.teardown(() => offices.stop());
  await offices.asked;
  return { ...own, offices };
};

/** Starts a Redis of its own. */
export const redisOf = async (t: Test, kind?: 'cluster') => {
  const server = await startRedis(kind);
  t.teardown(() => server.stop());
  return server;
};

const server = await redisOf(t);

/** Where the Redis of this run is. */
export const place: RedisPlace = { unixSocket: server.unixSocket };

/** A connection to look at it. */
export const redis = await connection(t, place);

/** Waits until something is so; the test fails by its own time limit if it never is. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Adds to a document without changing the rest. */
export const renamed =
  (name: string) =>
  (document: TenantDocument): { ok: true; document: TenantDocument } => ({ ok: true, document: { ...document, name } });
