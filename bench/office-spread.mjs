// How long a change of the office takes to be in force: from the write at one instance to its effect at another, each
// with connections of its own to one Redis. `node bench/office-spread.mjs` runs it alone; the tables of the bench use it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const dist = (file) => import(new URL(`../dist/${file}`, import.meta.url).href);

const silent = { info: () => {}, warn: () => {}, error: () => {}, child: () => silent };

/** A Redis of the bench's own. */
const startRedis = async (folder) => {
  const unixSocket = join(folder, 'spread.sock');
  const args = ['--port', '0', '--unixsocket', unixSocket, '--save', '', '--dir', folder];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    child.stdout.on('data', (data) => String(data).includes('eady to accept') && resolve());
  });
  return { unixSocket, stop: () => child.kill() };
};

const startInstance = async (unixSocket, file) => {
  const [{ connectRedis }, { makeSubscriptions }, { redisOfficeStore }, { keepOffices }, { documentReader }] =
    await Promise.all(
      [
        'adapters/redis/client.js',
        'adapters/redis/subscriptions.js',
        'adapters/redis/office-store.js',
        'flows/keep-offices.js',
        'adapters/office/document-reader.js',
      ].map(dist),
    );
  const redis = connectRedis({ unixSocket }, silent);
  await redis.connect();
  const subscriptions = makeSubscriptions(redis, silent);
  const store = redisOfficeStore(redis, silent, subscriptions);
  const offices = keepOffices({ store, reader: documentReader, file, log: silent });
  await offices.asked;
  return {
    offices,
    stop: () => {
      offices.stop();
      subscriptions.stop();
      redis.disconnect();
    },
  };
};

/** A company of so many extensions, in groups of two hundred. */
const companyOf = (count) => {
  const numbers = Array.from({ length: count }, (_, i) => String(1000 + i));
  const groups = Array.from({ length: Math.min(100, Math.ceil(count / 200)) }, (_, i) => [
    `group ${i}`,
    numbers.slice(i * 200, (i + 1) * 200),
  ]);
  return {
    default: true,
    extensions: Object.fromEntries(numbers.map((number) => [number, { name: `Person ${number}` }])),
    pickupGroups: Object.fromEntries(groups),
  };
};

/** Milliseconds of each change: until it was in force here, and at the other instance. */
const measure = async ([here, there], changes) => {
  const samples = { here: [], there: [] };
  for (let i = 0; i < changes; i += 1) {
    const name = `change ${i}`;
    const began = performance.now();
    const changed = await here.offices.change('acme', (document) => ({ ok: true, document: { ...document, name } }));
    if (!changed.ok) throw new Error(`not changed: ${changed.why}`);
    samples.here.push(performance.now() - began);
    while (there.offices.current.tenants.get('acme').name !== name) await new Promise(setImmediate);
    samples.there.push(performance.now() - began);
  }
  return samples;
};

const row = (label, samples) => {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1).padStart(8);
  return `${label.padEnd(52)}${at(0.5)}${at(0.99)}${at(1)}`;
};

/** The lines of the table: companies of several sizes, so many changes each. */
export const officeSpread = async ({ sizes = [10, 1_000, 10_000], changes = 50 } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'cpo-'));
  const redis = await startRedis(folder);
  const lines = [
    `${'a change of the office, milliseconds'.padEnd(52)}${['p50', 'p99', 'max'].map((name) => name.padStart(8)).join('')}`,
  ];
  try {
    for (const size of sizes) {
      const file = { tenants: { acme: companyOf(size) } };
      const instances = [await startInstance(redis.unixSocket, file), await startInstance(redis.unixSocket, file)];
      const samples = await measure(instances, size > 1_000 ? Math.ceil(changes / 5) : changes);
      lines.push(row(`${size} extensions: in force where it was made`, samples.here));
      lines.push(row(`${size} extensions: in force at another instance`, samples.there));
      for (const instance of instances) instance.stop();
    }
  } finally {
    redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return lines;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const line of await officeSpread()) console.log(line);
}
