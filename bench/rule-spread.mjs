// How long a rule that is changed by REST at one instance takes until another instance acts by it: PUT of a call control
// document at the one, `explain` asked again and again at the other until it says so.
import { spawnSync } from 'node:child_process';
import { freePort, startEngine, startRedis, startService } from './programs.mjs';
import { percentile } from './statistics.mjs';

const groups = Object.fromEntries(
  Array.from({ length: 100 }, (_, group) => [
    `group ${group}`,
    Array.from({ length: 200 }, (_unused, place) => String(2000 + group * 200 + place)),
  ]),
);

const documents = {
  small: (pickupAll) => ({ pickup_all: pickupAll, groups: { sales: ['100', '101'] } }),
  'of 100 groups of 200': (pickupAll) => ({ pickup_all: pickupAll, groups }),
};

const asker = (token) => async (http, line, body) => {
  const [method, path] = line.split(' ');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${http}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${line}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

const issueToken = (redisUrl) => {
  const args = ['dist/token.js', 'create', '--tenant', 'acme', '--role', 'OWNER'];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    env: { PATH: process.env.PATH, REDIS_URL: redisUrl },
    encoding: 'utf8',
  });
  if (!stdout.startsWith('cp_')) throw new Error(stderr);
  return stdout.trim();
};

const measureOne = async ({ ask, here, there, documentOf, changes }) => {
  const samples = { answered: [], effective: [] };
  for (let i = 0; i < changes; i += 1) {
    const allowed = i % 2 === 1;
    const began = performance.now();
    await ask(here, 'PUT /client/acme/call_control_group/', documentOf(allowed));
    samples.answered.push(performance.now() - began);
    for (let known = !allowed; known !== allowed; ) {
      const question = { picker: '103', act: 'pickup', target: '101' };
      known = (await ask(there, 'POST /v1/explain', question)).allowed;
    }
    samples.effective.push(performance.now() - began);
  }
  return samples;
};

const numbers = Array.from({ length: 10 }, (_, i) => String(100 + i));

const startInstance = async (folder, instance, redisUrl) => {
  const engine = await startEngine({ folder, name: `${instance}-engine` });
  const service = await startService({ folder, name: instance, instance, place: engine.place, numbers, redisUrl });
  return {
    http: service.ready.http,
    stop: async () => {
      await service.stop();
      await engine.stop();
    },
  };
};

/** Two services over one Redis; so many changes of each document. */
export const measureRuleSpread = async ({ changes }, folder) => {
  const port = await freePort();
  const redis = await startRedis({ folder, port });
  const redisUrl = `redis://127.0.0.1:${port}`;
  const services = [];
  try {
    for (const name of ['spread-a', 'spread-b']) services.push(await startInstance(folder, name, redisUrl));
    const [here, there] = services.map(({ http }) => http);
    const ask = asker(issueToken(redisUrl));
    const results = {};
    for (const [name, documentOf] of Object.entries(documents)) {
      results[name] = await measureOne({ ask, here, there, documentOf, changes });
    }
    return results;
  } finally {
    for (const { stop } of services) await stop();
    await redis.stop();
  }
};

/** The table of it, in milliseconds. */
export const ruleSpreadLines = (results) => {
  const cell = (text) => String(text).padStart(9);
  const head = `${'a rule changed by REST, milliseconds'.padEnd(60)}${['p50', 'p99', 'max'].map(cell).join('')}`;
  const row = (label, samples) =>
    `${label.padEnd(60)}${[0.5, 0.99, 1].map((share) => cell(percentile(samples, share).toFixed(1))).join('')}`;
  return [
    '',
    head,
    ...Object.entries(results).flatMap(([name, { answered, effective }]) => [
      row(`document ${name}: until the PUT was answered`, answered),
      row(`document ${name}: until another instance acts by it`, effective),
    ]),
  ];
};
