// Receivers of webhooks, good and bad, in threads of their own: what they do is not the phones' time.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { freePort } from './programs.mjs';

/** How long the slow one takes, in milliseconds. */
export const slowness = 10_000;

const answering = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const ways = {
    prompt: (answer) => answer.writeHead(204).end(),
    slow: (answer) => setTimeout(() => answer.writeHead(204).end(), ${slowness}).unref(),
    failing: (answer) => answer.writeHead(500).end(),
  };
  const listening = Object.entries(ways).map(([name, way]) => new Promise((resolve) => {
    const server = createServer((request, answer) => request.resume().on('end', () => way(answer)));
    server.listen(0, '127.0.0.1', () => resolve([name, server.address().port]));
  }));
  Promise.all(listening).then((ports) => parentPort.postMessage(Object.fromEntries(ports)));
`;

/** Listens and never looks at who comes; once its queue is full, connections get no answer at all. */
const swallowing = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

const urlOf = (port) => `http://127.0.0.1:${port}/`;

/** Starts one of each; `urls` by their names, `none` is no webhook at all. */
export const openReceivers = async () => {
  const [good, bad] = [answering, swallowing].map((text) => new Worker(text, { eval: true }));
  const [[ports], [deaf]] = await Promise.all([once(good, 'message'), once(bad, 'message')]);
  const fillers = [0, 1].map(() => connect(deaf, '127.0.0.1').on('error', () => undefined));
  await Promise.all(fillers.map((each) => once(each, 'connect')));
  const alive = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, urlOf(port)]));
  return {
    urls: { none: undefined, ...alive, dead: urlOf(await freePort()), swallowing: urlOf(deaf) },
    close: async () => {
      for (const each of fillers) each.destroy();
      await Promise.all([good.terminate(), bad.terminate()]);
    },
  };
};
